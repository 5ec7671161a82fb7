"""What the rules of NumPy share: making arrays, reading shapes and axes, saying what failed."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable
from collections.abc import Sequence as SequenceOf
from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.contents import Contents
from foreshape.domain.dim import Dim, DimLike, dmax, dmin, lower, product, upper
from foreshape.domain.values import (
    Array,
    Bound,
    Const,
    Instance,
    Int,
    LibraryRef,
    Sequence,
    Shape,
    Typed,
    Unknown,
    Value,
    as_dim,
    as_int,
    is_none,
)
from foreshape.faults.base import Fault, Raises
from foreshape.semantics.numpy.dtypes import integer_range, is_integer, kind_of

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

MOST_DATA: Final = 256
"""The elements of larger arrays are not kept."""

ZERO_D: Final = {"0d": True}
"""``meta`` of an array without axes that is no scalar (``np.array(5)``)."""


def made(
    shape: Shape | None,
    dtype: str | None,
    lo: Bound = None,
    hi: Bound = None,
    data: tuple[Any, ...] | None = None,
    roles: tuple[str | None, ...] | None = None,
) -> Array:
    """A NumPy array. Bounds are taken from the data where there is some and they are not given."""
    if data is not None:
        if len(data) > MOST_DATA:
            data = None
        elif lo is None and hi is None:
            lo, hi = data_bounds(data)
    return Array("numpy", shape, dtype, lo=lo, hi=hi, data=data, roles=roles)


def zero_d(array: Array) -> Array:
    """The array marked as an array although it has no axes."""
    return array.replace(meta=ZERO_D) if array.shape == () else array


def view_of(owner: Array, part: Array) -> Array:
    """A part that shares its elements with its owner: what is written into the part changes the owner."""
    if owner.lo is None and owner.hi is None and owner.data is None and "base" not in owner.meta:
        return part
    part.meta = {**part.meta, "base": owner.meta.get("base", owner)}
    return part


def written_through(cx: Context, part: Array) -> None:
    """Something was written into an array: the values of what it is a view of are no longer known."""
    base = part.meta.get("base")
    if isinstance(base, Array):
        cx.rebind(base, Array("numpy", base.shape, base.dtype, roles=base.roles))


def seen_elsewhere(cx: Context, array: Array) -> None:
    """Something was written into an array: what it is a view of, and what the callers of the function hold, changed."""
    written_through(cx, array)
    if array.lo is not None or array.hi is not None or array.data is not None:
        loose = Array("numpy", array.shape, array.dtype, roles=array.roles, meta=array.meta)
        cx.rebind(array, loose, callers_only=True)


def is_scalar(array: Array) -> bool:
    """Whether it is a NumPy scalar, not an array."""
    return array.shape == () and not array.meta.get("0d")


def is_text(array: Array) -> bool:
    """Whether it is a scalar of text: ``numpy.str_`` and ``numpy.bytes_`` are Python's own strings as well."""
    return is_scalar(array) and kind_of(array.dtype) in ("U", "S")


MANY_SIZES: Final = 8


def data_bounds(data: SequenceOf[Any]) -> tuple[Bound, Bound]:
    """The smallest and largest of some elements; None where they have no order. Of many sizes that are not known, the ends
    of their ranges: which of them is the smallest would be a question about every pair."""
    lo: Bound = None
    hi: Bound = None
    if sum(isinstance(item, Dim) for item in data) > MANY_SIZES:
        if not all(isinstance(item, (int, Dim)) for item in data):
            return None, None
        lows, highs = [lower(item) for item in data], [upper(item) for item in data]
        return (
            None if None in lows else min(low for low in lows if low is not None),
            None if None in highs else max(high for high in highs if high is not None),
        )
    for item in data:
        if isinstance(item, bool):
            item = int(item)
        if not isinstance(item, (int, float, Dim)) or item != item:
            return None, None
        if lo is None or hi is None:
            lo = hi = item
        elif isinstance(item, float) and (isinstance(lo, Dim) or isinstance(hi, Dim)):
            return None, None
        elif isinstance(item, Dim) or isinstance(lo, Dim) or isinstance(hi, Dim):
            if isinstance(lo, float) or isinstance(hi, float):
                return None, None
            lo, hi = dmin(lo, item), dmax(hi, item)  # type: ignore[arg-type]
        else:
            lo, hi = min(lo, item), max(hi, item)
    return lo, hi


def keeps(array: Array, shape: Shape | None, **changes: Any) -> Array:
    """The same values in another shape: dtype and bounds stay, roles and data go unless they are given."""
    return Array("numpy", shape, array.dtype, **{"lo": array.lo, "hi": array.hi, **changes})


def unlike(cx: Context, value: Value) -> Unknown:
    """What a function of something that is not known gives."""
    return cx.unknown(value.reason if isinstance(value, Unknown) else "it is made from something that is not modelled")


def written(cx: Context, value: Value | None, same: bool = False) -> None:
    """An array was changed in place. same: its elements only changed places."""
    if isinstance(value, Array) and value.kind == "numpy":
        lo, hi = (value.lo, value.hi) if same else (None, None)
        written_through(cx, value)
        cx.rebind(value, Array("numpy", value.shape, value.dtype, lo=lo, hi=hi, roles=value.roles, meta=value.meta))


# -- shapes -----------------------------------------------------------------------------------------------------------
def total(shape: Shape) -> DimLike:
    """The number of elements."""
    return product(shape)


def known(shape: Shape | None) -> tuple[int, ...] | None:
    """The shape where every size is a plain number."""
    if shape is None or any(not isinstance(size, int) for size in shape):
        return None
    return tuple(size for size in shape if isinstance(size, int))


def shape_text(shape: Iterable[DimLike | str]) -> str:
    """A shape as NumPy's messages write it: ``(3,4)``, ``(3,)``."""
    parts = [str(size) for size in shape]
    return f"({parts[0]},)" if len(parts) == 1 else f"({','.join(parts)})"


def python_shape(shape: Iterable[DimLike]) -> str:
    """A shape as Python prints the tuple: ``(3, 4)``, ``(3,)``."""
    parts = [str(size) for size in shape]
    return f"({parts[0]},)" if len(parts) == 1 else f"({', '.join(parts)})"


def resolved(cx: Context, shape: Iterable[DimLike]) -> Shape:
    return tuple(cx.resolve(size) for size in shape)


def shape_argument(cx: Context, value: Value, taker: str = "") -> Shape | None:
    """A ``shape`` argument: an int or a sequence of them. None where not even the rank is known.

    Raises what NumPy raises for a float ("'float' object cannot be interpreted as an integer").
    """
    if isinstance(value, Sequence) and value.kind in ("list", "tuple"):
        items = value.contents.items(64)
        if items is None:
            return None
        return tuple(size_argument(cx, item, taker) for item in items)
    if isinstance(value, Array) and value.shape is not None and len(value.shape) == 1:
        if value.data is not None and is_integer(value.dtype):
            return tuple(value.data)
        count = value.shape[0]
        return tuple(cx.fresh(lo=0) for _ in range(count)) if isinstance(count, int) and count <= 32 else None
    if isinstance(value, Unknown):
        return None
    if as_dim(value) is not None or isinstance(value, (Typed, Const, Array)):
        return (size_argument(cx, value, taker),)
    return None


def size_argument(cx: Context, value: Value, taker: str) -> DimLike:
    """One size."""
    not_an_integer(value, taker)
    found = cx.dim(value)
    return cx.fresh(lo=0) if found is None else cx.resolve(found)


def not_an_integer(value: Value, taker: str) -> None:
    """Raise for a Python or NumPy float where an int is needed."""
    shown = None
    if isinstance(value, Const) and not isinstance(value.value, (int, bool)):
        shown = type(value.value).__name__
    elif isinstance(value, Typed) and value.kind in ("float", "str", "complex"):
        shown = value.kind
    elif isinstance(value, Array) and value.shape == () and kind_of(value.dtype) in ("f", "c"):
        shown = "numpy." + str(value.dtype)
    if shown is not None:
        from foreshape.faults.dtype_mismatch import DtypeMismatch

        text = f"'{shown}' object cannot be interpreted as an integer"
        raise DtypeMismatch(
            Raises("TypeError", text, by="numpy"), values=(value,), taker=taker, got=(shown,), wanted="int"
        )


# -- axes -------------------------------------------------------------------------------------------------------------
class OpenAxes:
    """Axes that were given but are not known."""


OPEN: Final = OpenAxes()


def axes_argument(cx: Context, value: Value | None) -> tuple[int, ...] | OpenAxes | None:
    """An ``axis`` argument: None where not given, OPEN where not known."""
    if is_none(value) or value is None:
        return None
    one = as_int(value)
    if one is not None:
        return (one,)
    if isinstance(value, Sequence) and value.kind in ("tuple", "list"):
        items = value.contents.items(32)
        if items is not None:
            found = tuple(as_int(item) for item in items)
            if all(axis is not None for axis in found):
                return tuple(axis for axis in found if axis is not None)
    if (
        isinstance(value, Array)
        and value.data is not None
        and is_integer(value.dtype)
        and all(isinstance(item, int) for item in value.data)
    ):
        return tuple(value.data)
    return OPEN


LENIENT: Final = frozenset({
    "sum", "prod", "max", "min", "any", "all", "ptp", "argmax", "argmin", "argsort", "squeeze", "cumsum", "cumprod",
    "take",
    "count_nonzero", "repeat", "nanmean", "nanstd", "nanargmax", "nanargmin", "accumulate", "compress",
})  # fmt: skip
"""Functions that take the axis 0 of an array without axes."""


def axis_of(
    axis: int, rank: int, taker: str, values: tuple[Value, ...], recover: Value | None = None, name: str = ""
) -> int:
    """The axis counted from the left; raises ``axis-range``. name: the argument, where NumPy's message begins with
    it."""
    if not name and not rank and axis in (0, -1) and taker in LENIENT:
        return 0
    if -rank <= axis < rank:
        return axis + rank if axis < 0 else axis
    from foreshape.faults.axis_range import AxisRange

    prefix = f"{name}: " if name else ""
    text = f"{prefix}axis {axis} is out of bounds for array of dimension {rank}"
    raise AxisRange(
        Raises("AxisError", text, by="numpy"), values=values, recover=recover, taker=taker, axis=axis, rank=rank
    )


def axes_of(
    axes: tuple[int, ...],
    rank: int,
    taker: str,
    values: tuple[Value, ...],
    recover: Value | None = None,
    name: str = "",
) -> tuple[int, ...]:
    """Several axes counted from the left; one named twice is a ValueError."""
    found = tuple(axis_of(axis, rank, taker, values, recover, name) for axis in axes)
    if len(set(found)) != len(found):
        from foreshape.faults.transpose_axes import TransposeAxes

        text = f"repeated axis in `{name}` argument" if name else "duplicate value in 'axis'"
        raise TransposeAxes(
            Raises("ValueError", text, by="numpy"), values=values, recover=recover, taker=taker, axes=axes, rank=rank
        )
    return found


# -- arguments --------------------------------------------------------------------------------------------------------
def invalid(
    argument: str,
    given: object,
    message: str,
    *values: Value,
    exception: str = "ValueError",
    recover: Value | None = None,
) -> Fault:
    """The fault for an argument that the function does not take."""
    from foreshape.faults.invalid_argument import InvalidArgument

    return InvalidArgument(
        Raises(exception, message, by="numpy"), values=values, recover=recover, argument=argument, given=str(given)
    )


def type_fault(
    text: str, operation: str, *values: Value, types: tuple[str, ...] = (), recover: Value | None = None
) -> Fault:
    """A TypeError that NumPy raises for an operation that its arrays do not have."""
    from foreshape.faults.python_error import PythonError

    return PythonError(
        Raises("TypeError", text, by="numpy"),
        values=values,
        recover=recover,
        problem=text,
        operation=operation,
        types=types,
    )


def flag(value: Value | None, default: bool = False) -> bool | None:
    """A boolean argument: the default where not given, None where not known."""
    if value is None or is_none(value):
        return default
    if isinstance(value, Const) and isinstance(value.value, (bool, int)):
        return bool(value.value)
    if isinstance(value, Array) and value.data is not None and len(value.data) == 1:
        return bool(value.data[0]) if isinstance(value.data[0], (bool, int)) else None
    return None


def number(value: Value | None) -> int | float | None:
    """The known number that a value is."""
    if isinstance(value, Const) and isinstance(value.value, (int, float)):
        return value.value
    if isinstance(value, Array) and value.shape == () and value.data is not None:
        item = value.data[0]
        return item if isinstance(item, (int, float)) else None
    return None


def bounds_of(value: Value | None) -> tuple[Bound, Bound]:
    """The bounds of a number or of the values of an array."""
    if isinstance(value, Array):
        return value.lo, value.hi
    if isinstance(value, Const) and isinstance(value.value, (int, float)):
        if value.value != value.value:
            return None, None
        plain = int(value.value) if isinstance(value.value, bool) else value.value
        return plain, plain
    if isinstance(value, Int):
        return value.dim, value.dim
    if isinstance(value, Typed):
        return value.lo, value.hi
    return None, None


def given(value: Value | None) -> bool:
    """Whether an optional argument was given and is not None."""
    return value is not None and not is_none(value)


def listed(kind: str, values: Iterable[Value]) -> Sequence:
    """A list or tuple of these values."""
    return Sequence(kind, Contents(tuple(values)))


def named_tuple(name: str, **fields: Value) -> Instance:
    """A result with named fields that is a tuple, too."""
    return object_of(name, **fields)


def fits(dtype: str | None, bound: Bound) -> bool:
    """Whether a bound certainly is a value of an integer dtype."""
    limits = integer_range(dtype)
    if limits is None:
        return True
    from foreshape.semantics.numpy.dtypes import bound_high, bound_low

    low, high = bound_low(bound), bound_high(bound)
    if isinstance(bound, Dim):
        # sizes are far below what 64 bits hold
        return (limits[1] >= 2**31 - 1) or (
            high is not None and low is not None and limits[0] <= low and high <= limits[1]
        )
    return low is not None and high is not None and limits[0] <= low and high <= limits[1]


def within(dtype: str | None, lo: Bound, hi: Bound) -> tuple[Bound, Bound]:
    """Bounds that hold for values of that dtype: none where the arithmetic may have wrapped around."""
    if integer_range(dtype) is None:
        return lo, hi
    if (lo is not None and not fits(dtype, lo)) or (hi is not None and not fits(dtype, hi)):
        return None, None
    if (lo is None or hi is None) and dtype in ("int8", "int16", "uint8", "uint16", "bool"):
        # the open side may have wrapped around to the other
        return None, None
    return lo, hi


def object_of(name: str, **fields: Any) -> Instance:
    """An object of a library type."""
    state: dict[Hashable, Any] = dict(fields.items())
    return Instance(LibraryRef(name), state)


def loosened(dtype: str | None, lo: Bound, hi: Bound) -> tuple[Bound, Bound]:
    """Bounds of narrow floats a little further out: each step rounds."""
    if dtype not in ("float32", "float16"):
        return lo, hi
    if dtype == "float16" and any(isinstance(end, (int, float)) and abs(end) > 60000 for end in (lo, hi)):
        return None, None
    slack = 1e-5 if dtype == "float32" else 1e-2
    if isinstance(lo, float) and not lo.is_integer() and not math.isinf(lo):
        lo = max(lo - abs(lo) * slack, math.floor(lo))
    if isinstance(hi, float) and not hi.is_integer() and not math.isinf(hi):
        hi = min(hi + abs(hi) * slack, math.ceil(hi))
    return lo, hi
