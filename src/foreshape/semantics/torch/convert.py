"""Python values and NumPy arrays as tensors: what ``torch.tensor`` makes of them, and what it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from foreshape.domain import compare
from foreshape.domain import dtype as dtypes
from foreshape.domain.contents import Contents, Run
from foreshape.domain.dim import Dim
from foreshape.domain.values import (
    Array,
    Const,
    DictValue,
    Instance,
    Int,
    RangeValue,
    Sequence,
    Typed,
    Unknown,
    Value,
    int_value,
)
from foreshape.faults.base import Fault
from foreshape.semantics.numpy.array_from import InhomogeneousError, part_of
from foreshape.semantics.torch.support import (
    DTYPES,
    MOST_DATA,
    default_dtype,
    error,
    is_floating,
    is_integral,
    python_type,
    tensor,
    weak_dtype,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

NUMPY_DTYPES: Final = (
    "float64", "float32", "float16", "complex64", "complex128", "int64", "int32", "int16", "int8", "uint64", "uint32",
    "uint16", "uint8", "bool",
)  # fmt: skip
TEXT: Final = ("str", "bytes", "U", "S", "<U", "|S")


def from_array(cx: Context, value: Array) -> Array:
    """A NumPy array as a tensor. TypeError for dtypes that PyTorch does not have."""
    dtype = value.dtype
    known = NUMPY_DTYPES if cx.targets.at_least("torch", "2.3") else tuple(
        name for name in NUMPY_DTYPES if name not in ("uint16", "uint32", "uint64")
    )  # fmt: skip
    if dtype is not None and dtype not in known:
        from foreshape.faults.dtype_mismatch import DtypeMismatch

        shown = "str_" if dtype.startswith(TEXT) and "S" not in dtype else "bytes_" if dtype.startswith(TEXT) else dtype
        shown = {"object": "object_"}.get(shown, shown)
        supported = ", ".join(known[:-1]) + ", and bool"
        message = f"can't convert np.ndarray of type numpy.{shown}. The only supported types are: {supported}."
        raise DtypeMismatch(
            error(cx, "TypeError", message), values=(value,), taker="from_numpy", got=(dtype,), wanted=None
        )
    made = tensor(cx, value.shape, dtype, lo=value.lo, hi=value.hi, data=value.data, roles=value.roles,
                  loose=bool(value.meta.get("loose")))  # fmt: skip
    made.tainted = value.tainted
    return made


def converted(cx: Context, value: Value, wanted: str | None, taker: str) -> Array | None:
    """The values as a tensor, of the dtype that they have by themselves; None where that is not known. What has no dtype
    of its own fails another way where one is asked for."""
    from foreshape.faults.unsupported_data import UnsupportedData

    try:
        return _converted(cx, value, wanted, taker)
    except UnsupportedData as fault:
        if wanted is None or fault.raises is None or fault.raises.exception != "RuntimeError":
            raise
        kind = fault.given
        real = is_floating(wanted) or wanted.startswith("complex")
        message = f"must be real number, not {kind}" if real else f"'{kind}' object cannot be interpreted as an integer"
        raise UnsupportedData(error(cx, "TypeError", message), values=fault.values, taker=taker, given=kind) from None


def _converted(cx: Context, value: Value, wanted: str | None, taker: str) -> Array | None:
    if isinstance(value, Array):
        if value.kind == "numpy":
            if value.dtype == "object" and value.shape is not None:
                return from_array(cx, value)
            return from_array(cx, value)
        if value.kind == "torch":
            return value
        return None
    if isinstance(value, (Const, Int, Typed)):
        return _scalar(cx, value, taker)
    if isinstance(value, (Sequence, RangeValue)):
        return _sequence(cx, value, taker)
    if isinstance(value, DictValue):
        raise no_dtype(cx, value, "dict", taker)
    if isinstance(value, Instance) and (value.library_type or "").startswith("pandas."):
        _refuse_labels(cx, value, taker)
        found = cx.call_method(value, "to_numpy", ())
        return from_array(cx, found) if isinstance(found, Array) else None
    return None


def _refuse_labels(cx: Context, value: Instance, taker: str) -> None:
    """PyTorch reads a table or column as a sequence, by ``x[0]``: of a DataFrame that is a column called 0, of a Series the
    row labelled 0. ValueError where there is none."""
    from foreshape.semantics.pandas.support import frame_of

    form = (value.library_type or "").rpartition(".")[2]
    if form == "Series":
        frame = frame_of(cx, value)
        labels = frame.index
        without = (
            labels.kind == "datetime"
            or (labels.data is not None and 0 not in labels.data and 0.0 not in labels.data)
            or (labels.kind == "range" and compare.ge(labels.start, 1, cx.facts).is_yes)
        )
        if not without or not compare.ge(frame.rows, 1, cx.facts).is_yes:
            return
    elif form != "DataFrame":
        return
    from foreshape.faults.unsupported_data import UnsupportedData

    message = f"could not determine the shape of object type '{form}'"
    raise UnsupportedData(error(cx, "ValueError", message), values=(value,), taker=taker, given=form)


def no_dtype(cx: Context, value: Value, kind: str, taker: str) -> Fault:
    """A value that no tensor is made of."""
    from foreshape.faults.unsupported_data import UnsupportedData

    if kind in ("str", "bytes") and not isinstance(value, Sequence):
        exception, message = "TypeError", f"new(): invalid data type '{kind}'"
    elif kind == "str":
        exception, message = "ValueError", "too many dimensions 'str'"
    else:
        exception, message = "RuntimeError", f"Could not infer dtype of {kind}"
    return UnsupportedData(error(cx, exception, message), values=(value,), taker=taker, given=kind)


def _scalar(cx: Context, value: Const | Int | Typed, taker: str) -> Array | None:
    if isinstance(value, Int):
        return tensor(cx, (), "int64", lo=value.dim, hi=value.dim, data=(value.dim,))
    if isinstance(value, Typed):
        kind = value.kind
        if kind in ("str", "bytes"):
            raise no_dtype(cx, value, kind, taker)
        dtype = {"int": "int64", "float": default_dtype(cx), "bool": "bool"}.get(kind)
        return tensor(cx, (), dtype, lo=value.lo, hi=value.hi)
    item = value.value
    if item is None or isinstance(item, (str, bytes)) or item is Ellipsis:
        raise no_dtype(cx, value, python_type(value), taker)
    complex_default = "complex128" if default_dtype(cx) == "float64" else "complex64"
    dtype = {"bool": "bool", "int": "int64", "float": default_dtype(cx)}.get(type(item).__name__, complex_default)
    number = isinstance(item, (int, float)) and item == item
    bound = int(item) if isinstance(item, bool) else item if number else None
    return tensor(cx, (), dtype, lo=bound, hi=bound, data=(item,) if not isinstance(item, complex) else None)


def _sequence(cx: Context, value: Sequence | RangeValue, taker: str) -> Array | None:
    if isinstance(value, Sequence):
        if value.kind in ("set", "frozenset"):
            raise no_dtype(cx, value, value.kind, taker)
        if value.kind not in ("list", "tuple"):
            return None
        held = _tensors_in(value)
        if held:
            return _of_tensors(cx, value, held, taker)
        if not value.contents.segments:
            return tensor(cx, (0,), default_dtype(cx), data=())
        _refuse_objects(cx, value, taker)
    try:
        part = part_of(cx, value, None)
    except InhomogeneousError as found:
        if found.condition is not None:
            return None
        raise _ragged(cx, value, found, taker) from None
    if part is None or part.shape is None:
        return None
    dtype = _dtype(cx, value, part.dtype)
    if dtype is None:
        return None if part.dtype is not None else tensor(cx, part.shape, None)
    data = part.data if part.data is not None and len(part.data) <= MOST_DATA else None
    made = tensor(cx, part.shape, dtype, lo=part.lo, hi=part.hi, data=data, roles=part.roles)
    made.tainted = part.tainted or value.tainted
    return made


def _dtype(cx: Context, value: Value, dtype: str | None) -> str | None:
    if dtype is None or dtype == "object" or dtype.startswith(TEXT):
        return None
    if isinstance(value, Sequence) and _holds_arrays(value):
        return dtype if dtype in DTYPES else None
    return {"float64": default_dtype(cx), "complex128": "complex64"}.get(dtype, dtype)


def _holds_arrays(value: Sequence, depth: int = 3) -> bool:
    for item in value.contents.distinct():
        if isinstance(item, Array):
            return True
        if depth and isinstance(item, Sequence) and _holds_arrays(item, depth - 1):
            return True
    return False


def _refuse_objects(cx: Context, value: Sequence, taker: str, depth: int = 4) -> None:
    """Text, None and dicts in a list."""
    for item in value.contents.distinct():
        if isinstance(item, Const) and (item.value is None or isinstance(item.value, (str, bytes))):
            kind = "NoneType" if item.value is None else type(item.value).__name__
            raise no_dtype(cx, value, kind, taker)
        if isinstance(item, DictValue):
            raise no_dtype(cx, value, "dict", taker)
        if isinstance(item, Typed) and item.kind in ("str", "bytes"):
            raise no_dtype(cx, value, item.kind, taker)
        if depth and isinstance(item, Sequence):
            _refuse_objects(cx, item, taker, depth - 1)


def _tensors_in(value: Sequence, depth: int = 3) -> tuple[Array, ...]:
    found: list[Array] = []
    for item in value.contents.distinct():
        if isinstance(item, Array) and item.kind == "torch":
            found.append(item)
        elif depth and isinstance(item, Sequence):
            found.extend(_tensors_in(item, depth - 1))
    return tuple(found)


def _of_tensors(cx: Context, value: Sequence, held: tuple[Array, ...], taker: str) -> Array | None:
    """A list that holds tensors: each must have one element, and counts as a number."""
    for one in held:
        if one.shape is None:
            return None
        if any(isinstance(size, int) and size != 1 for size in one.shape):
            from foreshape.faults.scalar_conversion import ScalarConversion

            exception, message = "ValueError", "only one element tensors can be converted to Python scalars"
            if is_integral(one.dtype):
                exception = "TypeError"
                message = "only integer tensors of a single element can be converted to an index"
            raise ScalarConversion(error(cx, exception, message), values=(one,), shape=one.shape, wanted="a number")
    kinds: set[str | None] = set()
    plain = _numbers_in(value, kinds)
    if plain is None:
        return None
    made = _sequence(cx, plain, taker)
    if made is None:
        return None
    dtype: str | None = None
    for kind in kinds:
        if kind is None:
            return made.replace(dtype=None)
        other = dtypes.default_torch(kind, default_dtype(cx))
        dtype = other if dtype is None else dtypes.promote_torch_types(dtype, other)
    made = made.replace(dtype=dtype)
    made.tainted = made.tainted or any(one.tainted for one in held)
    return made


def _numbers_in(value: Sequence, kinds: set[str | None]) -> Sequence | None:
    """The list with numbers in the place of tensors."""
    segments: list[Value | Run] = []
    for segment in value.contents.segments:
        item = segment.element if isinstance(segment, Run) else segment
        made: Value | None = item
        if isinstance(item, Array) and item.kind == "torch":
            kinds.add(item.dtype)
            made = python_number(item)
        elif isinstance(item, Sequence):
            made = _numbers_in(item, kinds)
        else:
            weak = weak_dtype(item)
            if weak is None:
                return None
            kinds.add(weak)
        if made is None:
            return None
        segments.append(Run(segment.length, made, segment.index) if isinstance(segment, Run) else made)
    return Sequence(value.kind, Contents(segments))


def _ragged(cx: Context, value: Value, found: InhomogeneousError, taker: str) -> Fault:
    from foreshape.faults.ragged_array import RaggedArray

    axis = len(found.detected)
    known = [size for size in found.sizes if size is not None]
    expected = known[0] if known else "?"
    other = next((size for size in known if size != expected), "?")
    message = f"expected sequence of length {expected} at dim {axis} (got {other})"
    return RaggedArray(
        error(cx, "ValueError", message), values=(value,), taker=taker, detected=found.detected, axis=axis,
        sizes=found.sizes,
    )  # fmt: skip


def python_number(x: Array) -> Value:
    """The one element as a Python number."""
    if x.data is not None and len(x.data) == 1:
        found = x.data[0]
        if isinstance(found, Dim):
            return int_value(found)
        if isinstance(found, (bool, int, float)):
            return Const(_typed(found, x.dtype))
    if x.dtype is None:
        return Unknown("a number of a dtype that is not known")
    kind = "bool" if x.dtype == "bool" else "int" if is_integral(x.dtype) else "float"
    return Typed("complex") if dtypes.is_complex(x.dtype) else Typed(kind, lo=x.lo, hi=x.hi)


def _typed(found: Any, dtype: str | None) -> Any:
    if dtype == "bool":
        return bool(found)
    return float(found) if is_floating(dtype) else int(found) if is_integral(dtype) else found
