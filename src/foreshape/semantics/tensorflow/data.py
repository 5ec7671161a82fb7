"""``tf.data.Dataset``: where datasets come from, what each element is like, and what iterating over them gives.

A dataset keeps in its fields: ``~element`` (a nested structure of tensors), ``~count`` (elements, None where not
known),
``~batch`` (the variable that stands for a batch size that Keras does not know), ``~sizes`` (the sizes that it takes,
the
shorter last one last) and ``~samples`` (how many samples all batches hold together). ``~fixed``: variables of the
element
that have one value when it runs. ``~varies``: elements differ in length; ``~unequal``: batches were made of such.
``~length``: "infinite" or "unknown" where ``len()`` raises.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foreshape.domain.contents import Contents, Run, Segment, substitute_value
from foreshape.domain.dim import DimLike, as_var
from foreshape.domain.dim import is_none as undefined
from foreshape.domain.values import (
    Array,
    Const,
    DictValue,
    Instance,
    LibraryRef,
    Sequence,
    Unknown,
    Value,
    as_dim,
    int_value,
)
from foreshape.faults.base import Fault
from foreshape.semantics.registry import attribute, constant, library_type, rule
from foreshape.semantics.shared.structure import as_tuple, mapped
from foreshape.semantics.tensorflow.convert import as_tensor
from foreshape.semantics.tensorflow.support import dtype_of, dtype_value, failed, given, invalid, shape_argument, tensor

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

DATASET = library_type("tensorflow.data.Dataset")
DOC = "https://www.tensorflow.org/api_docs/python/tf/data/Dataset"
MOST_REPEATS = 4


@constant("tensorflow.data.AUTOTUNE", "tensorflow.data.experimental.AUTOTUNE")
def autotune(cx: Context) -> Value:
    """A number that means "choose yourself"."""
    return Const(-1)


@constant("tensorflow.data.INFINITE_CARDINALITY", "tensorflow.data.experimental.INFINITE_CARDINALITY")
def infinite(cx: Context) -> Value:
    """-1."""
    return Const(-1)


@constant("tensorflow.data.UNKNOWN_CARDINALITY", "tensorflow.data.experimental.UNKNOWN_CARDINALITY")
def unknown_cardinality(cx: Context) -> Value:
    """-2."""
    return Const(-2)


def dataset(element: Value | None, **fields: Any) -> Instance:
    """A dataset of such elements."""
    held: dict[Any, Any] = {"~element": element, "~count": None, "~sizes": (), "~batch": None, "~samples": None}
    held.update(fields)
    return Instance(LibraryRef(DATASET), held)


def element_of(self: Instance) -> Value | None:
    """What its elements are like."""
    found: Value | None = self.fields.get("~element")
    return found


def changed(self: Instance, **fields: Any) -> Instance:
    """The same dataset but for this."""
    held: dict[Any, Any] = dict(self.fields)
    held.update(fields)
    made = Instance(self.cls, held)
    made.tainted = self.tainted
    return made


def is_dataset(value: Value | None) -> bool:
    """Whether it is a dataset."""
    return isinstance(value, Instance) and value.library_type == DATASET


# -- sources ---------------------------------------------------------------------------------------------------------


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
    if x is None or x.shape is None:
        return None
    if not x.shape:
        message = "Unbatching a tensor is only supported for rank >= 1"
        raise invalid(failed("ValueError", message), "tensors", cx.text(value), x)
    counts.append((x.shape[0], x))
    roles = None if x.roles is None else x.roles[1:]
    made_one = tensor(
        x.shape[1:], x.dtype, x, lo=x.lo, hi=x.hi, roles=roles, meta={"loose": True} if x.meta.get("loose") else {}
    )
    if x.data is not None and len(x.shape) == 1:
        known = [item for item in x.data if isinstance(item, (int, float))]
        if known and len(known) == len(x.data):
            made_one = tensor((), x.dtype, x, lo=min(known), hi=max(known))
    made_one.origin = x.origin
    return made_one


@rule("tensorflow.data.Dataset.from_tensor_slices", doc=DOC)
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
    first = cx.resolve(first)
    return dataset(element, **{"~count": first, "~samples": first})


@rule("tensorflow.data.Dataset.from_tensors", doc=DOC)
def from_tensors(cx: Context, tensors: Value, name: Value | None = None) -> Value:
    """One element."""

    def one(leaf: Value) -> Value:
        found = as_tensor(cx, leaf)
        return cx.unknown("not a tensor") if found is None else found

    if isinstance(tensors, Sequence) and tensors.kind == "list":
        return dataset(one(tensors), **{"~count": 1})
    return dataset(mapped(one, tensors), **{"~count": 1})


@rule("tensorflow.data.Dataset.range", doc=DOC)
def range_(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """Numbers, int64."""
    found = cx.rule("builtins.range", *args)
    count = cx.length(found)
    wanted = dtype_of(kwargs.get("output_type")) or "int64"
    stop = as_dim(args[0]) if len(args) == 1 else None
    hi = stop - 1 if stop is not None else None
    return dataset(
        tensor((), wanted, lo=0 if stop is not None else None, hi=hi), **{"~count": count, "~samples": count}
    )


@rule("tensorflow.data.Dataset.random", doc=DOC)
def random(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """Numbers without end."""
    return dataset(tensor((), "int64", lo=0), **{"~length": "infinite"})


def from_spec(cx: Context, spec: Value) -> Value:
    """The element that a ``tf.TensorSpec`` (or a structure of them) stands for."""

    def one(leaf: Value) -> Value:
        if isinstance(leaf, Instance) and leaf.library_type == "tensorflow.TensorSpec" and "~shape" in leaf.fields:
            return tensor(leaf.fields["~shape"], dtype_of(leaf.fields.get("dtype")))
        return cx.unknown("not a tensor spec")

    return mapped(one, spec)


@rule("tensorflow.data.Dataset.from_generator", doc=DOC)
def from_generator(
    cx: Context,
    generator: Value,
    output_types: Value | None = None,
    output_shapes: Value | None = None,
    args: Value | None = None,
    output_signature: Value | None = None,
    name: Value | None = None,
) -> Value:
    """Elements as the signature says; without shapes, of any shape."""
    if given(output_signature):
        assert output_signature is not None
        return _from_generator(cx, generator, from_spec(cx, output_signature), args)
    if not given(output_types):
        from foreshape.faults.call_arguments import CallArguments

        message = (
            "To specify the output signature you need to provide either the `output_signature` argument or the "
            "`output_types` argument."
        )
        raise CallArguments(failed("TypeError", message), callee="from_generator", problem="needs `output_signature`")
    assert output_types is not None
    return _from_generator(cx, generator, _typed(cx, output_types, output_shapes), args)


def _from_generator(cx: Context, generator: Value, element: Value, args: Value | None) -> Value:
    from foreshape.semantics.tensorflow.generated import peek

    known = {} if given(args) else peek(cx, generator, element)
    return dataset(element, **{"~length": "unknown"}, **known)


def _typed(cx: Context, types: Value, shapes: Value | None) -> Value:
    if isinstance(types, Sequence):
        items = types.contents.items(limit=64) or ()
        parts = shapes.contents.items(limit=64) if isinstance(shapes, Sequence) else None
        return as_tuple(
            [_typed(cx, item, parts[i] if parts and i < len(parts) else None) for i, item in enumerate(items)]
        )
    if isinstance(types, DictValue):
        inner = shapes.entries if isinstance(shapes, DictValue) else {}
        return DictValue({key: _typed(cx, item, inner.get(key)) for key, item in types.entries.items()})
    return Array("tensorflow", shape_argument(cx, shapes) if given(shapes) else None, dtype_of(types))


@rule(
    "tensorflow.data.TextLineDataset",
    "tensorflow.data.TFRecordDataset",
    "tensorflow.data.Dataset.list_files",
    "tensorflow.data.FixedLengthRecordDataset",
)
def text_lines(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """Texts, as many as the files hold."""
    return dataset(tensor((), "string"), **{"~length": "unknown"})


@rule(
    "tensorflow.data.experimental.make_csv_dataset",
    "tensorflow.data.experimental.CsvDataset",
    "tensorflow.data.Dataset.load",
    "tensorflow.data.experimental.load",
)
def from_files(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """Elements that the files decide."""
    return dataset(None)


# -- iterating -------------------------------------------------------------------------------------------------------


def at_run(self: Instance, value: Value, size: DimLike | None = None) -> Value:
    """An element with the sizes that it has when it runs."""
    names: dict[Any, DimLike] = dict(self.fields.get("~fixed", ()))
    window = self.fields.get("~window")
    if isinstance(window, tuple) and window[0] is not None:
        names[window[0]] = window[1]  # a length that Keras sees as None is a number in an element that is taken
    variable = self.fields.get("~batch")
    if variable is not None and size is not None:
        names[variable] = size
    return substitute_value(value, names) if names else value


def _settled(cx: Context, self: Instance, value: Value) -> Value:
    """Sizes that Keras sees as None, but for the batch, are plain unknown sizes when it runs."""
    batch = self.fields.get("~batch")

    def open_at(dim: DimLike) -> bool:
        return undefined(dim) and (batch is None or as_var(dim) != batch)

    def one(leaf: Value) -> Value:
        if isinstance(leaf, Array) and leaf.shape is not None and any(open_at(dim) for dim in leaf.shape):
            shape = tuple(cx.fresh(lo=0, varying=True) if open_at(dim) else dim for dim in leaf.shape)
            made = leaf.replace(shape=shape, roles=leaf.roles, meta=leaf.meta)
            made.origin = leaf.origin
            return made
        return leaf

    return mapped(one, value)


def contents_of(cx: Context, self: Instance) -> Contents | None:
    """The elements one after the other, with the shorter last batch."""
    element = element_of(self)
    if element is None or isinstance(element, Unknown):
        return None
    count: DimLike | None = self.fields.get("~count")
    sizes: tuple[DimLike, ...] = self.fields.get("~sizes", ())
    if self.fields.get("~batch") is None or not sizes:
        element = _settled(cx, self, at_run(self, element))
        if count is None:
            count = cx.fresh("batches" if self.fields.get("~batch") is not None else "elements", lo=1)
        return Contents((Run(count, element),))
    full = _settled(cx, self, at_run(self, element, sizes[0]))
    if len(sizes) == 1:
        return Contents((Run(count if count is not None else cx.fresh("batches", lo=1), full),))
    last = _settled(cx, self, at_run(self, element, sizes[-1]))
    segments: list[Segment] = []
    times = self.fields.get("~times", 1)
    if isinstance(count, int) and isinstance(times, int) and 1 < times <= MOST_REPEATS and count % times == 0:
        for _ in range(times):
            segments.extend((Run(count // times - 1, full), last))
        return Contents(segments)
    total = count if count is not None else cx.fresh("batches", lo=2)
    return Contents((Run(total - 1, full), last))


@rule("tensorflow.data.Dataset.__iter__")
def iterate(cx: Context, self: Instance) -> Value:
    """The elements."""
    from foreshape.semantics.tensorflow.generated import started

    started(cx, self)
    contents = contents_of(cx, self)
    return cx.unknown("the elements of the dataset are not known") if contents is None else Sequence("list", contents)


@rule("tensorflow.data.Dataset.as_numpy_iterator", "tensorflow.data.NumpyIterator")
def as_numpy_iterator(cx: Context, self: Instance) -> Value:
    """The elements as NumPy arrays."""
    from foreshape.semantics.tensorflow.generated import started

    started(cx, self)
    contents = contents_of(cx, self)
    if contents is None:
        return cx.unknown("the elements of the dataset are not known")

    def one(leaf: Value) -> Value:
        return cx.call_method(leaf, "numpy") if isinstance(leaf, Array) and leaf.kind == "tensorflow" else leaf

    segments: list[Segment] = [
        Run(part.length, mapped(one, part.element), part.index) if isinstance(part, Run) else mapped(one, part)
        for part in contents.segments
    ]
    return cx.rule("builtins.iter", Sequence("list", Contents(segments)))


@rule("builtins.iterator.get_next")
def get_next(cx: Context, self: Value) -> Value:
    """The next element of the iterator of a dataset."""
    return cx.rule("builtins.next", self)


@rule("tensorflow.data.Dataset.get_single_element")
def single_element(cx: Context, self: Instance, name: Value | None = None) -> Value:
    """The only one."""
    contents = contents_of(cx, self)
    found = None if contents is None or not contents.segments else contents.at(0)
    return cx.unknown("the elements of the dataset are not known") if found is None else found


def _length_fault(self: Instance, text: str) -> Fault:
    from foreshape.faults.python_error import PythonError

    return PythonError(failed("TypeError", text), values=(self,), problem=text, operation="len")


@rule("tensorflow.data.Dataset.__len__")
def length(cx: Context, self: Instance) -> Value:
    """How many elements, where TensorFlow knows."""
    kind = self.fields.get("~length")
    if kind == "infinite":
        raise _length_fault(self, "The dataset is infinite.")
    if kind == "unknown":
        raise _length_fault(self, "The dataset length is unknown.")
    count = self.fields.get("~count")
    return cx.unknown("the length of the dataset is not known") if count is None else int_value(count)


@rule("tensorflow.data.Dataset.cardinality")
def cardinality(cx: Context, self: Instance, name: Value | None = None) -> Value:
    """How many elements, as a tensor: -1 for no end, -2 where it is not known."""
    kind = self.fields.get("~length")
    count = {"infinite": -1, "unknown": -2}.get(kind) if kind is not None else self.fields.get("~count")
    return tensor((), "int64", data=None if count is None else (count,), lo=count, hi=count)


@rule("tensorflow.data.experimental.cardinality")
def cardinality_of(cx: Context, dataset: Value) -> Value:
    """How many elements."""
    return cardinality(cx, dataset) if isinstance(dataset, Instance) else cx.unknown("not a dataset")


@rule("tensorflow.data.Dataset.__getitem__")
def getitem(cx: Context, self: Instance, index: Value) -> Value:
    """Datasets have no positions."""
    from foreshape.faults.python_error import PythonError

    message = "'Dataset' object is not subscriptable"
    raise PythonError(failed("TypeError", message), values=(self,), problem=message, operation="[]")


@attribute("tensorflow.data.Dataset.shape")
def missing(cx: Context, self: Instance) -> Value:
    """What arrays have and datasets have not."""
    from foreshape.faults.missing_attribute import MissingAttribute

    message = "'Dataset' object has no attribute 'shape'"
    raise MissingAttribute(failed("AttributeError", message), values=(self,), owner="Dataset", attribute="shape")


@rule("tensorflow.data.Dataset.__bool__")
def truth(cx: Context, self: Instance) -> Value:
    """True."""
    return Const(True)


def _spec_of(leaf: Value) -> Value:
    if isinstance(leaf, Array):
        return Instance(LibraryRef("tensorflow.TensorSpec"), {"~shape": leaf.shape, "dtype": dtype_value(leaf.dtype)})
    return leaf


@attribute("tensorflow.data.Dataset.element_spec")
def element_spec(cx: Context, self: Instance) -> Value:
    """What elements are like."""
    element = element_of(self)
    return cx.unknown("the elements of the dataset are not known") if element is None else mapped(_spec_of, element)


@rule("tensorflow.data.Options")
def options(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """Settings."""
    return Instance(LibraryRef("tensorflow.data.DatasetOptions"))


library_type("tensorflow.data.DatasetOptions")
