"""What the rules of TensorFlow share: tensors of values, dtypes, static against eager errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Mapping, Sequence as SequenceOf

from foreshape.domain.compare import eq
from foreshape.domain.dim import DimLike, is_none as undefined
from foreshape.domain.values import (
    Array,
    Const,
    Instance,
    Int,
    LibraryRef,
    Sequence,
    Shape,
    Typed,
    Value,
    as_dim,
    as_str,
    is_none,
)
from foreshape.faults.base import Fault, Raises
from foreshape.semantics.shared.broadcast import broadcast_shapes

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

Core = Callable[..., Value]

DTYPES = ("float16", "bfloat16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32",
          "uint64", "bool", "string", "complex64", "complex128")  # fmt: skip
NAMES = {"half": "float16", "double": "float64", "int": "int32", "float": "float32", "bool_": "bool", "str": "string"}
LONG = {"float32": "float", "float64": "double", "float16": "half"}


def graph_mode(cx: Context, *values: Value) -> bool:
    """Whether a graph is traced: shapes may hold None, and what they forbid raises a ValueError."""
    state = cx.state("keras").fields
    if isinstance(state.get("tracing"), tuple) or state.get("symbolic"):
        return True
    return any(
        isinstance(value, Array) and value.shape is not None and any(undefined(dim) for dim in value.shape)
        for value in values
    )


def raises(cx: Context, message: str, *values: Value) -> Raises:
    """A shape error: InvalidArgumentError when computed at once, ValueError when a graph is traced."""
    exception = "ValueError" if graph_mode(cx, *values) else "InvalidArgumentError"
    return Raises(exception, message, by="tensorflow")


def failed(exception: str, message: str) -> Raises:
    """An error that TensorFlow raises in any mode."""
    return Raises(exception, message, by="tensorflow")


def dtype_of(value: Value | None) -> str | None:
    """The dtype that an argument names; None where it names none, or is not known."""
    if value is None or is_none(value):
        return None
    found = as_str(value)
    if found is None and isinstance(value, LibraryRef):
        found = value.name.rpartition(".")[2]
    if found is None and isinstance(value, Instance):
        found = as_str(value.fields.get("name"))
    if found is None:
        return None
    found = NAMES.get(found, found)
    return found if found in DTYPES else None


def given(value: Value | None) -> bool:
    """Whether an argument was given and is not None."""
    return value is not None and not is_none(value)


def as_tensor(cx: Context, value: Value, hint: str | None = None) -> Array | None:
    """The tensor that TensorFlow makes of a value; None where that is not known. ``hint``: dtype for what has none."""
    if isinstance(value, Array):
        if value.kind == "tensorflow":
            return value
        if value.kind == "numpy":
            made = value.replace(kind="tensorflow", meta={"loose": True} if value.meta.get("loose") else {})
            made.origin = value.origin
            return made
        return None
    if isinstance(value, Const):
        if isinstance(value.value, bool):
            return Array("tensorflow", (), "bool", data=(value.value,))
        if isinstance(value.value, int):
            return Array("tensorflow", (), hint or "int32", lo=value.value, hi=value.value, data=(value.value,))
        if isinstance(value.value, float):
            kind = hint if hint is not None and "float" in hint else "float32"
            return Array("tensorflow", (), kind, lo=value.value, hi=value.value, data=(value.value,))
        if isinstance(value.value, str):
            return Array("tensorflow", (), "string")
        return None
    if isinstance(value, Int):
        return Array("tensorflow", (), hint or "int32", lo=value.dim, hi=value.dim, data=(value.dim,))
    if isinstance(value, Typed):
        kind = {"int": hint or "int32", "float": hint if hint and "float" in hint else "float32", "bool": "bool",
                "str": "string"}.get(value.kind)  # fmt: skip
        return None if kind is None else Array("tensorflow", (), kind, lo=value.lo, hi=value.hi)
    if isinstance(value, Sequence):
        return _of_sequence(cx, value, hint)
    if isinstance(value, Instance):
        if "~shape" in value.fields and value.fields["~shape"] is not None:
            dims = value.fields["~shape"]
            return Array("tensorflow", (len(dims),), "int32", data=tuple(dims))
        if (value.library_type or "").startswith("pandas."):
            found = cx.call_method(value, "to_numpy", ())
            return as_tensor(cx, found, hint) if isinstance(found, Array) else None
    return None


def _of_sequence(cx: Context, value: Sequence, hint: str | None) -> Array | None:
    items = value.contents.items(limit=4096)
    if items is not None and items and all(isinstance(item, Array) for item in items):
        from foreshape.semantics.tensorflow.joins import stack_core

        found = stack_core(cx, list(items), 0)
        return found if isinstance(found, Array) else None
    found = cx.rule("numpy.array", value)
    if not isinstance(found, Array):
        return None
    dtype = found.dtype
    if items is None or not any(isinstance(item, Array) for item in items):
        dtype = {"int64": "int32", "float64": "float32"}.get(dtype or "", dtype)
    if hint is not None and dtype is not None and (("float" in hint) or "int" in dtype):
        dtype = hint if dtype in ("int32", "int64", "float32", "float64", "bool") else dtype
    if dtype == "object" or (dtype or "").startswith("<U"):
        dtype = None if dtype == "object" else "string"
    made = found.replace(kind="tensorflow", dtype=dtype, meta={})
    made.tainted = found.tainted
    return made


def tensor(
    shape: Shape | None, dtype: str | None, *sources: Value | None, roles: tuple[str | None, ...] | None = None, **more: Any
) -> Array:
    """A tensor that was computed from these."""
    made = Array("tensorflow", shape, dtype, roles=roles, **more)
    if any(source is not None and source.tainted for source in sources):
        made.tainted = True
    return made


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
        if value.shape == () and value.kind in ("tensorflow", "numpy"):
            return (cx.fresh(),)
        if value.data is not None and value.shape is not None and len(value.shape) == 1:
            return tuple(item for item in value.data)
        if value.shape is not None and len(value.shape) == 1 and isinstance(value.shape[0], int) and value.shape[0] < 32:
            return tuple(cx.fresh() for _ in range(value.shape[0]))
        return None
    if isinstance(value, Sequence):
        items = value.contents.items(limit=64)
        if items is None:
            return None
        dims: list[DimLike] = []
        for item in items:
            dim = as_dim(item)
            if dim is None:
                if is_none(item):
                    dim = cx.fresh(keras_none=True)
                elif isinstance(item, Array) and item.shape == ():
                    dim = item.data[0] if item.data and isinstance(item.data[0], int) else cx.fresh()
                else:
                    dim = cx.fresh(item.origin.name if item.origin is not None else None)
            dims.append(dim)
        return tuple(dims)
    return None


def shown(shape: Shape) -> str:
    """A shape as TensorFlow's kernels print it: ``[2,3]``."""
    return "[" + ",".join("?" if undefined(dim) else str(dim) for dim in shape) + "]"


def joined(cx: Context, a: DimLike, b: DimLike) -> DimLike | None:
    """The common size of two axes that must be equal; None where they certainly differ."""
    if undefined(a) or undefined(b):
        return b if undefined(a) else a
    return cx.resolve(a) if cx.equal(a, b) else None


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
            if -axis > len(shape):
                continue
            other = cx.resolve(shape[axis])
            if size == 1:
                size = other
            elif other == 1 or eq(size, other, cx.facts).is_yes:
                continue
            elif undefined(size) or undefined(other):
                size = other if undefined(size) else size
            else:
                found = broadcast_shapes((size,), (other,), facts=cx.facts)
                if found.failed is not None:
                    raise _mismatch(cx, taker, arrays, shapes, axis)
                cx.equal(size, other) if not _maybe_one(size, other) else None
                size = found.shape[0]
        sizes.append(size)
    return tuple(sizes)


def _maybe_one(a: DimLike, b: DimLike) -> bool:
    from foreshape.domain.dim import lower

    low_a, low_b = lower(a), lower(b)
    return not (low_a is not None and low_a > 1 and low_b is not None and low_b > 1)


def _mismatch(
    cx: Context, taker: str, arrays: SequenceOf[Array], shapes: SequenceOf[Shape], axis: int
) -> Fault:
    from foreshape.faults.broadcast_mismatch import BroadcastMismatch

    texts = " vs. ".join(shown(shape) for shape in shapes)
    if graph_mode(cx, *arrays) and len(shapes) == 2:
        a, b = shapes[0][axis], shapes[1][axis]
        message = f"Dimensions must be equal, but are {a} and {b} for '{taker}' with input shapes: " + ", ".join(
            shown(shape) for shape in shapes
        )
    else:
        message = f"Incompatible shapes: {texts}"
    return BroadcastMismatch(
        raises(cx, message, *arrays), values=tuple(arrays), taker=taker, shapes=tuple(shapes), axis=axis
    )


def lift(
    cx: Context, name: str, core: Core, tensors: SequenceOf[Value], *rest: Any, symbolic_ok: bool = False, **more: Any
) -> Value:
    """Apply an operation to tensors. On a symbolic Keras tensor it becomes part of the graph (Keras 2), or raises: Keras 3
    takes only its own operations there (``symbolic_ok``)."""
    from foreshape.semantics.keras.graph import any_symbolic, operation

    if any_symbolic(tensors):
        if not symbolic_ok and cx.targets.at_least("keras", "3"):
            raise _not_for_keras(tensors)

        def apply(inner: Context, args: SequenceOf[Value], kwargs: Mapping[str, Value]) -> Value:
            return core(inner, *args, *rest, **more)

        return operation(cx, name, apply, tensors)
    return core(cx, *tensors, *rest, **more)


def _not_for_keras(tensors: SequenceOf[Value]) -> Fault:
    from foreshape.faults.unsupported_data import UnsupportedData

    message = (
        "A KerasTensor cannot be used as input to a TensorFlow function. A KerasTensor is a symbolic placeholder for a shape "
        "and dtype, used when constructing Keras Functional models or Keras Functions. You can only use it as input to a "
        "Keras layer or a Keras operation (from the namespaces `keras.layers` and `keras.ops`)."
    )
    return UnsupportedData(
        Raises("ValueError", message, by="keras 3"),
        values=tuple(tensors),
        taker="a TensorFlow function",
        given="a symbolic Keras tensor",
    )


def axis_in(cx: Context, taker: str, axis: int, rank: int, message: str, *values: Value) -> int:
    """The axis counted from the left; raises axis-range."""
    if -rank <= axis < rank:
        return axis % rank if rank else 0
    from foreshape.faults.axis_range import AxisRange

    raise AxisRange(raises(cx, message, *values), values=tuple(values), taker=taker, axis=axis, rank=rank)


def dtype_value(name: str | None) -> Value:
    """A ``tf.DType``."""
    from foreshape.domain.values import Unknown

    if name is None:
        return Unknown("the dtype is not known")
    return Instance(LibraryRef("tensorflow.DType"), {"name": Const(name)})
