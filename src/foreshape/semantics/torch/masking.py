"""Masks and conditions: masked_fill, masked_select, masked_scatter, where, nonzero, isin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike, product
from foreshape.domain.values import Array, Shape, Value
from foreshape.semantics.torch.declare import op
from foreshape.semantics.torch.gathering import scalar_fits
from foreshape.semantics.torch.products import LONG
from foreshape.semantics.torch.recorded import trues_of
from foreshape.semantics.torch.reducing import LOOSE, limits
from foreshape.semantics.torch.results import listed
from foreshape.semantics.torch.support import (
    as_tensor,
    broadcast,
    flag,
    invalid,
    is_number,
    scalar_name,
    tensor,
    unknown_tensor,
    wrong_dtype,
    wrong_rank,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def _layout(*arrays: Array) -> str | None:
    return None if any("strides" in array.meta for array in arrays) else "contiguous"


# -- masks -----------------------------------------------------------------------------------------------------------


@op("masked_fill")
def masked_fill(cx: Context, input: Array, mask: Array, value: Value) -> Value:
    """``value`` where the mask is True: a number or a tensor without axes. Both are broadcast."""
    return _filled(cx, input, mask, value, broadcast(cx, "masked_fill", mask, input))


@op("masked_fill_", function=False)
def masked_fill_(cx: Context, input: Array, mask: Array, value: Value) -> Value:
    """In place: the mask is broadcast to the tensor."""
    from foreshape.semantics.torch.inplace import check_writable, write_back

    check_writable(cx, "masked_fill_", input)
    made = _filled(cx, input, mask, value, broadcast(cx, "masked_fill_", input, mask))
    return write_back(cx, "masked_fill_", input, made, (mask,))


def _filled(cx: Context, x: Array, mask: Array, value: Value, shape: Shape | None) -> Value:
    made = tensor(cx, shape, x.dtype, x, mask, value, roles=x.roles, strides=_layout(x, mask))
    if mask.dtype is not None and mask.dtype != "bool":
        spelt = LONG.get(mask.dtype, mask.dtype)
        message = f"masked_fill_ only supports boolean masks, but got mask with dtype {spelt}"
        raise wrong_dtype(cx, "RuntimeError", message, "masked_fill", mask, wanted="bool", recover=made)
    if isinstance(value, Array) and value.shape:
        message = f"masked_fill_ only supports a 0-dimensional value tensor, but got tensor with {len(value.shape)} dimension(s)."
        raise wrong_rank(cx, "RuntimeError", message, "masked_fill", value, 0, recover=made)
    scalar_fits(cx, x, value, "masked_fill", made)
    return made


def ones_in(mask: Array, shape: Shape | None) -> int | None:
    """How many elements of a known mask are True, broadcast to the shape."""
    if shape is None or mask.shape is None:
        return None
    whole, own = product(shape), product(mask.shape)
    if isinstance(whole, int) and mask.hi == 0 and mask.lo == 0:
        return 0
    if isinstance(whole, int) and mask.dtype == "bool" and mask.lo == 1:
        return whole
    if mask.data is None:
        return None
    if not isinstance(whole, int) or not isinstance(own, int) or len(mask.data) != own:
        return None
    if not all(isinstance(item, (bool, int, float)) for item in mask.data):
        return None
    count = sum(1 for item in mask.data if item)
    return count * (whole // own) if own else 0


@op("masked_select")
def masked_select(cx: Context, input: Array, mask: Array, *, out: Value | None = None) -> Value:
    """One axis: the elements where the mask is True."""
    shape = broadcast(cx, "masked_select", mask, input)
    count = ones_in(mask, shape)
    counted = trues_of(cx, mask) if count is None and shape == mask.shape else count
    size: DimLike = cx.fresh(lo=0) if counted is None else counted
    made = tensor(cx, (size,), input.dtype, input, mask, **limits(input))
    if mask.dtype is not None and mask.dtype != "bool":
        message = "masked_select: expected BoolTensor for mask"
        raise wrong_dtype(cx, "RuntimeError", message, "masked_select", mask, wanted="bool", recover=made)
    return made


@op("masked_scatter", inplace=False)
def masked_scatter(cx: Context, input: Array, mask: Array, source: Array) -> Value:
    """The elements of ``source`` in order, where the mask is True."""
    shape = broadcast(cx, "masked_scatter", mask, input)
    made = tensor(cx, shape, input.dtype, input, mask, source, roles=input.roles, strides=_layout(input, mask))
    _check_scatter(cx, input, mask, source, shape, made)
    return made


@op("masked_scatter_", function=False)
def masked_scatter_(cx: Context, input: Array, mask: Array, source: Array) -> Value:
    """In place: the mask is expanded to the tensor."""
    from foreshape.semantics.torch.inplace import check_writable, write_back
    from foreshape.semantics.torch.products import fits_expanded

    check_writable(cx, "masked_scatter_", input)
    if input.shape is not None:
        named = mask.replace(dtype=mask.dtype)
        fits_expanded(cx, "masked_scatter_", named, input.shape, input)
    made = tensor(cx, input.shape, input.dtype, input, mask, source, roles=input.roles, strides=None)
    _check_scatter(cx, input, mask, source, input.shape, made)
    return write_back(cx, "masked_scatter_", input, made, (mask, source))


def _check_scatter(cx: Context, x: Array, mask: Array, source: Array, shape: Shape | None, made: Value) -> None:
    if x.dtype is not None and source.dtype is not None and x.dtype != source.dtype:
        message = (
            f"masked_scatter: expected self and source to have same dtypes but got{scalar_name(x.dtype)} and "
            f"{scalar_name(source.dtype)}"
        )
        raise wrong_dtype(cx, "RuntimeError", message, "masked_scatter", x, source, wanted=x.dtype, recover=made)
    if mask.dtype is not None and mask.dtype != "bool":
        message = f"masked_scatter_ only supports boolean masks, but got mask with dtype {scalar_name(mask.dtype)}"
        raise wrong_dtype(cx, "RuntimeError", message, "masked_scatter", mask, wanted="bool", recover=made)
    count = ones_in(mask, shape)
    have = None if source.shape is None else product(source.shape)
    if count is not None and have is not None and not cx.at_least(have, count):
        message = "Number of elements of source < number of ones in mask"
        raise invalid(cx, "RuntimeError", message, "source", f"{have} elements", source, mask, recover=made)


# -- places ----------------------------------------------------------------------------------------------------------


def _places(cx: Context, x: Array, as_tuple: bool) -> Value:
    count = ones_in(x, x.shape)
    counted = trues_of(cx, x) if count is None else count
    size: DimLike = cx.fresh(lo=0) if counted is None else counted
    if as_tuple:
        if x.shape is None:
            return unknown_tensor(cx, x)
        shape: Shape = x.shape or (1,)
        return listed(
            *(
                tensor(
                    cx,
                    (size,),
                    "int64",
                    x,
                    lo=0,
                    hi=cx.resolve(side) - 1,
                    meta=LOOSE,
                    differentiable=False,
                    strides=None,
                )
                for side in shape
            )
        )
    rank: DimLike = cx.fresh(lo=0) if x.shape is None else len(x.shape)
    return tensor(cx, (size, rank), "int64", x, lo=0, meta=LOOSE, differentiable=False, strides=None)


@op("nonzero")
def nonzero(cx: Context, input: Array, *, out: Value | None = None, as_tuple: Value | None = None) -> Value:
    """``(n, rank)``, or a tuple of ``rank`` vectors; n is known of known masks only."""
    split = flag(as_tuple)
    return cx.unknown("as_tuple is not known") if split is None else _places(cx, input, split)


@op("argwhere")
def argwhere(cx: Context, input: Array) -> Value:
    """``(n, rank)``."""
    return _places(cx, input, False)


@op("nonzero_static")
def nonzero_static(
    cx: Context, input: Array, *, size: Value, fill_value: Value | None = None, out: Value | None = None
) -> Value:
    """``(size, rank)``."""
    from foreshape.semantics.torch.support import open_item

    rank: DimLike = cx.fresh(lo=0) if input.shape is None else len(input.shape)
    return tensor(cx, (open_item(cx, size), rank), "int64", input, differentiable=False, strides=None)


@op("isin", method=False)
def isin(
    cx: Context, elements: Value, test_elements: Value, *, assume_unique: Value | None = None,
    invert: Value | None = None, out: Value | None = None,
) -> Value:  # fmt: skip
    """Bools in the shape of ``elements``, which may be a number."""
    x = as_tensor(cx, elements)
    if x is None:
        return tensor(cx, (), "bool", test_elements) if is_number(elements) else unknown_tensor(cx, elements)
    return tensor(cx, x.shape, "bool", x, strides=_layout(x))
