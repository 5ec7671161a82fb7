"""``tf.data.Dataset``: what each element is like, how many there are, and which batch sizes occur.

A dataset keeps in its fields: ``~element`` (a nested structure of tensors), ``~count`` (elements, None where not known),
``~batch`` (the variable that stands for a batch size that Keras does not know), ``~sizes`` (the sizes that it takes) and
``~samples`` (how many samples all batches hold together).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foreshape.domain.contents import Contents, Run
from foreshape.domain.dim import DimLike, as_var, ceildiv, dmin, floordiv
from foreshape.domain.values import (
    Array,
    Const,
    DictValue,
    Instance,
    LibraryRef,
    Sequence,
    Unknown,
    Value,
    as_bool,
    as_dim,
    as_int,
    int_value,
    is_none,
)
from foreshape.semantics.keras.structure import as_tuple, children, flatten, is_nested, mapped
from foreshape.semantics.registry import attribute, constant, library_type, rule
from foreshape.semantics.tensorflow.convert import as_tensor
from foreshape.semantics.tensorflow.support import dtype_of, failed, given, shape_argument, tensor

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

DATASET = library_type("tensorflow.data.Dataset")


@constant("tensorflow.data.AUTOTUNE", "tensorflow.data.experimental.AUTOTUNE")
def autotune(cx: Context) -> Value:
    """A number that means "choose yourself"."""
    return Const(-1)


def dataset(element: Value | None, **fields: Any) -> Instance:
    """A dataset of such elements."""
    held: dict[Any, Any] = {"~element": element, "~count": None, "~sizes": (), "~batch": None, "~samples": None}
    held.update(fields)
    return Instance(LibraryRef(DATASET), held)


def _element(self: Instance) -> Value | None:
    found: Value | None = self.fields.get("~element")
    return found


def _changed(self: Instance, **fields: Any) -> Instance:
    held: dict[Any, Any] = dict(self.fields)
    held.update(fields)
    return Instance(self.cls, held)


def _slices(cx: Context, value: Value, counts: list[tuple[DimLike, Array]]) -> Value | None:
    """The structure with the first axis of every array taken off. Lists of numbers are arrays here."""
    if isinstance(value, Sequence) and value.kind == "tuple":
        items = value.contents.items(limit=64)
        if items is None:
            return None
        parts = [_slices(cx, item, counts) for item in items]
        if any(part is None for part in parts):
            return None
        return as_tuple([part for part in parts if part is not None])
    if isinstance(value, DictValue):
        made = {key: _slices(cx, entry, counts) for key, entry in value.entries.items()}
        if value.rest is not None or any(part is None for part in made.values()):
            return None
        return DictValue({key: part for key, part in made.items() if part is not None})
    if isinstance(value, Instance) and (value.library_type or "").startswith("pandas.DataFrame"):
        found = cx.call_method(value, "to_numpy", ())
        value = found if isinstance(found, Array) else value
    x = as_tensor(cx, value)
    if x is None or not x.shape:
        return None
    counts.append((x.shape[0], x))
    roles = None if x.roles is None else x.roles[1:]
    made_one = tensor(x.shape[1:], x.dtype, x, lo=x.lo, hi=x.hi, roles=roles)
    if x.data is not None and len(x.shape) == 1:
        known = [item for item in x.data if isinstance(item, (int, float))]
        if known and len(known) == len(x.data):
            made_one = tensor((), x.dtype, x, lo=min(known), hi=max(known))
    made_one.origin = x.origin
    return made_one


@rule("tensorflow.data.Dataset.from_tensor_slices", doc="https://www.tensorflow.org/api_docs/python/tf/data/Dataset")
def from_tensor_slices(cx: Context, tensors: Value, name: Value | None = None) -> Value:
    """One element per row; all arrays have the same number of rows."""
    counts: list[tuple[DimLike, Array]] = []
    element = _slices(cx, tensors, counts)
    if element is None or not counts:
        return dataset(None)
    first = counts[0][0]
    for size, _ in counts[1:]:
        if not cx.equal(first, size):
            from foreshape.faults.cardinality import Cardinality

            message = f"Dimensions {first} and {size} are not compatible"
            sizes = tuple((f"component {number}", dim) for number, (dim, _) in enumerate(counts))
            raise Cardinality(failed("ValueError", message), values=tuple(array for _, array in counts), sizes=sizes)
    return dataset(element, **{"~count": first, "~samples": first})


@rule("tensorflow.data.Dataset.from_tensors")
def from_tensors(cx: Context, tensors: Value, name: Value | None = None) -> Value:
    """One element."""

    def one(leaf: Value) -> Value:
        found = as_tensor(cx, leaf)
        return cx.unknown("not a tensor") if found is None else found

    return dataset(mapped(one, tensors), **{"~count": 1})


@rule("tensorflow.data.Dataset.range")
def range_(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """Numbers."""
    stop = as_dim(args[0]) if len(args) == 1 else None
    hi = stop - 1 if stop is not None else None
    return dataset(tensor((), "int64", lo=0 if stop is not None else None, hi=hi), **{"~count": stop, "~samples": stop})


@rule("tensorflow.data.Dataset.from_generator")
def from_generator(
    cx: Context,
    generator: Value,
    output_types: Value | None = None,
    output_shapes: Value | None = None,
    args: Value | None = None,
    output_signature: Value | None = None,
    name: Value | None = None,
) -> Value:
    """Elements as the signature says."""
    if given(output_signature):

        def one(leaf: Value) -> Value:
            if isinstance(leaf, Instance) and "~shape" in leaf.fields:
                return tensor(leaf.fields["~shape"], dtype_of(leaf.fields.get("dtype")))
            return cx.unknown("not a tensor spec")

        assert output_signature is not None
        return dataset(mapped(one, output_signature))
    return dataset(None)


@rule("tensorflow.data.Dataset.zip")
def zip_(cx: Context, *args: Value, datasets: Value | None = None, name: Value | None = None) -> Value:
    """Elements side by side."""
    struct = args[0] if len(args) == 1 else as_tuple(args) if args else datasets
    if struct is None:
        return dataset(None)
    counts: list[DimLike] = []
    leaves = flatten(struct)
    if any(not isinstance(leaf, Instance) or _element(leaf) is None for leaf in leaves):
        return dataset(None)
    for leaf in leaves:
        assert isinstance(leaf, Instance)
        if leaf.fields.get("~count") is not None:
            counts.append(leaf.fields["~count"])

    def one(leaf: Value) -> Value:
        assert isinstance(leaf, Instance)
        found = _element(leaf)
        assert found is not None
        return found

    first = leaves[0]
    assert isinstance(first, Instance)
    count: DimLike | None = None
    if len(counts) == len(leaves):
        count = counts[0]
        for other in counts[1:]:
            count = dmin(count, other)
    return dataset(mapped(one, struct), **{"~count": count, "~samples": first.fields.get("~samples"),
                                           "~batch": first.fields.get("~batch"), "~sizes": first.fields.get("~sizes", ())})  # fmt: skip


# -- transformations --------------------------------------------------------------------------------------------------------


@rule("tensorflow.data.Dataset.batch", "tensorflow.data.Dataset.padded_batch")
def batch(
    cx: Context,
    self: Instance,
    batch_size: Value,
    drop_remainder: Value | None = None,
    *args: Value,
    **kwargs: Value,
) -> Value:
    """Elements stacked; the last batch is shorter unless it is dropped."""
    element = _element(self)
    size = as_dim(batch_size)
    drop = False if drop_remainder is None else as_bool(drop_remainder)
    count: DimLike | None = self.fields.get("~count")
    if size is not None:
        size = cx.resolve(size)
    if count is not None:
        count = cx.resolve(count)
    if drop is None:
        return dataset(None)
    if drop and size is not None:
        full = None if count is None else floordiv(count, size)
        made = None if element is None else mapped(lambda leaf: _stacked(cx, leaf, size), element)
        samples = None if full is None else full * size
        return _changed(
            self, **{"~element": made, "~count": full, "~batch": None, "~sizes": (size,), "~samples": samples}
        )
    fresh = cx.fresh("batch", keras_none=True, varying=True)
    sizes: tuple[DimLike, ...] = ()
    batches: DimLike | None = None
    if count is not None and size is not None:
        batches = ceildiv(count, size)
        if isinstance(count, int) and isinstance(size, int) and size > 0:
            whole, rest = divmod(count, size)
            sizes = ((size,) if whole else ()) + ((rest,) if rest else ())
    padded = "padded_shapes" in kwargs
    unequal = bool(self.fields.get("~varies")) and "~window" not in self.fields and size != 1 and not padded
    made = None if element is None else mapped(lambda leaf: _stacked(cx, leaf, fresh, padded), element)
    return _changed(
        self, **{"~element": made, "~count": batches, "~batch": as_var(fresh), "~sizes": sizes, "~samples": count,
                 "~unequal": unequal}
    )  # fmt: skip


def _stacked(cx: Context, leaf: Value, size: DimLike, padded: bool = False) -> Value:
    if not isinstance(leaf, Array):
        return cx.unknown("elements of a dataset that are not tensors")
    if leaf.shape is None:
        return tensor(None, leaf.dtype, leaf)
    rest = (
        leaf.shape
        if not padded
        else tuple(dim if isinstance(dim, int) else cx.fresh(keras_none=True) for dim in leaf.shape)
    )
    roles = ("batch", *(leaf.roles if leaf.roles is not None else [None] * len(leaf.shape)))
    made = tensor((size, *rest), leaf.dtype, leaf, lo=leaf.lo, hi=leaf.hi, roles=roles)
    made.origin = leaf.origin
    return made


@rule("tensorflow.data.Dataset.unbatch")
def unbatch(cx: Context, self: Instance, name: Value | None = None) -> Value:
    """Elements without their first axis."""
    element = _element(self)
    if element is None:
        return dataset(None)

    def one(leaf: Value) -> Value:
        if isinstance(leaf, Array) and leaf.shape:
            return tensor(leaf.shape[1:], leaf.dtype, leaf, lo=leaf.lo, hi=leaf.hi)
        return cx.unknown("not a batch")

    samples = self.fields.get("~samples")
    return dataset(mapped(one, element), **{"~count": samples, "~samples": samples})


@rule("tensorflow.data.Dataset.shuffle", "tensorflow.data.Dataset.prefetch", "tensorflow.data.Dataset.cache",
      "tensorflow.data.Dataset.with_options", "tensorflow.data.Dataset.apply")  # fmt: skip
def unchanged(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """The same elements."""
    if (
        args
        and not isinstance(args[0], (Const, Unknown))
        and not isinstance(args[0], Array)
        and as_dim(args[0]) is None
    ):
        if isinstance(args[0], Instance):
            return self
        return dataset(None)
    return self


@rule("tensorflow.data.Dataset.filter")
def filter_(cx: Context, self: Instance, predicate: Value, name: Value | None = None) -> Value:
    """Some of the elements."""
    return _changed(self, **{"~count": None, "~samples": None, "~sizes": ()})


@rule("tensorflow.data.Dataset.repeat")
def repeat(cx: Context, self: Instance, count: Value | None = None, name: Value | None = None) -> Value:
    """The elements again and again."""
    times = as_dim(count) if given(count) else None
    before: DimLike | None = self.fields.get("~count")
    samples: DimLike | None = self.fields.get("~samples")
    if times is None or before is None or (isinstance(times, int) and times < 0):
        return _changed(self, **{"~count": None, "~samples": None})
    return _changed(self, **{"~count": before * times, "~samples": None if samples is None else samples * times})


@rule("tensorflow.data.Dataset.take")
def take(cx: Context, self: Instance, count: Value, name: Value | None = None) -> Value:
    """The first elements."""
    number = as_dim(count)
    before: DimLike | None = self.fields.get("~count")
    if number is None or before is None or (isinstance(number, int) and number < 0):
        return _changed(self, **{"~count": number if before is None and number != -1 else before, "~samples": None})
    left = dmin(number, before)
    batched = self.fields.get("~batch") is not None or self.fields.get("~sizes")
    return _changed(self, **{"~count": left, "~samples": None if batched else left})


@rule("tensorflow.data.Dataset.skip")
def skip(cx: Context, self: Instance, count: Value, name: Value | None = None) -> Value:
    """All but the first elements."""
    number = as_dim(count)
    before: DimLike | None = self.fields.get("~count")
    if number is None or before is None:
        return _changed(self, **{"~count": None, "~samples": None})
    left = before - number
    if isinstance(left, int):
        left = max(left, 0)
    batched = self.fields.get("~batch") is not None or self.fields.get("~sizes")
    return _changed(self, **{"~count": left, "~samples": None if batched else left})


@rule("tensorflow.data.Dataset.shard", "tensorflow.data.Dataset.concatenate", "tensorflow.data.Dataset.interleave",
      "tensorflow.data.Dataset.scan", "tensorflow.data.Dataset.group_by_window", "tensorflow.data.Dataset.bucket_by_sequence_length",
      "tensorflow.data.Dataset.enumerate", "tensorflow.data.Dataset.rebatch", "tensorflow.data.Dataset.reduce",
      "tensorflow.data.Dataset.snapshot", "tensorflow.data.Dataset.list_files", "tensorflow.data.TFRecordDataset",
      "tensorflow.data.TextLineDataset", "tensorflow.data.experimental.make_csv_dataset")  # fmt: skip
def opaque(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """Elements that are not followed."""
    return dataset(None)


@rule("tensorflow.data.Dataset.map")
def map_(
    cx: Context,
    self: Instance,
    map_func: Value,
    num_parallel_calls: Value | None = None,
    deterministic: Value | None = None,
    *args: Value,
    **kwargs: Value,
) -> Value:
    """Every element through a function, traced as a graph."""
    element = _element(self)
    if element is None:
        return _changed(self, **{"~element": None})
    result = _applied(cx, map_func, element)
    return _changed(self, **{"~element": _settled(cx, result)})


def _applied(cx: Context, function: Value, element: Value) -> Value:
    given_args = children(element) if isinstance(element, Sequence) and element.kind == "tuple" else (element,)
    state = cx.state("keras")
    outer = state.fields.get("symbolic")
    cx.set(state, "symbolic", True)
    try:
        with cx.opaque():
            return cx.call(function, given_args, {})
    finally:
        cx.set(state, "symbolic", outer)


def _settled(cx: Context, result: Value) -> Value | None:
    """What a function gives as elements: numbers and lists become tensors."""
    if isinstance(result, Unknown):
        return None
    if isinstance(result, Instance) and result.library_type == DATASET:
        return result

    def one(leaf: Value) -> Value:
        if isinstance(leaf, Array):
            found = as_tensor(cx, leaf)
            return leaf if found is None else found
        if is_none(leaf) or isinstance(leaf, Instance):
            return leaf
        found = as_tensor(cx, leaf)
        return cx.unknown("an element that is not a tensor") if found is None else found

    return mapped(one, result)


@rule("tensorflow.data.Dataset.window")
def window(
    cx: Context,
    self: Instance,
    size: Value,
    shift: Value | None = None,
    stride: Value | None = None,
    drop_remainder: Value | None = None,
    name: Value | None = None,
) -> Value:
    """Datasets of neighbouring elements."""
    element = _element(self)
    width = as_dim(size)
    step = width if not given(shift) else as_dim(shift)
    gap = 1 if not given(stride) else as_int(stride)
    drop = False if drop_remainder is None else as_bool(drop_remainder)
    count: DimLike | None = self.fields.get("~count")
    if element is None or width is None:
        return dataset(None)
    inner_count: DimLike | None = width if drop else None

    def one(leaf: Value) -> Value:
        return dataset(
            leaf, **{"~count": inner_count, "~samples": inner_count, "~window": width, "~varies": drop is False}
        )

    windows: DimLike | None = None
    if drop and count is not None and step is not None and gap == 1:
        windows = floordiv(cx.resolve(count) - width, step) + 1
    return dataset(mapped(one, element), **{"~count": windows, "~samples": windows})


@rule("tensorflow.data.Dataset.flat_map")
def flat_map(cx: Context, self: Instance, map_func: Value, name: Value | None = None) -> Value:
    """The elements of the datasets that a function gives."""
    element = _element(self)
    if element is None:
        return dataset(None)
    result = _applied(cx, map_func, element)
    if not isinstance(result, Instance) or _element(result) is None:
        return dataset(None)
    count: DimLike | None = self.fields.get("~count")
    inner: DimLike | None = result.fields.get("~count")
    whole = count * inner if count is not None and inner is not None else None
    varies = result.fields.get("~batch") is not None and bool(result.fields.get("~varies"))
    return dataset(_element(result), **{"~count": whole, "~samples": whole, "~varies": varies})


@rule("tensorflow.data.Dataset.cardinality")
def cardinality(cx: Context, self: Instance, name: Value | None = None) -> Value:
    """How many elements, as a tensor."""
    count = self.fields.get("~count")
    return tensor((), "int64", data=None if count is None else (count,))


@rule("tensorflow.data.Dataset.__len__")
def length(cx: Context, self: Instance) -> Value:
    """How many elements."""
    count = self.fields.get("~count")
    return cx.unknown("the length of the dataset is not known") if count is None else int_value(count)


@rule("tensorflow.data.Dataset.__iter__", "tensorflow.data.Dataset.as_numpy_iterator")
def iterate(cx: Context, self: Instance) -> Value:
    """The elements, one after the other."""
    element = _element(self)
    if element is None:
        return cx.unknown("the elements of the dataset are not known")
    count: DimLike | None = self.fields.get("~count")
    variable = self.fields.get("~batch")
    sizes: tuple[DimLike, ...] = self.fields.get("~sizes", ())
    if variable is not None and sizes and isinstance(count, int):
        from foreshape.domain.contents import substitute_value

        full = substitute_value(element, {variable: sizes[0]})
        if len(sizes) == 1:
            return Sequence("list", Contents((Run(count, full),)))
        last = substitute_value(element, {variable: sizes[-1]})
        return Sequence("list", Contents((Run(count - 1, full), last)))
    if count is None:
        count = cx.fresh("batches", lo=1)
    return Sequence("list", Contents((Run(count, element),)))


@attribute("tensorflow.data.Dataset.element_spec")
def element_spec(cx: Context, self: Instance) -> Value:
    """What elements are like."""
    element = _element(self)
    if element is None:
        return cx.unknown("the elements of the dataset are not known")

    def one(leaf: Value) -> Value:
        if isinstance(leaf, Array):
            from foreshape.semantics.tensorflow.support import dtype_value

            spec = Instance(LibraryRef("tensorflow.TensorSpec"))
            spec.fields["~shape"] = leaf.shape
            spec.fields["dtype"] = dtype_value(leaf.dtype)
            return spec
        return leaf

    return mapped(one, element)


@rule("tensorflow.data.Options")
def options(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """Settings."""
    return Instance(LibraryRef("tensorflow.data.DatasetOptions"))


library_type("tensorflow.data.DatasetOptions")

__all__ = ["dataset", "is_nested", "shape_argument"]
