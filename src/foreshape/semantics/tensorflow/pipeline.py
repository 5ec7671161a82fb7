"""What turns one ``tf.data.Dataset`` into another: ``map``, ``batch``, ``window``, ``shuffle``, ``zip``, ..."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foreshape.domain.dim import DimLike, as_var, dmin
from foreshape.domain.values import (
    Array,
    Const,
    DictValue,
    Instance,
    Sequence,
    Unknown,
    Value,
    as_dim,
    as_int,
    is_none,
)
from foreshape.faults.base import Fault
from foreshape.semantics.keras.traced import placeholder
from foreshape.semantics.registry import rule
from foreshape.semantics.shared.structure import as_tuple, children, flatten, mapped
from foreshape.semantics.tensorflow.batching import padded
from foreshape.semantics.tensorflow.convert import as_tensor
from foreshape.semantics.tensorflow.data import DATASET, changed, dataset, element_of, is_dataset
from foreshape.semantics.tensorflow.support import failed, given, invalid, tensor, tuple_text

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

OPEN = {"~count": None, "~samples": None, "~sizes": (), "~uneven": None, "~tails": None, "~unequal": None}
"""Of a dataset of which some elements are left out, and nobody knows which."""


# -- functions of elements -------------------------------------------------------------------------------------------


def applied(cx: Context, function: Value, element: Value, *before: Value) -> Value:
    """A function of the person's on an element, traced as a graph: a tuple is spread."""
    given_args = children(element) if isinstance(element, Sequence) and element.kind == "tuple" else (element,)
    state = cx.state("keras")
    outer = state.fields.get("symbolic")
    cx.set(state, "symbolic", True)
    try:
        with cx.opaque():
            return cx.call(function, (*before, *(mapped(placeholder, value) for value in given_args)), {})
    finally:
        cx.set(state, "symbolic", outer)


def settled(cx: Context, result: Value) -> Value | None:
    """What a function gives as elements: numbers, lists and arrays become tensors, a list of tensors a tuple."""
    if isinstance(result, Unknown):
        return None
    if isinstance(result, Instance) and result.library_type == DATASET:
        return result

    def one(leaf: Value) -> Value:
        if is_none(leaf) or isinstance(leaf, (Instance, Unknown)):
            return leaf
        found = as_tensor(cx, leaf)
        return cx.unknown("an element that is not a tensor") if found is None else found

    def nested(value: Value) -> Value:
        if isinstance(value, Sequence) and value.kind == "tuple":
            items = value.contents.items(limit=64)
            return cx.unknown("a long structure") if items is None else as_tuple([nested(item) for item in items])
        if isinstance(value, DictValue):
            return DictValue({key: nested(entry) for key, entry in value.entries.items()})
        return one(value)

    if isinstance(result, Sequence) and result.kind == "list":
        items = result.contents.items(limit=64)
        return None if items is None else as_tuple([nested(item) for item in items])
    return nested(result)


@rule("tensorflow.data.Dataset.map")
def map_(
    cx: Context,
    self: Instance,
    map_func: Value,
    num_parallel_calls: Value | None = None,
    deterministic: Value | None = None,
    synchronous: Value | None = None,
    use_unbounded_threadpool: Value | None = None,
    name: Value | None = None,
) -> Value:
    """Every element through a function."""
    element = element_of(self)
    if element is None:
        return changed(self, **{"~element": None})
    result = applied(cx, map_func, element)
    made = changed(self, **{"~element": settled(cx, result), "~uneven": None})
    made.tainted = made.tainted or result.tainted
    return made


@rule("tensorflow.data.Dataset.filter", "tensorflow.data.Dataset.take_while")
def filter_(cx: Context, self: Instance, predicate: Value, name: Value | None = None) -> Value:
    """Some of the elements; the predicate gives one bool."""
    element = element_of(self)
    if element is not None:
        found = applied(cx, predicate, element)
        answer = as_tensor(cx, found) if isinstance(found, (Array, Const)) and not is_none(found) else None
        known = answer is not None and answer.dtype is not None and answer.shape is not None
        if answer is not None and known and (answer.dtype != "bool" or answer.shape):
            message = (
                "Invalid `predicate`. `predicate` must return a `tf.bool` scalar tensor, but its return type is "
                f"TensorSpec(shape={tuple_text(answer.shape or ())}, dtype=tf.{answer.dtype}, name=None)."
            )
            raise invalid(failed("ValueError", message), "predicate", f"a function that gives {answer.dtype}", answer)
    return changed(self, **OPEN, **{"~length": "unknown"})


@rule("tensorflow.data.Dataset.unique")
def unique(cx: Context, self: Instance, name: Value | None = None) -> Value:
    """Each element once."""
    return changed(self, **OPEN, **{"~length": "unknown"})


@rule("tensorflow.data.Dataset.flat_map")
def flat_map(cx: Context, self: Instance, map_func: Value, name: Value | None = None) -> Value:
    """The elements of the datasets that a function gives."""
    return _flattened(cx, self, map_func)


@rule("tensorflow.data.Dataset.interleave")
def interleave(
    cx: Context,
    self: Instance,
    map_func: Value,
    cycle_length: Value | None = None,
    block_length: Value | None = None,
    num_parallel_calls: Value | None = None,
    deterministic: Value | None = None,
    name: Value | None = None,
) -> Value:
    """As ``flat_map``, in turns."""
    return _flattened(cx, self, map_func)


def _flattened(cx: Context, self: Instance, map_func: Value) -> Value:
    element = element_of(self)
    if element is None:
        return dataset(None)
    result = applied(cx, map_func, element)
    if not isinstance(result, Instance) or not is_dataset(result) or element_of(result) is None:
        made = dataset(None)
        made.tainted = result.tainted
        return made
    count: DimLike | None = self.fields.get("~count")
    inner: DimLike | None = result.fields.get("~count")
    whole = count * inner if count is not None and inner is not None else None
    varies = result.fields.get("~batch") is not None and bool(result.fields.get("~varies"))
    fixed = dict(result.fields.get("~fixed", ()))
    sizes = result.fields.get("~sizes", ())
    if result.fields.get("~batch") is not None and len(sizes) == 1 and not varies:
        fixed[result.fields["~batch"]] = sizes[0]
    endless = self.fields.get("~length") == "infinite" or result.fields.get("~length") == "infinite"
    return dataset(
        element_of(result),
        **{
            "~count": whole,
            "~samples": whole,
            "~varies": varies,
            "~tails": result.fields.get("~tails"),
            "~fixed": tuple(fixed.items()),
            "~length": "infinite" if endless else "unknown",
        },
    )


@rule("tensorflow.data.Dataset.reduce")
def reduce(cx: Context, self: Instance, initial_state: Value, reduce_func: Value, name: Value | None = None) -> Value:
    """The last state: it keeps its shape and dtype."""
    element = element_of(self)

    def one(leaf: Value) -> Value:
        found = as_tensor(cx, leaf) if not isinstance(leaf, Unknown) else None
        return cx.unknown("the state") if found is None else found.replace(data=None, lo=None, hi=None)

    start = initial_state if isinstance(initial_state, Unknown) else mapped(one, initial_state)
    if element is not None:
        applied(cx, reduce_func, as_tuple((start, element)))
    return start


@rule("tensorflow.data.Dataset.scan")
def scan(cx: Context, self: Instance, initial_state: Value, scan_func: Value, name: Value | None = None) -> Value:
    """The outputs of a function that also carries a state."""
    element = element_of(self)
    start = settled(cx, initial_state)
    if element is None or start is None:
        return changed(self, **{"~element": None})
    found = applied(cx, scan_func, as_tuple((start, element)))
    parts = found.contents.items(limit=4) if isinstance(found, Sequence) else None
    return changed(self, **{"~element": settled(cx, parts[1]) if parts is not None and len(parts) == 2 else None})


@rule("tensorflow.data.Dataset.apply")
def apply(cx: Context, self: Instance, transformation_func: Value) -> Value:
    """A function of the dataset itself."""
    found = cx.call(transformation_func, (self,), {})
    return found if is_dataset(found) else dataset(None)


@rule("tensorflow.data.Dataset.group_by_window")
def group_by_window(
    cx: Context,
    self: Instance,
    key_func: Value,
    reduce_func: Value,
    window_size: Value | None = None,
    window_size_func: Value | None = None,
    name: Value | None = None,
) -> Value:
    """What a function makes of the elements of one key."""
    element = element_of(self)
    if element is None:
        return dataset(None)
    group = changed(self, **OPEN)
    found = applied(cx, reduce_func, as_tuple((tensor((), "int64"), group)))
    if not isinstance(found, Instance) or not is_dataset(found):
        return dataset(None)
    return changed(found, **OPEN, **{"~length": "unknown"})


@rule("tensorflow.data.Dataset.bucket_by_sequence_length")
def bucket_by_sequence_length(
    cx: Context,
    self: Instance,
    element_length_func: Value,
    bucket_boundaries: Value,
    bucket_batch_sizes: Value,
    padded_shapes: Value | None = None,
    *args: Value,
    **kwargs: Value,
) -> Value:
    """Padded batches of elements of similar length."""
    element = element_of(self)
    batch = cx.fresh("batch", keras_none=True, varying=True)
    made = None if element is None else padded(cx, element, batch, padded_shapes)
    return dataset(made, **{"~batch": as_var(batch), "~samples": self.fields.get("~samples"), "~length": "unknown"})


# -- order and number ------------------------------------------------------------------------------------------------


@rule("tensorflow.data.Dataset.shuffle")
def shuffle(
    cx: Context,
    self: Instance,
    buffer_size: Value,
    seed: Value | None = None,
    reshuffle_each_iteration: Value | None = None,
    name: Value | None = None,
) -> Value:
    """The same elements."""
    _positive_buffer(cx, self, buffer_size)
    return self


def _positive_buffer(cx: Context, self: Instance, value: Value) -> None:
    size = as_dim(value)
    if isinstance(size, int) and (size == 0 or size < -2):
        message = f"buffer_size must be greater than zero or UNKNOWN_CARDINALITY but got {size}"
        raise invalid(failed("InvalidArgumentError", message), "buffer_size", size, self)


@rule(
    "tensorflow.data.Dataset.prefetch",
    "tensorflow.data.Dataset.cache",
    "tensorflow.data.Dataset.with_options",
    "tensorflow.data.Dataset.snapshot",
    "tensorflow.data.Dataset.ignore_errors",
    "tensorflow.data.Dataset.prefetch_to_device",
)
def unchanged(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """The same elements."""
    return self


@rule("tensorflow.data.Dataset.rejection_resample")
def rejection_resample(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Pairs of class and element."""
    element = element_of(self)
    pair = None if element is None else as_tuple((tensor((), "int32"), element))
    return changed(self, **{**OPEN, "~element": pair, "~length": "unknown"})


@rule("tensorflow.data.Dataset.options")
def options_of(cx: Context, self: Instance) -> Value:
    """Settings."""
    return cx.rule("tensorflow.data.Options")


@rule("tensorflow.data.Dataset.repeat")
def repeat(cx: Context, self: Instance, count: Value | None = None, name: Value | None = None) -> Value:
    """The elements again and again, without end where no number is given."""
    times = as_dim(count) if given(count) else -1
    before: DimLike | None = self.fields.get("~count")
    samples: DimLike | None = self.fields.get("~samples")
    if isinstance(times, int) and times < 0:
        return changed(self, **{"~count": None, "~samples": None, "~length": "infinite"})
    if times is None or before is None:
        return changed(self, **{"~count": None, "~samples": None})
    return changed(
        self, **{"~count": before * times, "~samples": None if samples is None else samples * times, "~times": times}
    )


@rule("tensorflow.data.Dataset.take")
def take(cx: Context, self: Instance, count: Value, name: Value | None = None) -> Value:
    """The first elements."""
    number = as_dim(count)
    before: DimLike | None = self.fields.get("~count")
    if isinstance(number, int) and number < 0:
        return self
    unequal = self.fields.get("~unequal")
    # the shorter windows stand at the end
    self = changed(self, **{"~tails": None, "~unequal": unequal if isinstance(unequal, tuple) else None})
    kind = self.fields.get("~length")
    if number is None:
        return changed(self, **{"~count": None, "~samples": None})
    if before is None:
        known = number if kind == "infinite" else None
        return changed(
            self,
            **{
                "~count": known,
                "~samples": known if self.fields.get("~batch") is None else None,
                "~length": None if kind == "infinite" else kind,
            },
        )
    left = dmin(number, before, cx.facts)
    sizes: tuple[DimLike, ...] = self.fields.get("~sizes", ())
    batched = self.fields.get("~batch") is not None or bool(sizes)
    if (
        batched
        and isinstance(left, int)
        and isinstance(before, int)
        and left < before
        and self.fields.get("~times", 1) == 1
    ):
        samples = left * sizes[0] if sizes else None
        return changed(self, **{"~count": left, "~sizes": sizes[:1], "~samples": samples})
    return changed(
        self,
        **{"~count": left, "~samples": (self.fields.get("~samples") if left is before else None) if batched else left},
    )


@rule("tensorflow.data.Dataset.skip")
def skip(cx: Context, self: Instance, count: Value, name: Value | None = None) -> Value:
    """All but the first elements."""
    number = as_dim(count)
    before: DimLike | None = self.fields.get("~count")
    if number is None or before is None:
        return changed(self, **{"~count": None, "~samples": None})
    left = before - number
    if isinstance(number, int) and number < 0:
        left = 0
    if isinstance(left, int):
        left = max(left, 0)
    sizes: tuple[DimLike, ...] = self.fields.get("~sizes", ())
    batched = self.fields.get("~batch") is not None or bool(sizes)
    if batched and isinstance(left, int) and self.fields.get("~times", 1) == 1 and len(sizes) == 2:
        samples = (left - 1) * sizes[0] + sizes[1] if left else 0
        return changed(self, **{"~count": left, "~sizes": sizes if left > 1 else sizes[1:], "~samples": samples})
    return changed(
        self, **{"~count": left, "~samples": (left * sizes[0] if len(sizes) == 1 else None) if batched else left}
    )


@rule("tensorflow.data.Dataset.shard")
def shard(cx: Context, self: Instance, num_shards: Value, index: Value, name: Value | None = None) -> Value:
    """Every n-th element."""
    count, many, first = self.fields.get("~count"), as_int(num_shards), as_int(index)
    if isinstance(count, int) and many and first is not None:
        left = len(range(first, count, many))
        return changed(self, **{"~count": left, "~samples": left if self.fields.get("~batch") is None else None})
    return changed(self, **{"~count": None, "~samples": None})


@rule("tensorflow.data.Dataset.enumerate")
def enumerate_(cx: Context, self: Instance, start: Value | None = None, name: Value | None = None) -> Value:
    """Pairs of position and element."""
    element = element_of(self)
    return changed(self, **{"~element": None if element is None else as_tuple((tensor((), "int64", lo=0), element))})


@rule("tensorflow.data.Dataset.zip")
def zip_(cx: Context, *args: Value, datasets: Value | None = None, name: Value | None = None) -> Value:
    """Elements side by side, as many as the shortest has."""
    struct = args[0] if len(args) == 1 else as_tuple(args) if args else datasets
    if struct is None:
        return dataset(None)
    leaves = flatten(struct)
    if any(not isinstance(leaf, Instance) or not is_dataset(leaf) or element_of(leaf) is None for leaf in leaves):
        return dataset(None)
    parts = [leaf for leaf in leaves if isinstance(leaf, Instance)]
    first = parts[0]
    variable, sizes = first.fields.get("~batch"), first.fields.get("~sizes", ())
    finite = [part for part in parts if part.fields.get("~length") != "infinite"]
    count: DimLike | None = None
    if finite and all(part.fields.get("~count") is not None for part in finite):
        count = finite[0].fields["~count"]
        for part in finite[1:]:
            count = dmin(count, part.fields["~count"], cx.facts)
    kind = (
        "infinite"
        if not finite
        else next((part.fields.get("~length") for part in finite if part.fields.get("~length")), None)
    )
    fixed: dict[Any, DimLike] = {}
    for part in parts:
        fixed.update(dict(part.fields.get("~fixed", ())))

    def one(leaf: Value) -> Value:
        assert isinstance(leaf, Instance)
        found = element_of(leaf)
        assert found is not None
        other = leaf.fields.get("~batch")
        if other is not None and variable is not None and leaf.fields.get("~sizes", ()) == sizes:
            # batches that were made alike have the same size
            from foreshape.domain.contents import substitute_value
            from foreshape.domain.dim import of_atom

            found = substitute_value(found, {other: of_atom(variable)})
        return found

    varies = any(part.fields.get("~varies") for part in parts)
    return dataset(
        mapped(one, struct),
        **{
            "~count": count,
            "~samples": first.fields.get("~samples"),
            "~batch": variable,
            "~sizes": sizes,
            "~length": kind,
            "~fixed": tuple(fixed.items()),
            "~varies": varies,
            "~times": first.fields.get("~times", 1),
        },
    )


@rule("tensorflow.data.Dataset.concatenate")
def concatenate(cx: Context, self: Instance, dataset: Value, name: Value | None = None) -> Value:
    """The elements of one, then of the other: the same structure and dtypes."""
    other = dataset
    if not isinstance(other, Instance) or not is_dataset(other):
        return changed(self, **OPEN, **{"~element": None})
    mine, theirs = element_of(self), element_of(other)
    a, b = self.fields.get("~count"), other.fields.get("~count")
    count = a + b if a is not None and b is not None else None
    if mine is None or theirs is None:
        return changed(self, **OPEN, **{"~element": None, "~count": count})
    left, right = flatten(mine), flatten(theirs)
    if len(left) != len(right):
        return changed(self, **OPEN, **{"~element": None, "~count": count})
    for x, y in zip(left, right):
        if isinstance(x, Array) and isinstance(y, Array) and x.dtype and y.dtype and x.dtype != y.dtype:
            raise _unlike(self, other, x, y)
    rest = iter(right)

    def one(leaf: Value) -> Value:
        y = next(rest)
        if not isinstance(leaf, Array) or not isinstance(y, Array) or leaf.shape is None or y.shape is None:
            return cx.unknown("elements that are not tensors")
        if len(leaf.shape) != len(y.shape):
            return tensor(None, leaf.dtype, leaf, y)
        sizes = tuple(p if p == q else cx.fresh(lo=0, keras_none=True) for p, q in zip(leaf.shape, y.shape))
        return tensor(sizes, leaf.dtype, leaf, y)

    batched = self.fields.get("~batch") is not None or other.fields.get("~batch") is not None
    samples = None
    if self.fields.get("~samples") is not None and other.fields.get("~samples") is not None:
        samples = self.fields["~samples"] + other.fields["~samples"]
    kind = self.fields.get("~length") or other.fields.get("~length")
    fresh = {"~batch": None, "~sizes": (), "~fixed": ()} if batched else {}
    return changed(
        self, **{"~element": mapped(one, mine), "~count": count, "~samples": samples, "~length": kind, **fresh}
    )


def _unlike(self: Instance, other: Instance, x: Array, y: Array) -> Fault:
    from foreshape.faults.dtype_mismatch import DtypeMismatch

    message = (
        f"Incompatible dataset elements:\n  TensorSpec(shape={tuple_text(x.shape or ())}, "
        f"dtype=tf.{x.dtype}, name=None) vs.   "
        f"TensorSpec(shape={tuple_text(y.shape or ())}, dtype=tf.{y.dtype}, name=None)"
    )
    return DtypeMismatch(
        failed("TypeError", message),
        values=(y, x, self, other),
        taker="concatenate",
        got=(x.dtype or "?", y.dtype or "?"),
        wanted=x.dtype,
    )


@rule(
    "tensorflow.data.Dataset.sample_from_datasets",
    "tensorflow.data.experimental.sample_from_datasets",
    "tensorflow.data.Dataset.choose_from_datasets",
)
def sample_from(cx: Context, datasets: Value, *args: Value, **kwargs: Value) -> Value:
    """Elements of several datasets in turns."""
    contents = cx.iterate(datasets)
    items = None if contents is None else contents.items(limit=64)
    if not items or not is_dataset(items[0]):
        return dataset(None)
    first = items[0]
    assert isinstance(first, Instance)
    return changed(first, **OPEN)
