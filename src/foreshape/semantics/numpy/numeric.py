"""Functions that keep a shape (round, nan_to_num, real, isclose, ...) and those of series and polynomials."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

from foreshape.domain.dim import DimLike, ceildiv
from foreshape.domain.values import Array, Const, Sequence, Typed, Unknown, Value, as_int, as_str, int_value
from foreshape.faults.base import Raises
from foreshape.semantics.numpy.array_from import as_array
from foreshape.semantics.numpy.dtypes import is_integer, kind_of, mean_dtype
from foreshape.semantics.numpy.elementwise import broadcast
from foreshape.semantics.numpy.intervals import rounded
from foreshape.semantics.numpy.reductions import is_pandas
from foreshape.semantics.numpy.support import (
    axis_of,
    flag,
    given,
    invalid,
    listed,
    made,
    resolved,
    shape_argument,
    total,
    unlike,
)
from foreshape.semantics.numpy.tables import register
from foreshape.semantics.registry import rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

DOC = "https://numpy.org/doc/stable/reference/generated/numpy."


# -- the same shape ---------------------------------------------------------------------------------------------------
def rounded_to(cx: Context, a: Value, decimals: Value | None) -> Value:
    array = as_array(cx, a)
    if isinstance(array, Unknown):
        return cx.unknown(array.reason)
    if is_pandas(a):
        return cx.call_method(a, "round", [decimals] if decimals is not None else [])
    lo, hi = array.lo, array.hi
    if kind_of(array.dtype) == "f":
        whole = decimals is None or as_int(decimals) == 0
        lo, hi = (
            rounded(round)((lo, hi))
            if whole
            else (
                None if not isinstance(lo, (int, float)) else round(lo - 0.5, 0),
                None if not isinstance(hi, (int, float)) else round(hi + 0.5, 0),
            )
        )
    dtype = "float16" if array.dtype == "bool" else array.dtype
    return made(array.shape, dtype, lo, hi, roles=array.roles)


@rule("numpy.round", "numpy.around", doc=DOC + "round.html")
def round_(cx: Context, a: Value, decimals: Value | None = None, out: Value | None = None) -> Value:
    return rounded_to(cx, a, decimals)


@rule("numpy.round_", until="2")
def round_old(cx: Context, a: Value, decimals: Value | None = None, out: Value | None = None) -> Value:
    return rounded_to(cx, a, decimals)


@rule("numpy.ndarray.round")
def round_method(cx: Context, self: Value, decimals: Value | None = None, out: Value | None = None) -> Value:
    return rounded_to(cx, self, decimals)


def _same(dtype: str | None) -> str | None:
    return dtype


def _float(dtype: str | None) -> str | None:
    return mean_dtype(dtype)


def _bool(dtype: str | None) -> str | None:
    return "bool"


def _real(dtype: str | None) -> str | None:
    return {"complex64": "float32", "complex128": "float64", "complex256": "float128"}.get(dtype or "", dtype)


def _angle(dtype: str | None) -> str | None:
    return {"complex64": "float32", "float32": "float32", "float16": "float16"}.get(dtype or "", "float64")


KEEPING = (
    ("nan_to_num", "x, copy=, nan=, posinf=, neginf=", _same, False), ("real", "val", _real, True),
    ("imag", "val", _real, False), ("angle", "z, deg=", _angle, False), ("fix", "x, out=", _same, True),
    ("iscomplex", "x", _bool, False), ("isreal", "x", _bool, False), ("isneginf", "x, out=", _bool, False),
    ("isposinf", "x, out=", _bool, False), ("sinc", "x", _float, False), ("i0", "x", _float, False),
    ("real_if_close", "a, tol=", _same, False), ("unwrap", "p, discont=, axis=, *, period=", _float, False),
)  # fmt: skip
"""name, parameters, dtype of the result, whether bounds stay."""


def _keeping(name: str, names: str, dtype: Any, bounds: bool) -> None:
    first = names.split(",")[0].strip()

    def apply(cx: Context, **arguments: Value) -> Value:
        array = as_array(cx, arguments[first])
        if isinstance(array, Unknown):
            return cx.unknown(array.reason)
        kind = dtype(array.dtype)
        if given(arguments.get("out")) or given(arguments.get("period")):
            return made(array.shape, None)
        if kind == "bool":
            return made(array.shape, "bool", 0, 1, roles=array.roles)
        if name == "real_if_close" and kind_of(kind) == "c":
            return made(array.shape, None)
        lo, hi = (array.lo, array.hi) if bounds else (None, None)
        if name == "fix" and not is_integer(kind):
            lo = hi = None
        return made(array.shape, kind, lo, hi, roles=array.roles)

    register(f"numpy.{name}", apply, names, f"{DOC}{name}.html")


for _entry in KEEPING:
    _keeping(*_entry)


@rule("numpy.isclose", doc=DOC + "isclose.html")
def isclose(
    cx: Context,
    a: Value,
    b: Value,
    rtol: Value | None = None,
    atol: Value | None = None,
    equal_nan: Value | None = None,
) -> Value:
    sure = _close(a, b) if rtol is atol is None else None
    if sure is not None:
        return made((), "bool", int(sure), int(sure))
    arrays = [as_array(cx, value) for value in (a, b)]
    full = [array for array in arrays if isinstance(array, Array)]
    if len(full) != 2:
        return made(None, "bool", 0, 1)
    return made(broadcast(cx, "isclose", full, (a, b)), "bool", 0, 1)


def _close(a: Value, b: Value) -> bool | None:
    """Whether two plain numbers are close by numpy's own tolerances; None for anything else."""
    if not isinstance(a, Const) or not isinstance(b, Const):
        return None
    x, y = a.value, b.value
    if not isinstance(x, (int, float)) or not isinstance(y, (int, float)) or not (isfinite(x) and isfinite(y)):
        return None
    return abs(x - y) <= 1e-8 + 1e-5 * abs(y)


@rule("numpy.allclose", doc=DOC + "allclose.html")
def allclose(
    cx: Context,
    a: Value,
    b: Value,
    rtol: Value | None = None,
    atol: Value | None = None,
    equal_nan: Value | None = None,
) -> Value:
    close = isclose(cx, a, b)
    if isinstance(close, Array) and close.shape == () and close.lo is not None and close.lo == close.hi:
        return Const(bool(close.lo))
    return Typed("bool")


@rule("numpy.array_equal", doc=DOC + "array_equal.html")
def array_equal(cx: Context, a1: Value, a2: Value, equal_nan: Value | None = None) -> Value:
    from foreshape.domain.dim import eq

    left, right = as_array(cx, a1), as_array(cx, a2)
    if (
        isinstance(left, Array)
        and isinstance(right, Array)
        and left.shape is not None
        and right.shape is not None
        and (
            len(left.shape) != len(right.shape)
            or any(eq(x, y, cx.facts).is_no for x, y in zip(left.shape, right.shape))
        )
    ):
        return Const(False)
    return Typed("bool")


@rule("numpy.array_equiv", doc=DOC + "array_equiv.html")
def array_equiv(cx: Context, a1: Value, a2: Value) -> Value:
    return Typed("bool")


# -- counts -----------------------------------------------------------------------------------------------------------
@rule("numpy.bincount", doc=DOC + "bincount.html")
def bincount(cx: Context, x: Value, /, weights: Value | None = None, minlength: Value | None = None) -> Value:
    """As many places as the largest value + 1 (or ``minlength``)."""
    array = as_array(cx, x)
    if isinstance(array, Unknown):
        return made((cx.fresh(lo=0),), None if given(weights) else "int64")
    if array.shape is not None and len(array.shape) != 1:
        text = (
            "object too deep for desired array"
            if len(array.shape) > 1
            else ("object of too small depth for desired array")
        )
        raise invalid("x", f"{len(array.shape)} axes", text, x)
    if kind_of(array.dtype) == "f" and isinstance(x, Array):
        from foreshape.faults.dtype_mismatch import DtypeMismatch

        text = f"Cannot cast array data from dtype('{array.dtype}') to dtype('int64') according to the rule 'safe'"
        raise DtypeMismatch(
            Raises("TypeError", text, by="numpy"),
            values=(x,),
            taker="bincount",
            got=(array.dtype or "",),
            wanted="int64",
        )
    least = as_int(minlength) if given(minlength) else 0
    dtype = "float64" if given(weights) else "int64"
    if array.data is not None and least is not None and all(isinstance(item, (int, float)) for item in array.data):
        items = [int(item) for item in array.data]
        if any(item < 0 for item in items):
            text = "'list' argument must have no negative elements"
            raise invalid("x", min(items), text, x)
        length = max([item + 1 for item in items] + [least])
        data = tuple(items.count(k) for k in range(length)) if length <= 64 and dtype == "int64" else None
        return made((length,), dtype, None if data else 0, None, data)
    hi: DimLike | None = array.hi + 1 if isinstance(array.hi, int) else None
    if least is not None and isinstance(hi, int) and hi <= least:
        return made((least,), dtype, 0)
    return made(
        (
            cx.fresh(
                f"bincount of {cx.text(x) or 'an array'}",
                lo=least or 0,
                hi=max(hi, least or 0) if isinstance(hi, int) else hi,
            ),
        ),
        dtype,
        0,
    )


def _bins(cx: Context, bins: Value | None) -> DimLike:
    """How many bins there are."""
    if bins is None:
        return 10
    count = as_int(bins)
    if count is not None:
        return count
    if as_str(bins) is not None:
        return cx.fresh()
    from foreshape.domain.values import as_dim

    dim = as_dim(bins)
    if dim is not None and not (isinstance(bins, Array) and bins.shape != ()):
        return dim
    edges = as_array(cx, bins)
    if isinstance(edges, Array) and edges.shape is not None and len(edges.shape) == 1:
        return edges.shape[0] - 1
    return cx.fresh()


@rule("numpy.histogram", doc=DOC + "histogram.html")
def histogram(
    cx: Context, a: Value, bins: Value | None = None, range: Value | None = None, density: Value | None = None,
    weights: Value | None = None,
) -> Value:  # fmt: skip
    """(bins,) counts and (bins + 1,) edges."""
    count = _bins(cx, bins)
    dense = flag(density)
    dtype = None if dense is None else "float64" if dense else None if given(weights) else "int64"
    return listed("tuple", (made((count,), dtype, 0), _edges(cx, a, bins, count)))


def _edges(cx: Context, a: Value, bins: Value | None, count: DimLike) -> Array:
    if isinstance(bins, (Array, Sequence)):
        edges = as_array(cx, bins)
        if isinstance(edges, Array):
            return edges
    values = as_array(cx, a)
    if isinstance(values, Unknown) or values.dtype is None:
        return made((count + 1,), None)
    return made((count + 1,), values.dtype if kind_of(values.dtype) == "f" else "float64")


@rule("numpy.histogram_bin_edges", doc=DOC + "histogram_bin_edges.html")
def histogram_bin_edges(
    cx: Context, a: Value, bins: Value | None = None, range: Value | None = None, weights: Value | None = None
) -> Value:
    return _edges(cx, a, bins, _bins(cx, bins))


@rule("numpy.histogram2d", doc=DOC + "histogram2d.html")
def histogram2d(
    cx: Context, x: Value, y: Value, bins: Value | None = None, range: Value | None = None,
    density: Value | None = None,
    weights: Value | None = None,
) -> Value:  # fmt: skip
    if isinstance(bins, Sequence):
        items = bins.contents.items(8)
        if items is None or len(items) != 2:
            return cx.unknown("the bins are not known")
        counts = [_bins(cx, item) for item in items]
    else:
        counts = [_bins(cx, bins)] * 2
    points = as_array(cx, x)
    kind = "float64" if isinstance(points, Array) and points.dtype in ("float64", "int64") else None
    edges = [made((count + 1,), kind) for count in counts]
    return listed("tuple", (made(tuple(counts), "float64", 0), *edges))


@rule("numpy.histogramdd", doc=DOC + "histogramdd.html")
def histogramdd(
    cx: Context, sample: Value, bins: Value | None = None, range: Value | None = None, density: Value | None = None,
    weights: Value | None = None,
) -> Value:  # fmt: skip
    array = as_array(cx, sample)
    count = as_int(bins) if bins is not None else 10
    if isinstance(array, Array) and array.shape is not None and len(array.shape) == 2 and count is not None:
        rank = array.shape[1]
        if isinstance(rank, int):
            edges = listed("tuple", [made((count + 1,), "float64")] * rank)
            return listed("tuple", (made((count,) * rank, "float64", 0), edges))
    return listed("tuple", (made(None, "float64", 0), cx.unknown("the edges of a histogram")))


# -- bits -------------------------------------------------------------------------------------------------------------
@rule("numpy.packbits", doc=DOC + "packbits.html")
def packbits(cx: Context, a: Value, /, axis: Value | None = None, bitorder: Value | None = None) -> Value:
    array = as_array(cx, a)
    if isinstance(array, Unknown) or array.shape is None:
        return unlike(cx, array)
    if not given(axis):
        return made((ceildiv(total(resolved(cx, array.shape)), 8),), "uint8", 0, 255)
    at = as_int(axis)
    if at is None:
        return made(None, "uint8")
    at = axis_of(at, len(array.shape), "packbits", (a,))
    return made((*array.shape[:at], ceildiv(array.shape[at], 8), *array.shape[at + 1 :]), "uint8", 0, 255)


@rule("numpy.unpackbits", doc=DOC + "unpackbits.html")
def unpackbits(
    cx: Context, a: Value, /, axis: Value | None = None, count: Value | None = None, bitorder: Value | None = None
) -> Value:
    array = as_array(cx, a)
    if isinstance(array, Unknown) or array.shape is None or given(count):
        return made(None, "uint8", 0, 1)
    if not given(axis):
        return made((total(resolved(cx, array.shape)) * 8,), "uint8", 0, 1)
    at = as_int(axis)
    if at is None:
        return made(None, "uint8")
    at = axis_of(at, len(array.shape), "unpackbits", (a,))
    return made((*array.shape[:at], array.shape[at] * 8, *array.shape[at + 1 :]), "uint8", 0, 1)


# -- questions about arrays -------------------------------------------------------------------------------------------
@rule("numpy.shape", doc=DOC + "shape.html")
def shape(cx: Context, a: Value) -> Value:
    array = a if isinstance(a, Array) else as_array(cx, a)  # a tensor is asked for its own
    if isinstance(array, Unknown) or array.shape is None:
        return cx.unknown("the shape is not known")
    return listed("tuple", [int_value(size) for size in resolved(cx, array.shape)])


@rule("numpy.ndim", doc=DOC + "ndim.html")
def ndim(cx: Context, a: Value) -> Value:
    array = a if isinstance(a, Array) else as_array(cx, a)  # a tensor is asked for its own
    return Typed("int", lo=0) if isinstance(array, Unknown) or array.shape is None else Const(len(array.shape))


@rule("numpy.rank", until="1.18")
def rank(cx: Context, a: Value) -> Value:
    return ndim(cx, a)


@rule("numpy.size", doc=DOC + "size.html")
def size(cx: Context, a: Value, axis: Value | None = None) -> Value:
    array = as_array(cx, a)
    if isinstance(array, Unknown) or array.shape is None:
        return Typed("int", lo=0)
    if not given(axis):
        return int_value(total(resolved(cx, array.shape)))
    at = as_int(axis)
    if at is None:
        return Typed("int", lo=0)
    if not -len(array.shape) <= at < len(array.shape):
        raise invalid("axis", at, "tuple index out of range", a, exception="IndexError")
    return int_value(cx.resolve(array.shape[at]))


@rule("numpy.isscalar", doc=DOC + "isscalar.html")
def isscalar(cx: Context, element: Value) -> Value:
    if isinstance(element, Const):
        return Const(element.value is not None and element.value is not Ellipsis)
    if isinstance(element, (Sequence,)) or (isinstance(element, Array) and element.shape):
        return Const(False)
    return Typed("bool")


@rule("numpy.iscomplexobj", "numpy.isrealobj", "numpy.may_share_memory", "numpy.shares_memory", "numpy.iterable",
      "numpy.isfortran")  # fmt: skip
def question(cx: Context, *args: Value, **kwargs: Value) -> Value:
    return Typed("bool")


# -- functions along axes ---------------------------------------------------------------------------------------------
@rule("numpy.apply_along_axis", doc=DOC + "apply_along_axis.html")
def apply_along_axis(cx: Context, func1d: Value, axis: Value, arr: Value, *args: Value, **kwargs: Value) -> Value:
    """The axis replaced by what the function makes of it."""
    array, at = as_array(cx, arr), as_int(axis)
    if isinstance(array, Unknown) or array.shape is None or at is None:
        return unlike(cx, array)
    at = axis_of(at, len(array.shape), "apply_along_axis", (arr,))
    row = made((array.shape[at],), array.dtype, array.lo, array.hi)
    one = cx.call(func1d, [row, *args], kwargs)
    part = as_array(cx, one)
    if isinstance(part, Unknown) or part.shape is None:
        return made(None, None)
    rest = array.shape
    return made((*rest[:at], *part.shape, *rest[at + 1 :]), part.dtype, part.lo, part.hi)


@rule("numpy.apply_over_axes", doc=DOC + "apply_over_axes.html")
def apply_over_axes(cx: Context, func: Value, a: Value, axes: Value) -> Value:
    array = as_array(cx, a)
    places = shape_argument(cx, axes, "apply_over_axes")
    if isinstance(array, Unknown) or array.shape is None or places is None:
        return unlike(cx, array)
    gone = {axis_of(k, len(array.shape), "apply_over_axes", (a,)) for k in places if isinstance(k, int)}
    return made(tuple(1 if k in gone else s for k, s in enumerate(array.shape)), None)
