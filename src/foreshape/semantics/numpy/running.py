"""Positions of extremes, and functions that run along an axis: argmax, argmin, cumsum, cumprod."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foreshape.domain.values import Array, Bound, Const, Sequence, Unknown, Value, as_int
from foreshape.semantics.numpy.array_from import as_array, converted
from foreshape.semantics.numpy.dtypes import dtype_argument, kind_of
from foreshape.semantics.numpy.support import (
    axis_of,
    flag,
    given,
    invalid,
    made,
    resolved,
    total,
    type_fault,
)
from foreshape.semantics.registry import rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context
from foreshape.semantics.numpy.reductions import (
    EMPTY_ARG,
    Reduction,
    _fixed,
    _largest,
    _no_bounds,
    _position,
    _register,
    _smallest,
    is_pandas,
    reduced,
    sum_dtype,
)

DOC = "https://numpy.org/doc/stable/reference/generated/numpy."


# -- positions of extremes --------------------------------------------------------------------------------------------
def extreme_position(cx: Context, name: str, a: Value, axis: Value | None, keepdims: Value | None) -> Value:
    """argmax and argmin: positions along the axis, at most its size - 1."""
    if isinstance(a, Array) and a.kind == "torch":
        return cx.call_method(a, name, (axis,) if axis is not None and given(axis) else ())
    array = as_array(cx, a)
    if isinstance(array, Unknown):
        return cx.unknown(array.reason)
    at = None if not given(axis) else as_int(axis)
    if name.startswith("nan") and isinstance(axis, Sequence):
        return made(None, "int64", 0)
    empty = EMPTY_ARG.format(name.removeprefix("nan"))
    how = Reduction(name, _fixed("int64"), _no_bounds, _position(_largest if "max" in name else _smallest), empty,
                    numbers=False)  # fmt: skip
    found = reduced(cx, how, array if not isinstance(a, Array) else a, axis, None, keepdims)
    if not isinstance(found, Array) or array.shape is None or (given(axis) and at is None):
        return found if not isinstance(found, Array) else made(found.shape, "int64", 0, None)
    if found.data is not None:
        return found
    size = total(array.shape) if at is None or not array.shape else array.shape[at]
    return made(found.shape, "int64", 0, cx.resolve(size) - 1, roles=found.roles)


def _extreme(name: str) -> None:
    def function(
        cx: Context, a: Value, axis: Value | None = None, out: Value | None = None, *, keepdims: Value | None = None
    ) -> Value:
        return extreme_position(cx, name, a, axis, keepdims)

    def without_nan(
        cx: Context, a: Value, axis: Value | None = None, out: Value | None = None, *, keepdims: Value | None = None
    ) -> Value:
        return extreme_position(cx, f"nan{name}", a, axis, keepdims)

    def method(
        cx: Context, self: Value, axis: Value | None = None, out: Value | None = None, *, keepdims: Value | None = None
    ) -> Value:
        return extreme_position(cx, name, self, axis, keepdims)

    _register(f"numpy.{name}", function)
    _register(f"numpy.nan{name}", without_nan)
    _register(f"numpy.ndarray.{name}", method)


_extreme("argmax")
_extreme("argmin")


# -- along an axis ----------------------------------------------------------------------------------------------------
def running(cx: Context, a: Value, axis: Value | None, dtype: Value | None, name: str, grows: bool = True) -> Value:
    """cumsum and cumprod: the same shape, or all elements in one axis where none is given."""
    array = as_array(cx, a)
    if isinstance(array, Unknown):
        return cx.unknown(array.reason)
    kind = dtype_argument(cx, dtype, sum_dtype(array.dtype))
    lo: Bound = 0 if isinstance(array.lo, (int, float)) and array.lo >= 0 and name != "cumprod" else None
    if not given(axis):
        if array.shape is None:
            return made((cx.fresh(lo=0),), kind, lo)
        return made((total(resolved(cx, array.shape)),), kind, lo, data=_accumulated(array, name, kind))
    at = as_int(axis)
    not_one(axis, name, a)
    if array.shape is not None and at is not None:
        axis_of(at, len(array.shape) or 1, name, (a,), made(array.shape, kind))
        if not array.shape:
            return made((1,), kind, lo)
    data = _accumulated(array, name, kind) if array.shape is not None and len(array.shape) == 1 else None
    return made(array.shape, kind, lo, data=data, roles=array.roles)


def _accumulated(array: Array, name: str, dtype: str | None) -> tuple[Any, ...] | None:
    if array.data is None or name not in ("cumsum", "nancumsum") or kind_of(dtype) not in ("i", "u"):
        return None
    found: list[Any] = []
    so_far: Any = 0
    for item in array.data:
        so_far = so_far + (int(item) if isinstance(item, bool) else item)
        found.append(so_far)
    return converted(tuple(found), dtype)


def not_one(axis: Value | None, taker: str, *values: Value) -> None:
    """A tuple where one axis is wanted."""
    from foreshape.domain.values import Sequence

    if isinstance(axis, Sequence):
        raise type_fault(
            f"'{axis.kind}' object cannot be interpreted as an integer", taker, *values, types=(axis.kind,)
        )


@rule("numpy.cumsum", "numpy.nancumsum", doc=DOC + "cumsum.html")
def cumsum(
    cx: Context, a: Value, axis: Value | None = None, dtype: Value | None = None, out: Value | None = None
) -> Value:
    if is_pandas(a):
        return cx.call_method(a, "cumsum")
    return running(cx, a, axis, dtype, "cumsum")


@rule("numpy.cumprod", "numpy.nancumprod", doc=DOC + "cumprod.html")
def cumprod(
    cx: Context, a: Value, axis: Value | None = None, dtype: Value | None = None, out: Value | None = None
) -> Value:
    return running(cx, a, axis, dtype, "cumprod")


@rule("numpy.ndarray.cumsum")
def cumsum_method(
    cx: Context, self: Value, axis: Value | None = None, dtype: Value | None = None, out: Value | None = None
) -> Value:
    return running(cx, self, axis, dtype, "cumsum")


@rule("numpy.ndarray.cumprod")
def cumprod_method(
    cx: Context, self: Value, axis: Value | None = None, dtype: Value | None = None, out: Value | None = None
) -> Value:
    return running(cx, self, axis, dtype, "cumprod")


@rule("numpy.cumulative_sum", "numpy.cumulative_prod", since="2.1", doc=DOC + "cumulative_sum.html")
def cumulative_sum(
    cx: Context, x: Value, /, *, axis: Value | None = None, dtype: Value | None = None, out: Value | None = None,
    include_initial: Value | None = None,
) -> Value:  # fmt: skip
    array = as_array(cx, x)
    if isinstance(array, Array) and array.shape is not None and len(array.shape) > 1 and not given(axis):
        text = "For arrays which have more than one dimension ``axis`` argument is required."
        raise invalid("axis", None, text, x)
    found = running(cx, x, axis if given(axis) else Const(0), dtype, "cumprod")
    starts = flag(include_initial)
    if isinstance(found, Array) and found.shape and starts is not False:
        at = as_int(axis) if given(axis) else 0
        if starts is None or at is None:
            return made(None, found.dtype)
        at %= len(found.shape)
        return made((*found.shape[:at], found.shape[at] + 1, *found.shape[at + 1 :]), found.dtype)
    return found
