"""Percentiles and weighted averages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import Array, Unknown, Value
from foreshape.semantics.numpy.array_from import as_array
from foreshape.semantics.numpy.dtypes import promote
from foreshape.semantics.numpy.support import (
    axes_argument,
    flag,
    given,
    invalid,
    listed,
    made,
    resolved,
    written,
)
from foreshape.semantics.registry import rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context
from foreshape.semantics.numpy.dtypes import mean_dtype
from foreshape.semantics.numpy.reductions import AVERAGE, Reduction, _mean_bounds, median_dtype, reduced

DOC = "https://numpy.org/doc/stable/reference/generated/numpy."


@rule("numpy.percentile", "numpy.quantile", "numpy.nanpercentile", "numpy.nanquantile", doc=DOC + "percentile.html")
def percentile(
    cx: Context, a: Value, q: Value, axis: Value | None = None, out: Value | None = None,
    overwrite_input: Value | None = None, method: Value | None = None, keepdims: Value | None = None, *,
    weights: Value | None = None, interpolation: Value | None = None,
) -> Value:  # fmt: skip
    """The axes of q, then what is left of a."""
    how = Reduction("percentile", median_dtype, _mean_bounds)
    _check_percentages(cx, q)
    base = reduced(cx, how, a, axis, None, keepdims)
    if flag(overwrite_input) is not False:
        written(cx, a)
    points = as_array(cx, q)
    if isinstance(base, Unknown) or isinstance(points, Unknown):
        return cx.unknown("it is not known which percentiles")
    assert isinstance(base, Array)
    if base.shape is None or points.shape is None:
        return made(None, base.dtype)
    dtype = base.dtype
    if dtype in ("float16", "float32") and (
        (points.shape != () and points.dtype != dtype) or not cx.targets.at_least("numpy", "2")
    ):
        dtype = "float64"
    return made((*points.shape, *base.shape), dtype, base.lo, base.hi)


def _check_percentages(cx: Context, q: Value) -> None:
    points = as_array(cx, q)
    if (
        isinstance(points, Array)
        and points.data is not None
        and any(isinstance(item, (int, float)) and not 0 <= item <= 100 for item in points.data)
    ):
        raise invalid("q", cx.text(q), "Percentiles must be in the range [0, 100]", q)


@rule("numpy.average", doc=DOC + "average.html")
def average(
    cx: Context, a: Value, axis: Value | None = None, weights: Value | None = None, returned: Value | None = None, *,
    keepdims: Value | None = None,
) -> Value:  # fmt: skip
    """A mean with weights of the shape of a, or of the sizes of the axes. TypeError, ValueError where they are not."""
    found = reduced(cx, AVERAGE, a, axis, None, keepdims)
    array = as_array(cx, a)
    if given(weights) and weights is not None and isinstance(found, Array):
        by = as_array(cx, weights)
        if isinstance(array, Array) and isinstance(by, Array) and array.shape is not None and by.shape is not None:
            _check_weights(cx, array, by, axis, a, weights)
            found = found.replace(dtype=promote(found.dtype, mean_dtype(by.dtype)))
        elif isinstance(found, Array):
            found = found.replace(dtype=None)
    wants = flag(returned)
    if wants is None:
        return cx.unknown("`returned` is not known")
    return listed("tuple", (found, found)) if wants else found


def _check_weights(cx: Context, array: Array, by: Array, axis: Value | None, a: Value, weights: Value) -> None:
    shape, other = resolved(cx, array.shape or ()), resolved(cx, by.shape or ())
    same_rank = len(shape) == len(other)
    if same_rank and all(cx.equal(x, y) for x, y in zip(shape, other)):
        return
    axes = axes_argument(cx, axis)
    if axes is None:
        text = "Axis must be specified when shapes of a and weights differ."
        raise invalid("weights", other, text, a, weights, exception="TypeError")
    if isinstance(axes, tuple):
        sizes = [shape[k] for k in axes if -len(shape) <= k < len(shape)]
        if len(sizes) == len(other) and all(cx.equal(x, y) for x, y in zip(sizes, other)):
            return
        text = "Shape of weights must be consistent with shape of a along specified axis."
        raise invalid("weights", other, text, a, weights)
