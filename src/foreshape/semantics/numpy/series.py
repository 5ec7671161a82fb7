"""Series and polynomials: covariance, interpolation, convolution, integrals, polyfit and its relatives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike, dmax, dmin
from foreshape.domain.values import Array, Unknown, Value, as_int, as_str
from foreshape.faults.base import Raises
from foreshape.semantics.numpy.array_from import as_array
from foreshape.semantics.numpy.dtypes import common_dtype, kind_of, mean_dtype, operand, promote
from foreshape.semantics.numpy.support import (
    axis_of,
    flag,
    given,
    invalid,
    listed,
    made,
    unlike,
)
from foreshape.semantics.numpy.tables import register
from foreshape.semantics.registry import rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

DOC = "https://numpy.org/doc/stable/reference/generated/numpy."


# -- covariance -------------------------------------------------------------------------------------------------------
def _covariance(cx: Context, m: Value, y: Value | None, rowvar: Value | None, taker: str) -> Value:
    """(variables, variables); a single variable gives one number."""
    array = as_array(cx, m)
    by_rows = flag(rowvar, True)
    if isinstance(array, Unknown) or array.shape is None or by_rows is None:
        return made(None, "float64")
    if len(array.shape) > 2:
        raise invalid("m", f"{len(array.shape)} axes", "m has more than 2 dimensions", m)
    dtype = promote(array.dtype, "float64")
    variables = 1 if len(array.shape) < 2 else array.shape[0 if by_rows else 1]
    if y is not None and given(y):
        other = as_array(cx, y)
        if isinstance(other, Unknown) or other.shape is None:
            return made(None, dtype)
        first, second = array.shape[-1:], other.shape[-1:]
        if len(array.shape) < 2 and len(other.shape) < 2 and first and second and not cx.equal(first[0], second[0]):
            from foreshape.faults.join_mismatch import JoinMismatch

            text = (
                "all the input array dimensions except for the concatenation axis must match exactly, but along "
                "dimension "
                f"1, the array at index 0 has size {first[0]} and the array at index 1 has size {second[0]}"
            )
            raise JoinMismatch(
                Raises("ValueError", text, by="numpy"), values=(m, y), recover=made((2, 2), dtype), taker=taker,
                shapes=(array.shape, other.shape), axis=0, differs=1,
            )  # fmt: skip
        more = 1 if len(other.shape) < 2 else other.shape[0 if by_rows else 1]
        variables = variables + more
    if isinstance(variables, int) and variables == 1:
        return made((), dtype)
    return made((variables, variables), dtype, *((-1, 1) if taker == "corrcoef" else (None, None)))


@rule("numpy.cov", doc=DOC + "cov.html")
def cov(
    cx: Context, m: Value, y: Value | None = None, rowvar: Value | None = None, bias: Value | None = None,
    ddof: Value | None = None, fweights: Value | None = None, aweights: Value | None = None, *,
    dtype: Value | None = None,
) -> Value:  # fmt: skip
    return _covariance(cx, m, y, rowvar, "cov")


@rule("numpy.corrcoef", doc=DOC + "corrcoef.html")
def corrcoef(
    cx: Context, x: Value, y: Value | None = None, rowvar: Value | None = None, bias: Value | None = None,
    ddof: Value | None = None, *, dtype: Value | None = None,
) -> Value:  # fmt: skip
    return _covariance(cx, x, y, rowvar, "corrcoef")


# -- series -----------------------------------------------------------------------------------------------------------
@rule("numpy.interp", doc=DOC + "interp.html")
def interp(
    cx: Context, x: Value, xp: Value, fp: Value, left: Value | None = None, right: Value | None = None,
    period: Value | None = None,
) -> Value:  # fmt: skip
    """The shape of x. ValueError where xp and fp have different lengths."""
    arrays = [as_array(cx, value) for value in (x, xp, fp)]
    if isinstance(arrays[1], Array) and isinstance(arrays[2], Array):
        first, second = arrays[1].shape, arrays[2].shape
        if first is not None and second is not None:
            for shape in (first, second):
                if len(shape) > 1:
                    raise invalid("xp", shape, "object too deep for desired array", xp, fp)
            if len(first) == 1 and len(second) == 1 and not cx.equal(first[0], second[0]):
                raise invalid("fp", second, "fp and xp are not of the same length.", xp, fp)
    target = arrays[0]
    if isinstance(target, Unknown):
        return cx.unknown(target.reason)
    values = arrays[2]
    dtype = "complex128" if isinstance(values, Array) and kind_of(values.dtype) == "c" else "float64"
    return made(target.shape, dtype)


def _length_of(cx: Context, value: Value, argument: str) -> tuple[DimLike, str | None]:
    array = as_array(cx, value)
    if isinstance(array, Unknown) or array.shape is None:
        return cx.fresh(lo=0), None
    if len(array.shape) > 1:
        raise invalid(argument, f"{len(array.shape)} axes", "object too deep for desired array", value)
    size = array.shape[0] if array.shape else 1
    if isinstance(size, int) and size == 0:
        raise invalid(argument, "nothing", f"{argument} cannot be empty", value)
    return cx.resolve(size), array.dtype


def _overlap(cx: Context, a: Value, v: Value, mode: str | None) -> Value:
    (n, first), (m, second) = _length_of(cx, a, "a"), _length_of(cx, v, "v")
    dtype = promote(first, second)
    if mode == "full":
        return made((n + m - 1,), dtype)
    if mode == "same":
        return made((dmax(n, m, cx.facts),), dtype)
    if mode == "valid":
        return made((dmax(n, m, cx.facts) - dmin(n, m, cx.facts) + 1,), dtype)
    return made((cx.fresh(),), dtype)


@rule("numpy.convolve", doc=DOC + "convolve.html")
def convolve(cx: Context, a: Value, v: Value, mode: Value | None = None) -> Value:
    """n + m - 1 ("full"), max(n, m) ("same") or max - min + 1 ("valid")."""
    return _overlap(cx, a, v, "full" if mode is None else as_str(mode))


@rule("numpy.correlate", doc=DOC + "correlate.html")
def correlate(cx: Context, a: Value, v: Value, mode: Value | None = None) -> Value:
    return _overlap(cx, a, v, "valid" if mode is None else as_str(mode))


def _integral(cx: Context, y: Value, x: Value | None, axis: Value | None) -> Value:
    array = as_array(cx, y)
    if isinstance(array, Unknown) or array.shape is None:
        return unlike(cx, array)
    at = -1 if axis is None else as_int(axis)
    dtype = mean_dtype(array.dtype)
    if at is None:
        return made(None, dtype)
    if x is not None and given(x):
        dtype = promote(dtype, mean_dtype(other.dtype)) if isinstance(other := as_array(cx, x), Array) else None
    if not array.shape:
        return made((), dtype)
    at = axis_of(at, len(array.shape), "trapezoid", (y,))
    return made((*array.shape[:at], *array.shape[at + 1 :]), dtype)


@rule("numpy.trapezoid", since="2", doc=DOC + "trapezoid.html")
def trapezoid(
    cx: Context, y: Value, x: Value | None = None, dx: Value | None = None, axis: Value | None = None
) -> Value:
    return _integral(cx, y, x, axis)


@rule("numpy.trapz", until="2.4", doc=DOC + "trapz.html")
def trapz(cx: Context, y: Value, x: Value | None = None, dx: Value | None = None, axis: Value | None = None) -> Value:
    return _integral(cx, y, x, axis)


# -- polynomials ------------------------------------------------------------------------------------------------------
@rule("numpy.polyfit", doc=DOC + "polyfit.html")
def polyfit(
    cx: Context, x: Value, y: Value, deg: Value, rcond: Value | None = None, full: Value | None = None,
    w: Value | None = None, cov: Value | None = None,
) -> Value:  # fmt: skip
    """(deg + 1,), or (deg + 1, k) for k columns of y. TypeError where x and y have different lengths."""
    points, values = as_array(cx, x), as_array(cx, y)
    from foreshape.domain.values import as_dim

    degree = as_dim(deg)
    size: DimLike = cx.fresh() if degree is None else degree + 1
    if isinstance(points, Array) and points.shape is not None and len(points.shape) != 1:
        raise invalid("x", f"{len(points.shape)} axes", "expected 1D vector for x", x, exception="TypeError")
    if isinstance(values, Unknown) or values.shape is None:
        return made(None, "float64")
    if isinstance(points, Array) and points.shape and values.shape and not cx.equal(points.shape[0], values.shape[0]):
        text = "expected x and y to have same length"
        raise invalid("y", values.shape[0], text, x, y, exception="TypeError", recover=made((size,), "float64"))
    dtype = "complex128" if kind_of(values.dtype) == "c" else "float64"
    best = made((size, *values.shape[1:]), dtype)
    wants = flag(full), flag(cov)
    if wants == (False, False):
        return best
    if wants == (False, True):
        return listed("tuple", (best, made((size, size, *values.shape[1:]), dtype)))
    return cx.unknown("what polyfit returns is not known")


@rule("numpy.polyval", doc=DOC + "polyval.html")
def polyval(cx: Context, p: Value, x: Value) -> Value:
    points, coefficients = as_array(cx, x), as_array(cx, p)
    if isinstance(points, Unknown) or isinstance(coefficients, Unknown):
        return cx.unknown("the points are not known")
    return made(points.shape, common_dtype(cx, [operand(points, x), operand(coefficients)]))


def _poly_size(cx: Context, value: Value) -> tuple[DimLike, Array | None]:
    array = as_array(cx, value)
    if isinstance(array, Unknown) or array.shape is None or len(array.shape) > 1:
        return cx.fresh(lo=0), None
    return (array.shape[0] if array.shape else 1), array


def _poly_pair(cx: Context, a1: Value, a2: Value, how: str) -> Value:
    (n, left), (m, right) = _poly_size(cx, a1), _poly_size(cx, a2)
    dtype = promote(left.dtype, right.dtype) if left is not None and right is not None else None
    return made((n + m - 1 if how == "mul" else dmax(n, m, cx.facts),), dtype)


for _name in ("polyadd", "polysub", "polymul"):
    register(
        f"numpy.{_name}",
        lambda cx, _how=_name[4:], **a: _poly_pair(cx, a["a1"], a["a2"], _how),
        "a1, a2",
        f"{DOC}{_name}.html",
    )


@rule("numpy.polyder", doc=DOC + "polyder.html")
def polyder(cx: Context, p: Value, m: Value | None = None) -> Value:
    size, array = _poly_size(cx, p)
    times = 1 if m is None else as_int(m)
    return made(
        (dmax(size - times, 0, cx.facts) if times is not None else cx.fresh(lo=0),), array.dtype if array else None
    )


@rule("numpy.polyint", doc=DOC + "polyint.html")
def polyint(cx: Context, p: Value, m: Value | None = None, k: Value | None = None) -> Value:
    size, array = _poly_size(cx, p)
    times = 1 if m is None else as_int(m)
    return made((size + times if times is not None else cx.fresh(lo=0),), mean_dtype(array.dtype) if array else None)


@rule("numpy.polydiv", doc=DOC + "polydiv.html")
def polydiv(cx: Context, u: Value, v: Value) -> Value:
    return listed("tuple", (made((cx.fresh(),), None), made((cx.fresh(),), None)))


@rule("numpy.roots", doc=DOC + "roots.html")
def roots(cx: Context, p: Value) -> Value:
    return made((cx.fresh(lo=0),), None)


@rule("numpy.poly", doc=DOC + "poly.html")
def poly(cx: Context, seq_of_zeros: Value) -> Value:
    array = as_array(cx, seq_of_zeros)
    if isinstance(array, Unknown) or not array.shape:
        return made((cx.fresh(),), None)
    return made((array.shape[0] + 1,), None)
