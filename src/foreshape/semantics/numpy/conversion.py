"""Making arrays of values, and casts: ``np.array``, ``np.asarray``, ``astype``."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from foreshape.domain.dim import Dim
from foreshape.domain.values import Array, Bound, Unknown, Value, as_int, as_str
from foreshape.faults.base import Raises
from foreshape.semantics.numpy.array_from import array_of, converted
from foreshape.semantics.numpy.dtypes import bound_high, bound_low, dtype_argument, integer_range, kind_of
from foreshape.semantics.numpy.objects import refuse_sequences
from foreshape.semantics.numpy.support import (
    given,
    invalid,
    loosened,
    made,
    zero_d,
)
from foreshape.semantics.registry import rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

DOC = "https://numpy.org/doc/stable/reference/generated/numpy."


def check_dtype(cx: Context, value: Value | None) -> None:
    """A string that names no dtype is a TypeError."""
    text = as_str(value)
    if text is None or not text or any(c in text for c in ",()=:") or not text.isascii():
        return
    from foreshape.semantics.numpy.dtypes import parse_text

    if parse_text(text) is None and text.isidentifier() and len(text) > 2 and text not in ("category", "string"):
        assert value is not None
        raise invalid("dtype", repr(text), f"data type {text!r} not understood", value, exception="TypeError")


# -- numpy.array ------------------------------------------------------------------------------------------------------
def from_value(cx: Context, value: Value, dtype: Value | None, taker: str, ndmin: Value | None = None) -> Value:
    """``np.array`` and its relatives: the array of a value, cast to the dtype, with leading axes of 1 up to ndmin."""
    check_dtype(cx, dtype)
    kind = dtype_argument(cx, dtype, None)
    wanted = given(dtype)
    if kind == "void" and not isinstance(value, Array):
        # tuples are elements of a structured array, not rows
        return Array("numpy", None, "void")
    text = as_str(dtype) or ""
    if text == "c" or text[:1].isdigit() or text[:1] == "(":
        return Array("numpy", None, None)  # letters of texts, arrays as elements: one more axis
    array = array_of(cx, value, kind if wanted else None, taker)
    if isinstance(array, Unknown):
        return Array("numpy", None, kind if wanted else None)
    if wanted:
        array = cast(cx, array, kind, value, from_python=not isinstance(value, Array))
    elif kind_of(array.dtype) == "V" and array.dtype == "bfloat16":
        array = array.replace(dtype="bfloat16")
    if given(ndmin) and array.shape is not None:
        rank = as_int(ndmin)
        if rank is None:
            return Array("numpy", None, array.dtype)
        while len(array.shape or ()) < rank:
            array = array.replace(shape=(1, *(array.shape or ())), data=array.data)
    tainted = array.tainted
    result = zero_d(array) if array.shape == () else array
    if result is value:
        result = array.replace()
    result.tainted = tainted or result.tainted
    return result


@rule("numpy.array", doc=DOC + "array.html")
def array(
    cx: Context, object: Value, dtype: Value | None = None, *, copy: Value | None = None, order: Value | None = None,
    subok: Value | None = None, ndmin: Value | None = None, ndmax: Value | None = None, like: Value | None = None,
) -> Value:  # fmt: skip
    """The axes that nested sequences agree on; the smallest dtype that holds all elements.

    ValueError where they do not agree (an object array before NumPy 1.24).
    """
    if given(ndmax):
        return Array("numpy", None, dtype_argument(cx, dtype, None))
    if dtype is not None and given(dtype) and kind_of(wanted := dtype_argument(cx, dtype, None)) in ("i", "u"):
        from foreshape.semantics.notes.cut_off import note_cut_off

        note_cut_off(cx, object, wanted or "int64", "np.array")
    return from_value(cx, object, dtype, "array", ndmin)


@rule("numpy.asarray", "numpy.asanyarray", doc=DOC + "asarray.html")
def asarray(
    cx: Context, a: Value, dtype: Value | None = None, order: Value | None = None, *, device: Value | None = None,
    copy: Value | None = None, like: Value | None = None,
) -> Value:  # fmt: skip
    return from_value(cx, a, dtype, "asarray")


@rule("numpy.asarray_chkfinite", doc=DOC + "asarray_chkfinite.html")
def asarray_chkfinite(cx: Context, a: Value, dtype: Value | None = None, order: Value | None = None) -> Value:
    return from_value(cx, a, dtype, "asarray_chkfinite")


@rule("numpy.asfarray", until="2")
def asfarray(cx: Context, a: Value, dtype: Value | None = None) -> Value:
    found = from_value(cx, a, dtype, "asfarray")
    if isinstance(found, Array) and kind_of(found.dtype) in ("b", "i", "u"):
        return cast(cx, found, "float64", a)
    return found


@rule("numpy.asfortranarray", "numpy.ascontiguousarray", doc=DOC + "ascontiguousarray.html")
def ascontiguousarray(cx: Context, a: Value, dtype: Value | None = None, *, like: Value | None = None) -> Value:
    """The array in one piece; at least one axis."""
    found = from_value(cx, a, dtype, "ascontiguousarray")
    return found.replace(shape=(1,), data=found.data) if isinstance(found, Array) and found.shape == () else found


@rule("numpy.require", doc=DOC + "require.html")
def require(
    cx: Context, a: Value, dtype: Value | None = None, requirements: Value | None = None, *, like: Value | None = None
) -> Value:
    return from_value(cx, a, dtype, "require")


@rule("numpy.copy", doc=DOC + "copy.html")
def copy(cx: Context, a: Value, order: Value | None = None, subok: Value | None = None) -> Value:
    return from_value(cx, a, None, "copy")


@rule("numpy.asmatrix", doc=DOC + "asmatrix.html")
def asmatrix(cx: Context, data: Value, dtype: Value | None = None) -> Value:
    return cx.unknown("np.matrix is not modelled")


# -- casts ------------------------------------------------------------------------------------------------------------
def cast(cx: Context, array: Array, dtype: str | None, source: Value | None = None, from_python: bool = False) -> Array:
    """``array.astype(dtype)``: values are cut to integers, wrap around, become text.

    Raises ``value-conversion`` for text that is no number, and for Python ints that an integer dtype cannot hold.
    """
    if dtype == array.dtype:
        return array
    kind, before = kind_of(dtype), kind_of(array.dtype)
    values = (array,) if source is None else (source,)
    if before == "U" and array.data is not None and kind in ("i", "u", "f"):
        return _from_text(cx, array, dtype, values, from_python)
    if before == "O" and kind in ("i", "u", "f") and array.data and all(isinstance(item, str) for item in array.data):
        return _from_text(cx, array, dtype, values, True)
    if (
        dtype == "str"
        and array.dtype is not None
        and (not from_python or (array.data is not None and all(isinstance(item, str) for item in array.data)))
    ):
        dtype = _as_text(cx, array)
    if before == "O" and kind in ("i", "u", "f"):
        refuse_sequences(array, dtype, values)
        from foreshape.semantics.shared.cells import cell_of, refused

        word = cell_of(cx, array)
        if word is not None:
            raise refused(word, dtype or "float64", *values)
    lo, hi, data = array.lo, array.hi, None
    if kind in ("i", "u"):
        if from_python and before in ("i", "u"):
            _check_fits(cx, array, dtype, values)
        lo, hi, data = _cut(array, dtype, before)
    elif kind == "f":
        data = converted(array.data, dtype)
        lo, hi = loosened(dtype, lo, hi)
        if before not in ("b", "i", "u", "f"):
            lo = hi = None
    elif kind == "b":
        data = None if array.data is None or before not in ("b", "i", "u", "f") else _truths(array.data)
        lo, hi = 0, 1
        if array.lo is not None and array.lo == array.hi and isinstance(array.lo, (int, float)):
            lo = hi = int(bool(array.lo))
    else:
        lo = hi = None
    return Array("numpy", array.shape, dtype, lo=lo, hi=hi, data=data, roles=array.roles, meta=array.meta)


def _truths(data: tuple[Any, ...]) -> tuple[Any, ...] | None:
    return tuple(bool(item) for item in data) if not any(isinstance(item, Dim) for item in data) else None


def _as_text(cx: Context, array: Array) -> str:
    from foreshape.semantics.numpy.dtypes import TEXT_WIDTH, text_dtype, text_length

    if kind_of(array.dtype) == "U":
        return array.dtype or "str"
    width = TEXT_WIDTH.get(array.dtype or "") or text_length(array.dtype or "")
    if array.data is not None and kind_of(array.dtype) in ("i", "u", "b") and array.shape != ():
        width = TEXT_WIDTH.get(array.dtype or "")
    return text_dtype(width) if width else "str"


def _check_fits(cx: Context, array: Array, dtype: str | None, values: tuple[Value, ...]) -> None:
    limits = integer_range(dtype)
    if limits is None or array.data is None or not cx.targets.at_least("numpy", "2"):
        return
    for item in array.data:
        if isinstance(item, int) and not limits[0] <= item <= limits[1]:
            raise out_of_bounds(item, dtype, *values)


def out_of_bounds(item: int, dtype: str | None, *values: Value) -> Any:
    """NumPy 2: a Python int that the dtype cannot hold."""
    from foreshape.faults.value_conversion import ValueConversion

    text = f"Python integer {item} out of bounds for {dtype}"
    return ValueConversion(
        Raises("OverflowError", text, by="numpy"), values=values, value=str(item), wanted=dtype or "int"
    )


def _cut(array: Array, dtype: str | None, before: str) -> tuple[Bound, Bound, tuple[Any, ...] | None]:
    """Bounds and elements after a cast to integers, which cuts towards zero."""
    limits = integer_range(dtype)
    assert limits is not None
    low, high = bound_low(array.lo), bound_high(array.hi)
    data: tuple[Any, ...] | None = None
    if array.data is not None and all(
        isinstance(item, Dim)
        or (isinstance(item, (bool, int, float)) and item == item and limits[0] <= item <= limits[1])
        for item in array.data
    ):
        data = tuple(item if isinstance(item, Dim) else int(item) for item in array.data)
    if before == "b":
        return 0 if array.lo is None else array.lo, 1 if array.hi is None else array.hi, data
    if before not in ("i", "u", "f"):
        return None, None, None
    wide = limits[1] >= 2**31 - 1 and dtype not in ("uint32", "uint64")
    if not wide and (low is None or high is None or low < limits[0] or high > limits[1]):
        return None, None, data
    lo: Bound = (
        array.lo
        if isinstance(array.lo, (Dim, int))
        else (None if array.lo is None or math.isinf(array.lo) else math.trunc(array.lo))
    )
    hi: Bound = (
        array.hi
        if isinstance(array.hi, (Dim, int))
        else (None if array.hi is None or math.isinf(array.hi) else math.trunc(array.hi))
    )
    if isinstance(lo, int) and not limits[0] <= lo <= limits[1]:
        return None, None, data
    if isinstance(hi, int) and not limits[0] <= hi <= limits[1]:
        return None, None, data
    return lo, hi, data


def _from_text(cx: Context, array: Array, dtype: str | None, values: tuple[Value, ...], from_python: bool) -> Array:
    from foreshape.faults.value_conversion import ValueConversion

    assert array.data is not None
    whole = kind_of(dtype) in ("i", "u")
    found: list[Any] = []
    for item in array.data:
        try:
            found.append(int(item) if whole else float(item))
        except ValueError:
            shown = repr(item) if from_python or not cx.targets.at_least("numpy", "2") else f"np.str_({item!r})"
            text = (
                f"invalid literal for int() with base 10: {shown}"
                if whole
                else (f"could not convert string to float: {shown}")
            )
            recover = Array("numpy", array.shape, dtype)
            raise ValueConversion(
                Raises("ValueError", text, by="numpy"), values=values, recover=recover, value=repr(item),
                wanted=dtype or "float64",
            ) from None  # fmt: skip
    return made(array.shape, dtype, data=tuple(found), roles=array.roles)
