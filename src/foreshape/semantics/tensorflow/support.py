"""What the rules of TensorFlow share: errors, sizes, arguments."""

from __future__ import annotations

from collections.abc import Sequence as SequenceOf
from typing import TYPE_CHECKING, Any

from foreshape.domain.compare import eq
from foreshape.domain.dim import Dim, DimLike, lower
from foreshape.domain.dim import is_none as undefined
from foreshape.domain.values import (
    Array,
    Const,
    Instance,
    LibraryRef,
    Sequence,
    Shape,
    Typed,
    Unknown,
    Value,
    as_dim,
    as_int,
    as_str,
    is_none,
)
from foreshape.faults.base import Fault, Raises
from foreshape.semantics.keras.later import pair_later
from foreshape.semantics.keras.traced import PLACEHOLDER
from foreshape.semantics.shared.broadcast import broadcast_shapes

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

FLOATS = ("float16", "bfloat16", "float32", "float64")
INTEGERS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
COMPLEX = ("complex64", "complex128")
DTYPES = (*FLOATS, *INTEGERS, *COMPLEX, "bool", "string")
NAMES = {
    "half": "float16",
    "double": "float64",
    "int": "int64",
    "float": "float32",
    "bool_": "bool",
    "str": "string",
    "str_": "string",
    "float_": "float64",
    "int_": "int64",
    "variant": "variant",
    "resource": "resource",
    "complex": "complex128",
    "object": "string",
}
MOST_STEPS = 2000
"""How far back the making of a tensor is followed."""
LONG = {"float32": "float", "float64": "double", "float16": "half"}
"""How kernels spell dtypes."""


# -- graphs and errors -----------------------------------------------------------------------------------------------


def graph_mode(cx: Context, *values: Value) -> bool:
    """Whether a graph is traced: shapes may hold None, and what they forbid raises a ValueError."""
    if in_graph(cx):
        return True
    return any(
        isinstance(value, Array) and value.shape is not None and any(undefined(dim) for dim in value.shape)
        for value in values
    )


def in_graph(cx: Context) -> bool:
    """Whether a function is being traced."""
    state = cx.state("keras").fields
    if isinstance(state.get("tracing"), tuple) or state.get("symbolic"):
        return True
    return not cx.targets.at_least("tensorflow", "2")


def is_symbolic(cx: Context, tensor: Array) -> bool:
    """Whether a tensor is one of a graph that is being traced, which has no numbers: it was made of a placeholder. What was
    there before, and is only read inside, has them."""
    if not in_graph(cx) or "variable" in tensor.meta:
        return False
    waiting: list[Value] = [tensor]
    seen: set[int] = set()
    while waiting and len(seen) < MOST_STEPS:
        value = waiting.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, Array) and value.kind == "tensorflow" and PLACEHOLDER in value.meta:
            return True
        if value.origin is not None:
            waiting.extend(value.origin.inputs)
    return False


def raises(cx: Context, message: str, *values: Value) -> Raises:
    """A shape error: InvalidArgumentError when computed at once, ValueError when a graph is traced."""
    exception = "ValueError" if graph_mode(cx, *values) else "InvalidArgumentError"
    return Raises(exception, message, by="tensorflow")


def failed(exception: str, message: str) -> Raises:
    """An error that TensorFlow raises in any mode."""
    return Raises(exception, message, by="tensorflow")


def at_run(message: str) -> Raises:
    """What only the kernel checks: an InvalidArgumentError, also where a graph is traced first."""
    return Raises("InvalidArgumentError", message, by="tensorflow")


def invalid(raised: Raises, argument: str, given_: object, *values: Value, recover: Value | None = None) -> Fault:
    """The fault for an argument that a function does not take."""
    from foreshape.faults.invalid_argument import InvalidArgument

    return InvalidArgument(raised, values=values, recover=recover, argument=argument, given=str(given_))


def wrong_rank(
    cx: Context, taker: str, x: Array, needs: int, message: str, at_least: bool = False, exception: str = ""
) -> Fault:
    """The fault for a tensor with another number of axes than the operation takes."""
    from foreshape.faults.rank_mismatch import RankMismatch

    raised = failed(exception, message) if exception else raises(cx, message, x)
    return RankMismatch(raised, values=(x,), taker=taker, needs=needs, at_least=at_least, got=x.shape or ())


def wrong_dtype(
    cx: Context, taker: str, x: Value, got: str | None, allowed: SequenceOf[str], parameter: str = "x", attr: str = "T"
) -> Fault:
    """The fault for a dtype that an operation has no kernel for: InvalidArgumentError, in a graph TypeError."""
    from foreshape.faults.dtype_mismatch import DtypeMismatch

    name = got or "?"
    if graph_mode(cx, x):
        listed = ", ".join(allowed)
        text = f"Value passed to parameter '{parameter}' has DataType {name} not in list of allowed values: {listed}"
        raised = failed("TypeError", text)
    else:
        listed = ", ".join(LONG.get(item, item) for item in allowed)
        text = f"Value for attr '{attr}' of {LONG.get(name, name)} is not in the list of allowed values: {listed}"
        raised = failed("InvalidArgumentError", text)
    return DtypeMismatch(raised, values=(x,), taker=taker, got=(name,), wanted=None)


def unknown_tensor(cx: Context, *sources: Value) -> Value:
    """What an operation on something unknown gives."""
    reason = next((source.reason for source in sources if isinstance(source, Unknown)), None)
    made = cx.unknown(reason or "it is made from something that is not known")
    made.tainted = any(source.tainted for source in sources)
    return made


# -- dtypes ----------------------------------------------------------------------------------------------------------


def dtype_of(value: Value | None) -> str | None:
    """The dtype that an argument names; None where it names none, or is not known."""
    if value is None or is_none(value):
        return None
    found = as_str(value)
    if found is None and isinstance(value, LibraryRef):
        owner, _, found = value.name.rpartition(".")
        if owner == "builtins":
            found = {"float": "float32", "int": "int32"}.get(found, found)
    if found is None and isinstance(value, Instance):
        found = as_str(value.fields.get("name"))
    if found is None:
        return None
    found = NAMES.get(found, found)
    return found if found in DTYPES else None


def dtype_value(name: str | None) -> Value:
    """A ``tf.DType``."""
    if name is None:
        return Unknown("the dtype is not known")
    return Instance(LibraryRef("tensorflow.DType"), {"name": Const(name)})


def open_dtype(value: Value | None, found: str | None) -> bool:
    """Whether a dtype was asked for that is not known."""
    return found is None and value is not None and not is_none(value)


def dtype_or(value: Value | None, default: str | None) -> str | None:
    """The dtype that was asked for, None where it is not known; the default where none was."""
    found = dtype_of(value)
    return None if open_dtype(value, found) else found or default


# -- arguments -------------------------------------------------------------------------------------------------------


def given(value: Value | None) -> bool:
    """Whether an argument was given and is not None."""
    return value is not None and not is_none(value)


def flag(value: Value | None, default: bool = False) -> bool | None:
    """A flag; None where it is not known."""
    if not given(value):
        return default
    if isinstance(value, Const) and isinstance(value.value, (bool, int)):
        return bool(value.value)
    return None


def ints(cx: Context, value: Value | None) -> tuple[int, ...] | None:
    """The known ints of an int, list, tuple or small constant tensor."""
    one = as_int(value)
    if one is not None and not isinstance(value, Sequence):
        return (one,)
    if isinstance(value, Sequence):
        items = value.contents.items(limit=64)
        found = None if items is None else [as_int(item) for item in items]
        if found is not None and all(item is not None for item in found):
            return tuple(item for item in found if item is not None)
    if isinstance(value, Array) and value.data is not None and all(isinstance(item, int) for item in value.data):
        return tuple(int(item) for item in value.data)
    return None


def shape_argument(cx: Context, value: Value | None) -> Shape | None:
    """A ``shape`` argument: an int, a list or tuple, a TensorShape, a tensor of sizes. -1 stays. None: not known."""
    if value is None:
        return None
    single = as_dim(value)
    if single is not None:
        return (single,)
    if isinstance(value, Instance) and "~shape" in value.fields:
        found: Shape | None = value.fields["~shape"]
        return found
    if isinstance(value, Array):
        if value.shape == ():
            return (cx.fresh(),)
        if value.data is not None and value.shape is not None and len(value.shape) == 1:
            return tuple(item if isinstance(item, (int, Dim)) else cx.fresh(lo=0) for item in value.data)
        if (
            value.shape is not None
            and len(value.shape) == 1
            and isinstance(value.shape[0], int)
            and value.shape[0] < 32
        ):
            return tuple(cx.fresh(lo=0) for _ in range(value.shape[0]))
        return None
    if isinstance(value, Sequence):
        items = value.contents.items(limit=64)
        return None if items is None else tuple(_size(cx, item) for item in items)
    return None


def check_sizes(cx: Context, value: Value, taker: str, attr: str) -> None:
    """Sizes must be ints: InvalidArgumentError for a list with a float in it, TypeError where a function is traced; for a
    whole shape among single sizes (``[tf.shape(x), -1]``), too, ValueError where a function is traced."""
    items = value.contents.items(limit=32) if isinstance(value, Sequence) else (value,)
    whole = next((one for one in items or () if isinstance(one, Array) and one.shape and as_dim(one) is None), None)
    if whole is not None and any(_is_one_size(one) for one in items or ()):
        message = f"Shapes of all inputs must match: values hold {shown(whole.shape)} and []"
        raise invalid(raises(cx, message), "shape", cx.text(whole), whole)
    for item in items or ():
        number = isinstance(item, Const) and isinstance(item.value, float)
        if not number and not (isinstance(item, Typed) and item.kind == "float"):
            continue
        from foreshape.faults.dtype_mismatch import DtypeMismatch

        message = f"Value for attr '{attr}' of float is not in the list of allowed values: int32, int64"
        raised = failed("TypeError" if in_graph(cx) else "InvalidArgumentError", message)
        raise DtypeMismatch(raised, values=(value,), taker=taker, got=("float",), wanted="int32")


def _is_one_size(item: Value) -> bool:
    return as_dim(item) is not None or (isinstance(item, Array) and item.shape == ())


def _size(cx: Context, item: Value) -> DimLike:
    dim = as_dim(item)
    if dim is not None:
        return dim
    if is_none(item):
        return cx.fresh(keras_none=True)
    if isinstance(item, Array) and item.data and isinstance(item.data[0], (int, Dim)):
        return item.data[0]
    return cx.fresh(item.origin.name if item.origin is not None else None, lo=0)


def may_be(cx: Context, shape: Shape, declared: Shape) -> bool:
    """Whether a tensor of a shape may be one of a declared shape, in which None is any size."""
    return len(shape) == len(declared) and not any(
        not undefined(size) and not undefined(wanted) and eq(size, wanted, cx.facts).is_no
        for size, wanted in zip(shape, declared)
    )


# -- tensors ---------------------------------------------------------------------------------------------------------


def tensor(
    shape: Shape | None,
    dtype: str | None,
    *sources: Value | None,
    roles: tuple[str | None, ...] | None = None,
    **more: Any,
) -> Array:
    """A tensor that was computed from these."""
    made = Array("tensorflow", shape, dtype, roles=roles, **more)
    if any(source is not None and source.tainted for source in sources):
        made.tainted = True
    return made


def open_size(cx: Context, lo: int = 0) -> Dim:
    """A size that only the values decide: None in a graph."""
    return cx.fresh(lo=lo, keras_none=True) if in_graph(cx) else cx.fresh(lo=lo)


def shown(shape: Shape | None) -> str:
    """A shape as TensorFlow's kernels print it: ``[2,3]``."""
    if shape is None:
        return "<unknown>"
    return "[" + ",".join("?" if undefined(dim) else str(dim) for dim in shape) + "]"


def tuple_text(shape: SequenceOf[DimLike]) -> str:
    """A shape as Python prints it: ``(2, 3)``."""
    words = ["None" if undefined(dim) else str(dim) for dim in shape]
    return f"({words[0]},)" if len(words) == 1 else f"({', '.join(words)})"


def joined(cx: Context, a: DimLike, b: DimLike) -> DimLike | None:
    """The common size of two axes that must be equal; None where they certainly differ."""
    a, b = cx.resolve(a), cx.resolve(b)
    if undefined(a) or undefined(b):
        return b if undefined(a) else a
    return cx.resolve(a) if cx.equal(a, b) else None


def axis_in(cx: Context, taker: str, axis: int, rank: int, message: str, *values: Value, exception: str = "") -> int:
    """The axis counted from the left; raises axis-range."""
    if -rank <= axis < rank:
        return axis % rank if rank else 0
    from foreshape.faults.axis_range import AxisRange

    raised = failed(exception, message) if exception else raises(cx, message, *values)
    raise AxisRange(raised, values=tuple(values), taker=taker, axis=axis, rank=rank)


def broadcast(cx: Context, taker: str, *arrays: Array) -> Shape | None:
    """The shape of arrays combined element by element; raises broadcast-mismatch."""
    if any(array.shape is None for array in arrays):
        return None
    shapes = [array.shape for array in arrays if array.shape is not None]
    rank = max(len(shape) for shape in shapes)
    sizes: list[DimLike] = []
    for axis in range(-rank, 0):
        size: DimLike = 1
        for shape in shapes:
            if -axis <= len(shape):
                size = _pair(cx, taker, arrays, shapes, axis, size, cx.resolve(shape[axis]))
        sizes.append(size)
    return tuple(sizes)


def _pair(
    cx: Context,
    taker: str,
    arrays: SequenceOf[Array],
    shapes: SequenceOf[Shape],
    axis: int,
    size: DimLike,
    other: DimLike,
) -> DimLike:
    if isinstance(size, int) and size == 1:
        return other
    if (isinstance(other, int) and other == 1) or eq(size, other, cx.facts).is_yes:
        return size
    if undefined(size) or undefined(other):
        known = other if undefined(size) else size
        if isinstance(known, int) and known > 1:
            pair_later(cx, arrays, taker, shapes, axis, size, other)
        return known if isinstance(known, int) and known > 1 else size if undefined(size) else other
    found = broadcast_shapes((size,), (other,), facts=cx.facts)
    if found.failed is not None:
        raise _mismatch(cx, taker, arrays, shapes, axis)
    if not _maybe_one(size, other):
        cx.equal(size, other)
    return found.shape[0]


def _maybe_one(a: DimLike, b: DimLike) -> bool:
    low_a, low_b = lower(a), lower(b)
    return not (low_a is not None and low_a > 1 and low_b is not None and low_b > 1)


def _mismatch(cx: Context, taker: str, arrays: SequenceOf[Array], shapes: SequenceOf[Shape], axis: int) -> Fault:
    from foreshape.faults.broadcast_mismatch import BroadcastMismatch

    texts = " vs. ".join(shown(shape) for shape in shapes)
    sizes = [shape[axis] if -axis <= len(shape) else 1 for shape in shapes]
    if graph_mode(cx, *arrays):
        message = (
            f"Dimensions must be equal, but are {sizes[0]} and {sizes[-1]} for '{taker}' with input shapes: "
            + ", ".join(shown(shape) for shape in shapes)
        )
    else:
        message = f"Incompatible shapes: {texts}"
    if taker == "SelectV2" and len(shapes) == 3 and not graph_mode(cx, *arrays):
        message = (
            f"condition {shown(shapes[0])}, then {shown(shapes[1])}, and else {shown(shapes[2])} must be broadcastable"
        )
    return BroadcastMismatch(
        raises(cx, message, *arrays), values=tuple(arrays), taker=taker, shapes=tuple(shapes), axis=axis
    )
