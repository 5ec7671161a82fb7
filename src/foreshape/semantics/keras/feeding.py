"""What ``fit``, ``evaluate`` and ``predict`` make of their data: arrays, datasets, generators, sequences.

Follows ``keras/src/trainers/data_adapters`` and ``tf_keras/src/engine/data_adapter.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.compare import eq
from foreshape.domain.dim import Dim, DimLike, as_var, ceildiv, lower
from foreshape.domain.join import scalar_kind
from foreshape.domain.origin import part_of
from foreshape.domain.values import (
    Array,
    ClassValue,
    Const,
    DictValue,
    Instance,
    Int,
    IteratorValue,
    Sequence,
    Typed,
    Unknown,
    Value,
    as_dim,
    as_int,
    is_none,
)
from foreshape.faults.base import Fault, Raises
from foreshape.faults.cardinality import Cardinality
from foreshape.faults.unsupported_data import UnsupportedData
from foreshape.semantics.keras.base import error, is_keras3
from foreshape.semantics.keras.config import invalid, repr_value, type_text
from foreshape.semantics.python.iterators import exhaust
from foreshape.semantics.shared.structure import children, flatten, is_nested, mapped

if TYPE_CHECKING:
    from foreshape.domain.polynomial import Var
    from foreshape.semantics.protocol import Context

NUMBERS = ("float16", "bfloat16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32",
           "uint64", "bool", "complex64", "complex128", "string", "str")  # fmt: skip


class Feed:
    """One kind of batch that reaches the model.

    x, y, weights: nested structures of tensors whose first axis is the batch. samples: how many there are altogether.
    batch: the variable that stands for the batch size where Keras does not know it. sizes: the batch sizes that occur.
    """

    __slots__ = ("batch", "broken", "from_generator", "late", "samples", "sizes", "uneven", "weights", "x", "y")

    def __init__(
        self,
        x: Value,
        y: Value,
        weights: Value,
        samples: DimLike | None,
        batch: Var | None,
        sizes: tuple[DimLike, ...],
        from_generator: bool = False,
    ) -> None:
        self.x = x
        self.y = y
        self.weights = weights
        self.samples = samples
        self.batch = batch
        self.sizes = sizes
        self.from_generator = from_generator
        self.late: tuple[Var, DimLike] | None = None
        self.uneven: Fault | None = None
        """A size that Keras does not know while it traces, and what it is when it runs."""
        self.broken: Fault | None = None
        """What the data set itself fails with when it runs, which is after the model was traced."""


def is_dataset(value: Value | None) -> bool:
    """Whether it is a ``tf.data.Dataset``."""
    return isinstance(value, Instance) and (value.library_type or "").startswith("tensorflow.data")


def is_data_frame(value: Value) -> bool:
    """Whether it is a pandas object."""
    return isinstance(value, Instance) and (value.library_type or "").startswith("pandas.")


def as_array(cx: Context, value: Value) -> Value:
    """Pandas objects and masked arrays as the arrays that Keras takes them for."""
    if is_data_frame(value):
        found = cx.call_method(value, "to_numpy", ())
        return found if isinstance(found, (Array, Unknown)) else cx.unknown("a data frame")
    return value


def feed(
    cx: Context,
    taker: str,
    x: Value | None,
    y: Value | None,
    weights: Value | None,
    batch_size: Value | None,
    steps: Value | None = None,
) -> Feed | None:
    """The batches of the data; None where they are not known. Raises what Keras raises for data that it does not
    take."""
    if x is None or is_none(x) or isinstance(x, Unknown):
        return None
    if is_dataset(x):
        return _dataset(cx, taker, x, y)  # type: ignore[arg-type]
    if isinstance(x, IteratorValue) or _is_generator(x):
        return _generator(cx, taker, x, steps)
    if isinstance(x, Instance) and isinstance(x.cls, ClassValue):
        return _sequence_object(cx, taker, x)
    if isinstance(x, Instance) and not is_data_frame(x):
        return _sequence_object(cx, taker, x) if "~batches" in x.fields else None
    return _arrays(cx, taker, x, y, weights, batch_size, steps)


NO_TUPLE = "a generator that yields no tuple"
INNER_LIST = "a generator that yields a list of arrays"


def _is_generator(value: Value) -> bool:
    return isinstance(value, (IteratorValue,))


# -- arrays -----------------------------------------------------------------------------------------------------------


def _arrays(
    cx: Context,
    taker: str,
    x: Value,
    y: Value | None,
    weights: Value | None,
    batch_size: Value | None,
    steps: Value | None,
) -> Feed | None:
    new = is_keras3(cx)
    given = [("x", x), ("y", y), ("sample_weight", weights)]
    parts: list[tuple[str, Value]] = []
    if not new and _list_of_scalars(x) and (y is None or is_none(y) or _list_of_scalars(y)):
        given = [(name, value if value is None else _listed(cx, value)) for name, value in given]
    for name, value in given:
        if value is None or is_none(value):
            parts.append((name, Const(None)))
            continue
        converted = mapped(lambda leaf: as_array(cx, leaf), value)
        parts.append((name, converted))
    leaves = [leaf for _, value in parts for leaf in flatten(value) if not is_none(leaf)]
    for name, value in parts:
        _take(cx, taker, name, value, parts)
    if any(not isinstance(leaf, Array) or leaf.shape is None for leaf in leaves):
        return None
    in_x = {id(leaf) for leaf in flatten(parts[0][1])}
    for leaf in leaves:
        assert isinstance(leaf, Array)
        if leaf.shape == ():
            raise UnsupportedData(
                error(cx, "IndexError", "tuple index out of range"),
                values=(leaf,),
                taker=taker,
                given="a single number",
            )
        if leaf.dtype in ("object", "str") or (leaf.dtype or "").startswith("<U"):
            _bad_dtype(cx, taker, leaf, "x" if id(leaf) in in_x else "y")
    samples = cardinality(cx, parts)
    if samples is None:
        return None
    size = _batch_size(cx, batch_size, steps, samples)
    batch, sizes = batch_sizes(cx, samples, size)
    dim: DimLike = sizes[0] if batch is None else _dim_of(batch)
    held = {name: mapped(lambda leaf: _batched(leaf, dim), value) for name, value in parts}
    return Feed(held["x"], held["y"], held["sample_weight"], samples, batch, sizes)


def _dim_of(batch: Var) -> Dim:
    from foreshape.domain.dim import of_atom

    return of_atom(batch)


def _batched(leaf: Value, batch: DimLike) -> Value:
    """A batch of an array: the same but for its first axis; float64 arrives as float32."""
    if not isinstance(leaf, Array) or leaf.shape is None or not leaf.shape:
        return leaf
    dtype = "float32" if leaf.dtype in ("float64", "float16") and leaf.kind == "numpy" else leaf.dtype
    roles = leaf.roles
    if roles is None or roles[0] is None:
        roles = ("batch", *(roles[1:] if roles is not None else [None] * (len(leaf.shape) - 1)))
    data = leaf.data
    made = leaf.replace(kind="tensorflow", shape=(batch, *leaf.shape[1:]), dtype=dtype, roles=roles, meta=_kept(leaf))
    if data is not None:
        known = [item for item in data if isinstance(item, (int, float)) and not isinstance(item, bool)]
        if known and len(known) == len(data):
            made = made.replace(lo=min(known), hi=max(known), meta={})
    made.origin = part_of(leaf)
    made.tainted = leaf.tainted
    return made


def _kept(leaf: Array) -> dict[str, object]:
    return {"loose": True} if leaf.meta.get("loose") else {}


def _batch_size(cx: Context, batch_size: Value | None, steps: Value | None, samples: DimLike) -> DimLike | None:
    if batch_size is not None and not is_none(batch_size):
        found = as_dim(batch_size)
        if found == 0 and is_keras3(cx):
            found = 32
        if found == 0:
            from foreshape.semantics.keras.config import invalid

            message = "Expected batch_size to be positive. Received is 0."
            raise invalid(cx, "ValueError", message, "batch_size", batch_size)
        if found is None and isinstance(batch_size, Typed) and batch_size.kind == "int":
            return None
        return found
    count = as_dim(steps)
    if count is not None and count != 0 and isinstance(count, int):
        return ceildiv(samples, count)
    return 32


def batch_sizes(cx: Context, samples: DimLike, size: DimLike | None) -> tuple[Var | None, tuple[DimLike, ...]]:
    """The batch variable (None where every batch has the same size, which Keras then knows) and the sizes that
    occur."""
    fresh = cx.fresh("batch", keras_none=True, varying=True)
    batch = as_var(fresh)
    if size is None:
        return batch, ()
    samples = cx.resolve(samples)
    size = cx.resolve(size)
    if isinstance(samples, int) and isinstance(size, int) and size > 0:
        full, rest = divmod(samples, size)
        if full and not rest:
            return None, (size,)
        found = ((size,) if full else ()) + ((rest,) if rest else ())
        return batch, found
    if eq(samples, size, cx.facts).is_yes:
        return None, (size,)
    return batch, ()


def cardinality(cx: Context, parts: list[tuple[str, Value]]) -> DimLike | None:
    """The number of samples that all arrays share; raises where they differ."""
    sizes: list[tuple[str, DimLike]] = []
    for name, value in parts:
        for leaf in flatten(value):
            if isinstance(leaf, Array) and leaf.shape:
                sizes.append((name, leaf.shape[0]))
    if not sizes:
        return None
    first = sizes[0][1]
    for _, size in sizes[1:]:
        if not cx.equal(first, size):
            raise _unequal(cx, parts, sizes)
    return cx.resolve(first)


def _unequal(cx: Context, parts: list[tuple[str, Value]], sizes: list[tuple[str, DimLike]]) -> Fault:
    new = is_keras3(cx)
    names = ("x", "y", "sample_weight")
    lines = {name: ", ".join(str(size) for other, size in sizes if other == name) for name in names}
    if new:
        message = "Data cardinality is ambiguous. Make sure all arrays contain the same number of samples." + "".join(
            f"'{name}' sizes: {lines[name]}\n" for name in names if lines[name]
        )
    else:
        message = (
            "Data cardinality is ambiguous:\n"
            + "".join(f"  {name} sizes: {lines[name]}\n" for name in names if lines[name])
            + "Make sure all arrays contain the same number of samples."
        )
    leaves = tuple(leaf for _, value in parts for leaf in flatten(value) if isinstance(leaf, Array))
    return Cardinality(error(cx, "ValueError", message), values=leaves, sizes=tuple(sizes))


def _plain(leaf: Value) -> bool:
    """Whether a leaf is a Python scalar, which is no array."""
    return (isinstance(leaf, (Int, Typed))) or (isinstance(leaf, Const) and leaf.value is not None)


def _take(cx: Context, taker: str, name: str, value: Value, parts: list[tuple[str, Value]]) -> None:
    """Python lists of numbers are no arrays."""
    if isinstance(value, Sequence) and value.kind in ("list", "tuple") and not is_nested(value):
        # a long list: what its elements are like decides
        distinct = value.contents.distinct()
        bad = bool(distinct) and all(_plain(item) or _list_of_scalars(item) for item in distinct)
        if not bad or not _surely_some(cx, value):
            return
    else:
        leaves = flatten(value)
        bad = any(_plain(leaf) for leaf in leaves) or any(_is_run_of_plain(leaf) for leaf in leaves)
        if not bad:
            return
    shown = parts[0][1]
    if is_keras3(cx):
        message = f"Unrecognized data type: x={_text(shown)} (of type {type_text(shown)})"
        if name == "y" and isinstance(shown, Array):
            message += f"y={_text(value)} (of type {type_text(value)})" if False else ""
    else:
        kinds = ", ".join(_kind_text(part) for _, part in parts if not is_none(part))
        message = f"Failed to find data adapter that can handle input: {kinds}"
    raise UnsupportedData(
        error(cx, "ValueError", message), values=(value,), taker=taker, given=f"a Python {_word(value)} for {name}"
    )


def _surely_some(cx: Context, value: Sequence) -> bool:
    low = lower(value.contents.length)
    return low is not None and low > 0


def _is_run_of_plain(leaf: Value) -> bool:
    return isinstance(leaf, Sequence) and not is_nested(leaf) and all(_plain(item) for item in leaf.contents.distinct())


def _word(value: Value) -> str:
    return value.kind if isinstance(value, (Sequence, DictValue)) else "value"


def _text(value: Value) -> str:
    return repr_value(value)


def _kind_text(value: Value) -> str:
    if isinstance(value, Sequence):
        inner = value.contents.distinct()
        text = "{" + ", ".join(sorted({'"' + _kind_text(item) + '"' for item in inner})) + "}" if inner else "{}"
        return f"(<class '{value.kind}'> containing values of types {text})"
    return type_text(value)


def _list_of_scalars(value: Value | None) -> bool:
    """Keras 2 turns (nested) lists of numbers into arrays, where both x and y are such."""
    if isinstance(value, (Int, Typed)) or (isinstance(value, Const) and isinstance(value.value, (int, float, str))):
        return True
    if isinstance(value, Sequence) and value.kind in ("list", "tuple"):
        found = value.contents.distinct()
        return bool(found) and _list_of_scalars(found[0])
    return False


def _listed(cx: Context, value: Value) -> Value:
    return cx.rule("numpy.asarray", value)


def _bad_dtype(cx: Context, taker: str, leaf: Array, part: str) -> None:
    new = is_keras3(cx)
    if leaf.dtype != "object":
        message = "Invalid dtype: str" + str((leaf.dtype or "").lstrip("<U"))
        raised = (
            error(cx, "ValueError", message)
            if new
            else error(cx, "UnimplementedError", "Graph execution error:\n\nCast string to float is not supported")
        )
        if not new and part == "x":
            return
        raise UnsupportedData(raised, values=(leaf,), taker=taker, given="an array of strings")
    message = (
        "Invalid dtype: object"
        if new
        else "Failed to convert a NumPy array to a Tensor (Unsupported object type list)."
    )
    raise UnsupportedData(error(cx, "ValueError", message), values=(leaf,), taker=taker, given="an array of objects")


# -- other sources ----------------------------------------------------------------------------------------------------


def unpack(cx: Context, element: Value) -> tuple[Value, Value, Value] | None:
    """``(x, y, sample_weight)`` of one element of a dataset or generator."""
    if isinstance(element, Sequence) and element.kind in ("tuple", "list"):
        items = element.contents.items(limit=16)
        if items is None or not 1 <= len(items) <= 3:
            return None
        padded = (*items, Const(None), Const(None))
        return padded[0], padded[1], padded[2]
    return element, Const(None), Const(None)


def _dataset(cx: Context, taker: str, x: Instance, y: Value | None) -> Feed | None:
    if y is not None and not is_none(y):
        message = (
            "When providing `x` as a tf.data.Dataset, `y` should not be passed. Instead, the targets should be "
            "included as "
            "part of the tf.data.Dataset."
            if is_keras3(cx)
            else "`y` argument is not supported when using dataset as input."
        )
        raise UnsupportedData(error(cx, "ValueError", message), values=(x, y), taker=taker, given="a dataset and y")
    element = x.fields.get("~element")
    if not isinstance(element, Value):
        return None
    from foreshape.semantics.tensorflow.generated import started

    broken: Fault | None = None
    try:
        started(cx, x, to_end=True)
    except Fault as fault:
        broken = fault
    parts = unpack(cx, element)
    if parts is None:
        return None
    batch = x.fields.get("~batch")
    sizes = x.fields.get("~sizes", ())
    made = Feed(*parts, x.fields.get("~samples"), batch, sizes)
    made.broken = broken
    made.late = x.fields.get("~window") if isinstance(x.fields.get("~window"), tuple) else None
    return made


def _generator(cx: Context, taker: str, x: Value, steps: Value | None) -> Feed | None:
    contents = cx.iterate(x)
    if contents is None:
        return None
    if not contents.segments:
        raise _empty(cx, taker, x)
    element = contents.at(0)
    if element is None:
        return None
    if steps is None or is_none(steps):
        exhaust(cx, x)  # without a number of steps, all of it
    elif is_keras3(cx):
        _whole_number(cx, steps, "steps_per_epoch" if taker == "fit" else "steps")
    if is_keras3(cx):
        _check_tuple(cx, taker, element)
    return _from_element(cx, taker, element)


def _whole_number(cx: Context, value: Value, argument: str) -> None:
    """A number of batches is no float, not even a whole one: TypeError."""
    if scalar_kind(value) == "float":
        message = "'float' object cannot be interpreted as an integer"
        raise invalid(cx, "TypeError", message, argument, value)


def _empty(cx: Context, taker: str, x: Value) -> Fault:
    """A generator that has nothing left, or never had."""
    from foreshape.faults.no_data import NoData

    message = (
        "When passing a Python generator to a Keras model, the generator must yield at least one batch. Received an empty "
        "generator."
    )
    raised = error(cx, "ValueError", message) if is_keras3(cx) else error(cx, "StopIteration", "")
    return NoData(raised, values=(x,), taker=taker, samples=0)


def _check_tuple(cx: Context, taker: str, element: Value) -> None:
    """What a generator yields is a tuple. Raises the ValueError of Keras 3 for anything else."""
    listed = isinstance(element, Sequence) and element.kind == "list"
    if not listed and not isinstance(element, (Array, DictValue)):
        return
    message = (
        "When passing a Python generator to a Keras model, the generator must return a tuple, either (input,) or "
        f"(inputs, targets) or (inputs, targets, sample_weights). Received: {repr_value(element)}"
    )
    raise UnsupportedData(error(cx, "ValueError", message), values=(element,), taker=taker, given=NO_TUPLE)


def _check_lists(cx: Context, taker: str, element: Value) -> None:
    """TensorFlow takes several inputs or targets of a generator as a tuple, not as a list."""
    for part in children(element) if is_nested(element) else ():
        if isinstance(part, Sequence) and part.kind == "list" and is_nested(part):
            message = (
                "`output_signature` must contain objects that are subclass of `tf.TypeSpec` but found <class 'list'> "
                "which is not."
            )
            raise UnsupportedData(error(cx, "TypeError", message), values=(part,), taker=taker, given=INNER_LIST)


def _sequence_object(cx: Context, taker: str, x: Instance) -> Feed | None:
    """A ``PyDataset``/``Sequence`` of the program: its first batch. The last one is asked for, too: it may be
    shorter."""
    method = cx.user_method(x, "__getitem__")
    if method is None:
        held = x.fields.get("~batches")
        made = _from_element(cx, taker, held) if isinstance(held, Value) else None
        if made is not None:
            made.samples = x.fields.get("~windows")
        return made
    first = cx.call(method, (Const(0),), {})
    if is_none(first) and not first.tainted:
        message = "PyDataset.__getitem__() must return a tuple or a dict. Received: None"
        raised = error(cx, "ValueError", message) if is_keras3(cx) else error(cx, "TypeError", "Got 'None' as input")
        raise UnsupportedData(raised, values=(x,), taker=taker, given="no batch: __getitem__ returns nothing")
    counted = cx.user_method(x, "__len__")
    count, last = None, first
    if counted is not None:
        answer = cx.call(counted, (), {})
        _whole_number(cx, answer, "__len__")
        count = as_int(answer)
        if count is not None and count > 1:
            last = cx.call(method, (Const(count - 1),), {})
    made = _from_element(cx, taker, first)
    full, rest = _rows_of(first), _rows_of(last)
    if made is not None and count is not None and full is not None and rest is not None:
        made.samples = full * (count - 1) + rest
    return made


def _rows_of(batch: Value) -> int | None:
    """The samples of a batch, where they are a number."""
    leaf = next(iter(flatten(batch)), None)
    if not isinstance(leaf, Array) or not leaf.shape or not isinstance(leaf.shape[0], int):
        return None
    return leaf.shape[0]


def _from_element(cx: Context, taker: str, element: Value) -> Feed | None:
    parts = unpack(cx, element)
    if parts is None:
        return None
    converted = [mapped(lambda leaf: as_array(cx, leaf), part) for part in parts]
    leaves = [leaf for part in converted for leaf in flatten(part) if not is_none(leaf)]
    if is_keras3(cx):
        for leaf in leaves:
            if _plain(leaf) or (isinstance(leaf, Array) and leaf.kind == "numpy" and leaf.shape == ()):
                message = (
                    "When passing a dataset to a Keras model, the arrays must be at least rank 1. Received: "
                    f"{repr_value(leaf)} of rank 0."
                )
                raise UnsupportedData(
                    error(cx, "ValueError", message), values=(leaf,), taker=taker, given="plain numbers"
                )
        _check_lists(cx, taker, element)
    elif (plain := next((leaf for part in converted[:2] for leaf in flatten(part) if _plain(leaf)), None)) is not None:
        message = "slice index 0 of dimension 0 out of bounds. for '{{node strided_slice}} = StridedSlice[...]'"
        raise UnsupportedData(
            error(cx, "ValueError", message), values=(plain,), taker=taker, given="plain numbers from a generator"
        )
    if any(not isinstance(leaf, Array) or not leaf.shape for leaf in leaves):
        return None
    sizes: list[DimLike] = []
    for leaf in leaves:
        assert isinstance(leaf, Array) and leaf.shape
        sizes.append(leaf.shape[0])
    fresh = cx.fresh("batch", keras_none=True, varying=True)
    batch = as_var(fresh)
    held = [mapped(lambda leaf: _batched(leaf, fresh), part) for part in converted]
    size: tuple[DimLike, ...] = (sizes[0],) if sizes and all(eq(sizes[0], other).is_yes for other in sizes) else ()
    made = Feed(held[0], held[1], held[2], None, batch, size, from_generator=True)
    made.uneven = _uneven(converted[0], converted[1])
    return made


def _uneven(x: Value, y: Value) -> Fault | None:
    """A batch with more labels than samples, or fewer: nobody counts what a generator yields, but the loss of the two
    cannot be computed when the graph runs. One row would broadcast."""
    inputs, labels = ([leaf for leaf in flatten(part) if isinstance(leaf, Array) and leaf.shape] for part in (x, y))
    held, holds = ({leaf.shape[0] for leaf in part if leaf.shape} for part in (inputs, labels))
    if len(held) != 1 or len(holds) != 1 or held == holds:
        return None
    (samples,), (rows,) = held, holds
    if not isinstance(samples, int) or not isinstance(rows, int) or samples < 2 or rows < 2:
        return None
    message = f"Graph execution error:\n\nIncompatible shapes: [{samples}] vs. [{rows}]"
    return Cardinality(
        Raises("InvalidArgumentError", message, by="tensorflow"),
        values=(inputs[0], labels[0]),
        sizes=(("x", samples), ("y", rows)),
    )
