"""Sorting, the largest, searching in sorted tensors, histograms, distinct values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Const, Shape, Value, as_dim, as_int, as_str
from foreshape.semantics.torch.declare import op
from foreshape.semantics.torch.reducing import LOOSE, axis_of, layout, limits
from foreshape.semantics.torch.results import listed, named
from foreshape.semantics.torch.support import (
    as_tensor,
    flag,
    given,
    ints,
    invalid,
    is_complex,
    is_floating,
    is_integral,
    is_number,
    items_of,
    not_implemented,
    shown,
    tensor,
    unknown_tensor,
    wrong_dtype,
    wrong_rank,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def _positions(cx: Context, x: Array, shape: Shape | None, axis: int | None, all_of_them: bool = False) -> Array:
    """Places along an axis. all_of_them: each place is there, so that the last one certainly is."""
    size = None if x.shape is None or axis is None else x.shape[axis] if x.shape else 1
    most = None if size is None else cx.resolve(size) - 1
    return tensor(cx, shape, "int64", x, lo=0, hi=most, loose=not all_of_them, differentiable=False, strides=layout(x))


# -- sorting ---------------------------------------------------------------------------------------------------------


@op("sort")
def sort(
    cx: Context, input: Array, dim: Value | None = None, descending: Value | None = None, *,
    stable: Value | None = None, out: Value | None = None,
) -> Value:  # fmt: skip
    """The sorted tensor and where its elements stood. Complex numbers have no order."""
    axis = axis_of(cx, "sort", input, dim)
    if is_complex(input.dtype):
        raise wrong_dtype(cx, "RuntimeError", " Sort does not support complex dtypes on CPU", "sort", input)
    values = tensor(cx, input.shape, input.dtype, input, roles=input.roles, strides=layout(input), **_kept(input))
    return named("sort", values=values, indices=_positions(cx, input, input.shape, axis, True))


def _kept(x: Array) -> dict[str, Any]:
    """A rearranged tensor has the same bounds."""
    return {"lo": x.lo, "hi": x.hi, "meta": LOOSE if x.meta.get("loose") else None}


@op("argsort")
def argsort(
    cx: Context, input: Array, dim: Value | None = None, descending: Value | None = None, *, stable: Value | None = None
) -> Value:
    """Positions: int64."""
    axis = axis_of(cx, "argsort", input, dim)
    return _positions(cx, input, input.shape, axis, True)


@op("msort")
def msort(cx: Context, input: Array, *, out: Value | None = None) -> Value:
    """Sorted along the first axis."""
    return tensor(cx, input.shape, input.dtype, input, roles=input.roles, strides=layout(input), **_kept(input))


@op("topk")
def topk(
    cx: Context, input: Array, k: Value, dim: Value | None = None, largest: Value | None = None,
    sorted: Value | None = None, *, out: Value | None = None,
) -> Value:  # fmt: skip
    """``k`` along an axis (the last): values and positions. RuntimeError where there are fewer."""
    axis = axis_of(cx, "topk", input, dim)
    count = as_dim(k)
    if input.shape is None or axis is None:
        shape = None if input.shape is None else tuple(cx.fresh(lo=0) for _ in input.shape)
        return named("topk", values=tensor(cx, shape, input.dtype, input), indices=_positions(cx, input, shape, axis))
    size: DimLike = input.shape[axis] if input.shape else 1
    if count is not None and not (cx.at_least(size, count) and cx.at_least(count, 0)):
        raise invalid(cx, "RuntimeError", "selected index k out of range", "k", count, input)
    if input.dtype == "bool" or is_complex(input.dtype):
        message = "topk does not support bool dtypes on CPU" if input.dtype == "bool" else ""
        message = message or " topk does not support complex dtypes on CPU"
        raise wrong_dtype(cx, "RuntimeError", message, "topk", input)
    taken: DimLike = cx.fresh(lo=0) if count is None else count
    shape_out: Shape = tuple(taken if i == axis else side for i, side in enumerate(input.shape))
    values = tensor(cx, shape_out, input.dtype, input, roles=input.roles, strides=layout(input), **limits(input))
    return named("topk", values=values, indices=_positions(cx, input, shape_out, axis))


# -- searching -------------------------------------------------------------------------------------------------------


@op("searchsorted", method=False)
def searchsorted(
    cx: Context, sorted_sequence: Array, input: Value, *, out_int32: Value | None = None, right: Value | None = None,
    side: Value | None = None, sorter: Value | None = None, out: Value | None = None,
) -> Value:  # fmt: skip
    """Where each would be inserted. Axes but the last must be equal, or the sequence has only one."""
    dtype = _index_dtype(out_int32)
    word = as_str(side)
    if word is not None and word not in ("left", "right"):
        message = f"torch.searchsorted(): side can only be 'left' or 'right' but got {word}"
        raise invalid(cx, "RuntimeError", message, "side", repr(word))
    if word == "left" and flag(right):
        message = (
            "torch.searchsorted(): side and right can't be set to opposites, got side of left while right was True"
        )
        raise invalid(cx, "RuntimeError", message, "side", repr(word))
    boundaries = sorted_sequence.shape
    x = as_tensor(cx, input)
    if x is None:
        if not is_number(input):
            return unknown_tensor(cx, input)
        if boundaries is not None and len(boundaries) != 1:
            message = (
                "torch.searchsorted(): input value can be a scalar only when boundaries tensor dimension is 1, but we got "
                f"boundaries tensor dim({len(boundaries)}) and input value's dim(0) numel(1)"
            )
            raise wrong_rank(cx, "RuntimeError", message, "searchsorted", sorted_sequence, 1)
        return tensor(cx, (), dtype, sorted_sequence, differentiable=False)
    made = tensor(cx, x.shape, dtype, x, sorted_sequence, lo=0, hi=None if not boundaries else cx.resolve(boundaries[-1]),
                  meta=LOOSE, differentiable=False)  # fmt: skip
    if boundaries is not None and x.shape is not None and len(boundaries) != 1:
        same = len(boundaries) == len(x.shape) and all(cx.equal(a, b) for a, b in zip(boundaries[:-1], x.shape[:-1]))
        if not same:
            message = (
                "torch.searchsorted(): boundaries tensor should be 1 dimension or the first N-1 dimensions of boundaries "
                f"tensor and input value tensor must match, but we got boundaries tensor {shown(boundaries)} and input "
                f"value tensor {shown(x.shape)}"
            )
            raise invalid(cx, "RuntimeError", message, "input", shown(x.shape), sorted_sequence, x, recover=made)
    return made


def _index_dtype(out_int32: Value | None) -> str | None:
    small = flag(out_int32)
    return None if small is None else "int32" if small else "int64"


@op("bucketize", method=False)
def bucketize(
    cx: Context, input: Value, boundaries: Array, *, out_int32: Value | None = None, right: Value | None = None,
    out: Value | None = None,
) -> Value:  # fmt: skip
    """Between which boundaries each stands."""
    dtype = _index_dtype(out_int32)
    x = as_tensor(cx, input)
    shape: Shape | None = () if x is None else x.shape
    if x is None and not is_number(input):
        return unknown_tensor(cx, input)
    most = None if not boundaries.shape else cx.resolve(boundaries.shape[-1])
    made = tensor(cx, shape, dtype, boundaries, x, lo=0, hi=most, meta=LOOSE, differentiable=False)
    if boundaries.rank is not None and boundaries.rank != 1:
        message = f"boundaries tensor must be 1 dimension, but got dim({boundaries.rank})"
        raise wrong_rank(cx, "RuntimeError", message, "bucketize", boundaries, 1, recover=made)
    return made


# -- histograms ------------------------------------------------------------------------------------------------------


def _bins(cx: Context, value: Value | None, default: int, taker: str) -> DimLike:
    count = default if value is None else as_dim(value)
    if isinstance(count, int) and count <= 0:
        message = f"{taker}(): bins must be > 0, but got {count} for dimension 0"
        raise invalid(cx, "RuntimeError", message, "bins", count)
    return cx.fresh() if count is None else count


@op("histc")
def histc(
    cx: Context, input: Array, bins: Value | None = None, min: Value | None = None, max: Value | None = None, *,
    out: Value | None = None,
) -> Value:  # fmt: skip
    """How many elements fall into each of ``bins`` (100). Floats only."""
    count = _bins(cx, bins, 100, "torch.histogram")
    if is_integral(input.dtype):
        raise not_implemented(cx, "histogram_cpu", input, "histc")
    low, high = (item.value if isinstance(item, Const) else None for item in (min, max))
    if isinstance(low, (int, float)) and isinstance(high, (int, float)) and high < low:
        raise invalid(cx, "RuntimeError", "torch.histc: max must be larger than min", "max", high, input)
    return tensor(cx, (count,), input.dtype, input, lo=0, meta=LOOSE)


@op("histogram")
def histogram(
    cx: Context, input: Array, bins: Value, *, range: Value | None = None, weight: Value | None = None,
    density: Value | None = None, out: Value | None = None,
) -> Value:  # fmt: skip
    """Counts, and the edges: one more. ``bins`` is a number or the edges."""
    if is_integral(input.dtype):
        raise not_implemented(cx, "histogramdd", input, "histogram")
    edges = as_tensor(cx, bins)
    if edges is not None:
        if edges.shape is None or len(edges.shape) != 1:
            return unknown_tensor(cx, bins)
        size = edges.shape[0]
        counts = tensor(cx, (size - 1,), input.dtype, input)
        return named("histogram", hist=counts, bin_edges=tensor(cx, (size,), edges.dtype, edges))
    count = _bins(cx, bins, 100, "torch.histogram")
    return named(
        "histogram",
        hist=tensor(cx, (count,), input.dtype, input),
        bin_edges=tensor(cx, (count + 1,), input.dtype, input),
    )


@op("histogramdd", method=False)
def histogramdd(
    cx: Context, input: Array, bins: Value, range: Value | None = None, weight: Value | None = None,
    density: Value | None = None,
) -> Value:  # fmt: skip
    """One axis per column of the last axis."""
    if is_integral(input.dtype):
        raise not_implemented(cx, "histogramdd", input, "histogramdd")
    if input.shape is None or not input.shape:
        return unknown_tensor(cx, bins)
    columns = cx.resolve(input.shape[-1])
    one = as_int(bins)
    counts: list[DimLike]
    if one is not None:
        if not isinstance(columns, int):
            return unknown_tensor(cx, bins)
        counts = [one] * columns
    else:
        items = items_of(bins)
        if items is None:
            return unknown_tensor(cx, bins)
        if not cx.equal(columns, len(items)):
            message = "histogramdd: The size of bins must be equal to the innermost dimension of the input."
            raise invalid(cx, "RuntimeError", message, "bins", len(items), input)
        known = ints(cx, bins)
        if known is not None:
            counts = list(known)
        else:
            edges = [as_tensor(cx, item) for item in items]
            if any(edge is None or edge.shape is None or len(edge.shape) != 1 for edge in edges):
                return unknown_tensor(cx, bins)
            counts = [edge.shape[0] - 1 for edge in edges if edge is not None and edge.shape]
    made = tensor(cx, tuple(counts), input.dtype, input)
    return named(
        "histogramdd", hist=made, bin_edges=listed(*(tensor(cx, (count + 1,), input.dtype, input) for count in counts))
    )


@op("bincount")
def bincount(cx: Context, input: Array, weights: Value | None = None, minlength: Value | None = None) -> Value:
    """One place per value up to the greatest, at least ``minlength``. Floats of weights, else int64."""
    least = 0 if minlength is None else as_int(minlength)
    if least is not None and least < 0:
        raise invalid(cx, "RuntimeError", "minlength should be >= 0", "minlength", least, input)
    only = "bincount only supports 1-d non-negative integral inputs."
    if is_floating(input.dtype) or is_complex(input.dtype) or input.dtype == "bool":
        raise not_implemented(cx, "bincount_cpu", input, "bincount")
    if input.rank is not None and input.rank != 1:
        raise wrong_rank(cx, "RuntimeError", only, "bincount", input, 1)
    known = input.data if input.data and all(isinstance(item, int) for item in input.data) else None
    if known is not None and min(known) < 0:
        raise invalid(cx, "RuntimeError", only, "input", min(known), input)
    weight = as_tensor(cx, weights)
    if weight is not None and weight.shape is not None and input.shape is not None:
        if len(weight.shape) != 1 or not cx.equal(weight.shape[0], input.shape[0]):
            message = "weights should be 1-d and have the same length as input"
            raise invalid(cx, "RuntimeError", message, "weights", shown(weight.shape), weight, input)
    dtype: str | None = "int64"
    if given(weights):
        dtype = (
            None if weight is None or weight.dtype is None else weight.dtype if weight.dtype == "float32" else "float64"
        )
    size: DimLike
    if known is not None and least is not None:
        size = max(max(known) + 1, least)
    elif (input.shape == (0,) or (isinstance(input.hi, int) and input.hi < (least or 0))) and least is not None:
        size = least  # a value below that makes no place of its own
    else:
        size = cx.fresh(lo=least or 0)
    return tensor(cx, (size,), dtype, input, lo=0 if not given(weights) else None, meta=LOOSE)


# -- distinct values -------------------------------------------------------------------------------------------------


def _distinct(
    cx: Context,
    taker: str,
    x: Array,
    inverse: Value | None,
    counts: Value | None,
    dim: Value | None,
    running: bool,
    ordered: bool = False,
) -> Value:
    """The distinct values (their number is known of known data only), where each element went, how often each is there."""
    with_inverse, with_counts = flag(inverse), flag(counts)
    axis = None
    if given(dim):
        axis = axis_of(cx, taker, x, dim)
    if with_inverse is None or with_counts is None or (given(dim) and axis is None):
        return unknown_tensor(cx, x)
    size: DimLike = cx.fresh(lo=0)
    known = x.data if axis is None and not running else None
    if known is not None and all(isinstance(item, (bool, int, float)) for item in known):
        size = len(set(known))
    elif running and axis is None and x.data is not None and all(isinstance(item, (bool, int)) for item in x.data):
        size = sum(1 for place, item in enumerate(x.data) if place == 0 or item != x.data[place - 1])
    if axis is None:
        shape: Shape = (size,)
        places = x.shape
    else:
        assert x.shape is not None
        shape = tuple(size if i == axis else side for i, side in enumerate(x.shape))
        places = (x.shape[axis],) if x.shape else (1,)
    plain = known is not None and all(isinstance(item, int) for item in known)
    data = tuple(sorted(set(known))) if plain and known is not None and ordered else None
    values = tensor(cx, shape, x.dtype, x, strides=None if axis else "contiguous", data=data, **_kept(x))
    results: list[Value] = [values]
    if with_inverse:
        results.append(tensor(cx, places, "int64", x, lo=0, meta=LOOSE, differentiable=False, strides=layout(x)))
    if with_counts:
        results.append(tensor(cx, (size,), "int64", x, lo=1, meta=LOOSE, differentiable=False))
    return listed(*results) if len(results) > 1 else values


@op("unique")
def unique(
    cx: Context, input: Array, sorted: Value | None = None, return_inverse: Value | None = None,
    return_counts: Value | None = None, dim: Value | None = None,
) -> Value:  # fmt: skip
    """Of all elements, or of the slices along an axis."""
    ordered = sorted is None or flag(sorted) is True
    return _distinct(cx, "unique", input, return_inverse, return_counts, dim, False, ordered)


@op("unique_consecutive")
def unique_consecutive(
    cx: Context, input: Array, return_inverse: Value | None = None, return_counts: Value | None = None,
    dim: Value | None = None,
) -> Value:  # fmt: skip
    """Only neighbours are compared."""
    return _distinct(cx, "unique_consecutive", input, return_inverse, return_counts, dim, True)
