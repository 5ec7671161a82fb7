"""Values as tensors: what ``tf.convert_to_tensor`` makes of Python numbers, lists and arrays, and what it refuses.

Python ints are int32 (int64 where they need it), floats float32; NumPy arrays keep their dtype; a tensor is never cast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import (
    Array,
    Const,
    DictValue,
    Instance,
    Int,
    IteratorValue,
    RangeValue,
    Sequence,
    Typed,
    Value,
)
from foreshape.faults.base import Fault, Raises
from foreshape.semantics.numpy.array_from import InhomogeneousError, Part, part_of
from foreshape.semantics.tensorflow.support import COMPLEX, FLOATS, INTEGERS, failed, in_graph, shown

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

MOST_DATA = 64
NUMPY_TEXT = ("<U", "|S", "str", "bytes")


def as_tensor(cx: Context, value: Value | None, hint: str | None = None, *, strict: bool = True) -> Array | None:
    """The tensor that TensorFlow makes of a value; None where that is not known.

    hint: the dtype of the tensor that it meets. A Python number or a NumPy array takes it; a float that meets
    integers is a
    TypeError. ``strict`` False: the hint is only a wish (``tf.add``). Raises what TensorFlow raises.
    """
    if isinstance(value, Array):
        return _array(value, hint)
    if isinstance(value, (Const, Int, Typed)):
        return _scalar(cx, value, hint, strict)
    if isinstance(value, (Sequence, RangeValue)):
        return _sequence(cx, value, hint, strict)
    if isinstance(value, Instance):
        return _instance(cx, value, hint)
    if isinstance(value, (DictValue, IteratorValue)):
        raise unsupported(value, "dict" if isinstance(value, DictValue) else value.kind)
    return None


def _array(value: Array, hint: str | None) -> Array | None:
    if value.kind == "tensorflow":
        return value
    if value.kind != "numpy":
        return None
    dtype = value.dtype
    if dtype == "object":
        if _holds_no_text(value):
            raise _objects(value)
        return value.replace(kind="tensorflow", dtype="string" if "classes" in value.meta else None, meta={}, data=None)
    if dtype is not None and dtype.startswith(NUMPY_TEXT):
        dtype = "string"
    meta = {"loose": True} if value.meta.get("loose") else {}
    data = value.data
    if hint is not None and hint != dtype and dtype in (*FLOATS, *INTEGERS, "bool"):
        data = data if dtype in INTEGERS and hint in INTEGERS else None
        dtype = hint
    made = value.replace(kind="tensorflow", dtype=dtype, meta=meta, data=data)
    made.origin = value.origin
    return made


def _holds_no_text(value: Value, depth: int = 6) -> bool:
    """Whether an array of objects certainly holds something else than texts: those become a tensor."""
    first = value.origin.inputs[0] if value.origin is not None and value.origin.inputs else None
    if isinstance(first, Sequence):
        parts = first.contents.distinct()
        return any(isinstance(part, (Sequence, Array, Int)) or _is_number(part) for part in parts)
    if isinstance(first, Array) and first.dtype == "object" and depth:
        return _holds_no_text(first, depth - 1)
    return False


def _is_number(value: Value) -> bool:
    if isinstance(value, Typed):
        return value.kind not in ("str", "bytes")
    return isinstance(value, Const) and not isinstance(value.value, (str, bytes))


def _objects(value: Value) -> Fault:
    from foreshape.faults.unsupported_data import UnsupportedData

    message = "Failed to convert a NumPy array to a Tensor (Unsupported object type list)."
    return UnsupportedData(
        failed("ValueError", message), values=(value,), taker="convert_to_tensor", given="an array of objects"
    )


def unsupported(value: Value, kind: str) -> Fault:
    """A value of a type that no tensor is made of."""
    from foreshape.faults.unsupported_data import UnsupportedData

    shown_as = "None" if kind == "NoneType" else "..."
    message = f"Attempt to convert a value ({shown_as}) with an unsupported type (<class '{kind}'>) to a Tensor."
    return UnsupportedData(failed("ValueError", message), values=(value,), taker="convert_to_tensor", given=kind)


def cannot(value: Value, text: str, dtype: str) -> Fault:
    """A Python number that a dtype does not hold."""
    from foreshape.faults.dtype_mismatch import DtypeMismatch

    long = {"float32": "float", "float64": "double", "float16": "half"}.get(dtype, dtype)
    message = f"Cannot convert {text} to EagerTensor of dtype {long}"
    return DtypeMismatch(
        failed("TypeError", message), values=(value,), taker="convert_to_tensor", got=("float",), wanted=dtype
    )


def _scalar(cx: Context, value: Const | Int | Typed, hint: str | None, strict: bool) -> Array | None:
    if isinstance(value, Int):
        kind, lo, hi = "int", value.dim, value.dim
        data: tuple[object, ...] | None = (value.dim,)
        text = str(value.dim)
    elif isinstance(value, Typed):
        kind, lo, hi, data, text = value.kind, value.lo, value.hi, None, "a number"  # type: ignore[assignment]
    else:
        item = value.value
        kind = type(item).__name__
        if item is None or item is Ellipsis:
            raise unsupported(value, kind)
        data, text = (item,), repr(item)
        number = isinstance(item, (int, float)) and item == item
        lo = hi = (int(item) if isinstance(item, bool) else item) if number else None  # type: ignore[assignment]
    dtype = {
        "bool": "bool",
        "int": "int32",
        "float": "float32",
        "str": "string",
        "bytes": "string",
        "complex": "complex128",
    }.get(kind)
    if dtype is None:
        return None
    if dtype == "int32" and isinstance(value, Const) and not -(2**31) <= int(value.value) < 2**31:
        dtype = "int64"
    if hint is not None and hint != dtype:
        dtype = _fitted(value, kind, dtype, hint, text, strict)
    if dtype in (*FLOATS, *COMPLEX) and isinstance(value, Int):
        data = None
    return Array("tensorflow", (), dtype, lo=lo, hi=hi, data=data)


def _fitted(value: Value, kind: str, dtype: str, hint: str, text: str, strict: bool) -> str:
    """The dtype of a Python scalar that meets a tensor."""
    if kind == "bool" and hint != "bool":
        fits = True
    elif kind == "int":
        fits = hint in (*FLOATS, *INTEGERS, *COMPLEX)
    elif kind == "float":
        fits = hint in (*FLOATS, *COMPLEX)
    elif kind == "complex":
        fits = hint in COMPLEX
    else:
        fits = hint == "string"
    if fits and not (kind == "bool" and hint == "string"):
        return hint
    if strict:
        raise cannot(value, text, hint)
    return dtype


def _sequence(cx: Context, value: Sequence | RangeValue, hint: str | None, strict: bool) -> Array | None:
    if isinstance(value, Sequence):
        if value.kind in ("set", "frozenset"):
            raise unsupported(value, value.kind)
        if value.kind not in ("list", "tuple"):
            return None
        if _holds(value, Array, "tensorflow"):
            return _packed(cx, value, hint)
    try:
        part = part_of(cx, value, None)
    except InhomogeneousError as found:
        if found.condition is not None:
            return None
        raise _ragged(value, found) from None
    if part is None or part.shape is None:
        return None
    numpy = isinstance(value, Sequence) and _holds(value, Array, "numpy")
    dtype = _dtype_of_part(cx, value, part, numpy)
    if dtype is None and part.dtype is not None:
        return None
    if hint is not None and dtype is not None and dtype != hint:
        fits = (dtype in INTEGERS and hint in (*FLOATS, *INTEGERS, *COMPLEX)) or (
            dtype in FLOATS and hint in (*FLOATS, *COMPLEX)
        )
        if fits or numpy or (dtype == "bool" and hint == "bool"):
            dtype = hint
        elif strict and not (part.shape and 0 in part.shape):
            raise cannot(value, cx.text(value) or "the list", hint)
        elif part.shape and 0 in part.shape:
            dtype = hint
    data = part.data if part.data is not None and len(part.data) <= MOST_DATA else None
    made = Array("tensorflow", part.shape, dtype, lo=part.lo, hi=part.hi, data=data, roles=part.roles)
    made.tainted = part.tainted or value.tainted
    return made


def _dtype_of_part(cx: Context, value: Value, part: Part, numpy: bool) -> str | None:
    dtype = part.dtype
    if dtype is None:
        return None
    if dtype == "object":
        if isinstance(value, Sequence) and _holds_none(value):
            raise unsupported(Const(None), "NoneType")
        return None
    if dtype.startswith(NUMPY_TEXT):
        if isinstance(value, Sequence) and _mixed(value):
            raise _mixture(value)
        return "string"
    if isinstance(value, Sequence) and not numpy and _mixed(value):
        if in_graph(cx):
            return None
        raise _mixture(value)
    if numpy and dtype != "int64":
        return dtype
    wide = isinstance(part.lo, int) and isinstance(part.hi, int) and not (part.lo >= -(2**31) and part.hi < 2**31)
    return {"int64": "int64" if wide else "int32", "float64": "float64" if numpy else "float32"}.get(dtype, dtype)


def _holds(value: Sequence, kind: type, name: str, depth: int = 3) -> bool:
    """Whether an array of that library is anywhere in a nested list."""
    for item in value.contents.distinct():
        if isinstance(item, kind) and getattr(item, "kind", None) == name:
            return True
        if depth and isinstance(item, Sequence) and _holds(item, kind, name, depth - 1):
            return True
    return False


def _holds_none(value: Sequence, depth: int = 3) -> bool:
    return any(
        (isinstance(item, Const) and item.value is None)
        or (depth > 0 and isinstance(item, Sequence) and _holds_none(item, depth - 1))
        for item in value.contents.distinct()
    )


def _mixed(value: Sequence) -> bool:
    """Whether bools or texts stand beside numbers."""
    kinds: set[str] = set()
    pending: list[Value] = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, Sequence):
            pending.extend(item.contents.distinct())
        elif isinstance(item, Const):
            name = type(item.value).__name__
            kinds.add({"float": "number", "int": "number", "complex": "number", "bytes": "str"}.get(name, name))
        elif isinstance(item, Int):
            kinds.add("number")
        else:
            return False
    return len(kinds) > 1 and kinds <= {"number", "bool", "str"}


def _mixture(value: Value) -> Fault:
    from foreshape.faults.dtype_mismatch import DtypeMismatch

    return DtypeMismatch(
        failed("ValueError", "Can't convert Python sequence with mixed types to Tensor."),
        values=(value,),
        taker="convert_to_tensor",
        got=("mixed types",),
        wanted=None,
    )


def _ragged(value: Value, found: InhomogeneousError) -> Fault:
    from foreshape.faults.ragged_array import RaggedArray

    return RaggedArray(
        Raises("ValueError", "Can't convert non-rectangular Python sequence to Tensor.", by="tensorflow"),
        values=(value,),
        taker="convert_to_tensor",
        detected=found.detected,
        axis=len(found.detected),
        sizes=found.sizes,
    )


def _packed(cx: Context, value: Sequence, hint: str | None) -> Array | None:
    """A list that holds tensors is stacked."""
    items = value.contents.items(limit=1024)
    if items is None:
        from foreshape.semantics.tensorflow.support import tensor

        distinct = value.contents.distinct()
        first = distinct[0] if len(distinct) == 1 else None
        if isinstance(first, Array) and first.shape is not None:
            return tensor((value.contents.length, *first.shape), first.dtype, first)
        return None
    from foreshape.semantics.tensorflow.joining import stacked

    found = stacked(cx, list(items), 0, "Pack")
    return found if isinstance(found, Array) else None


def _instance(cx: Context, value: Instance, hint: str | None) -> Array | None:
    if "~shape" in value.fields and value.library_type in ("tensorflow.TensorShape", None):
        dims = value.fields["~shape"]
        return None if dims is None else Array("tensorflow", (len(dims),), "int32", data=tuple(dims))
    name = value.library_type or ""
    if name.startswith("pandas."):
        found = cx.call_method(value, "to_numpy", ())
        return as_tensor(cx, found, hint) if isinstance(found, Array) else None
    return None


def converted(cx: Context, value: Value, dtype: str | None, *, constant: bool = False) -> Array | None:
    """``tf.convert_to_tensor(value, dtype)``: a tensor of another dtype is refused, everything else is cast."""
    x = as_tensor(cx, value, dtype)
    if x is None or dtype is None or x.dtype is None or x.dtype == dtype:
        return x
    if isinstance(value, Array) and value.kind == "tensorflow":
        from foreshape.faults.dtype_mismatch import DtypeMismatch

        message = f"Tensor conversion requested dtype {dtype} for Tensor with dtype {x.dtype}: {shown(x.shape)}"
        exception = "ValueError"
        if constant:
            exception, message = "TypeError", f"Expected tensor with dtype tf.{dtype}, but got dtype tf.{x.dtype}."
        raise DtypeMismatch(
            failed(exception, message), values=(value,), taker="convert_to_tensor", got=(x.dtype,), wanted=dtype
        )
    return x
