"""repeat_interleave, index_put, randint_like, and the functions behind other functions (native_layer_norm, ...)."""

# ruff: noqa: N803 (parameters have the names that PyTorch gives them)

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike, product
from foreshape.domain.values import Array, Const, Sequence, Shape, Value, as_dim, is_none
from foreshape.semantics.torch.declare import op
from foreshape.semantics.torch.errors import no_signature
from foreshape.semantics.torch.gathering import like_self
from foreshape.semantics.torch.reducing import axis_of, layout, limits, reduced
from foreshape.semantics.torch.results import listed
from foreshape.semantics.torch.support import (
    MOST_DATA,
    as_tensor,
    dtype_argument,
    flag,
    given,
    invalid,
    items_of,
    not_implemented,
    shown,
    sizes,
    tensor,
    unknown_tensor,
    wrong_rank,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


# -- repeat_interleave -----------------------------------------------------------------------------------------------


@op("repeat_interleave")
def repeat_interleave(
    cx: Context,
    input: Array,
    repeats: Value | None = None,
    dim: Value | None = None,
    *,
    output_size: Value | None = None,
) -> Value:
    """Each element (of the flattened tensor, or along an axis) repeated: by a number, or one number per place."""
    if repeats is None:
        return _positions(cx, input, output_size)
    counts = as_tensor(cx, repeats)
    if isinstance(repeats, Sequence) or (isinstance(repeats, Const) and not isinstance(repeats.value, int)):
        raise no_signature(cx, "repeat_interleave", "repeats", repeats)
    if input.shape is None:
        return tensor(cx, None, input.dtype, input, **limits(input))
    if given(dim):
        axis = axis_of(cx, "repeat_interleave", input, dim)
        if axis is None:
            return tensor(cx, tuple(cx.fresh(lo=0) for _ in input.shape), input.dtype, input)
        shape: Shape = input.shape or (1,)
    else:
        axis, shape = 0, (product(input.shape),)
    size = cx.resolve(shape[axis])
    number = as_dim(repeats)
    if counts is None:
        if isinstance(number, int) and number < 0:
            raise invalid(cx, "RuntimeError", "Repeats must be non-negative", "repeats", number, input)
        total: DimLike = cx.fresh(lo=0) if number is None else size * number
    else:
        total = _total(cx, counts, size, output_size)
    made = tuple(total if i == axis else side for i, side in enumerate(shape))
    roles = input.roles if given(dim) else None
    data = None
    if counts is None and isinstance(number, int) and input.data is not None and len(made) == 1:
        data = tuple(item for item in input.data for _ in range(number)) if number <= MOST_DATA else None
    return tensor(cx, made, input.dtype, input, counts, roles=roles, data=data, **limits(input))


def _total(cx: Context, counts: Array, size: DimLike, output_size: Value | None) -> DimLike:
    """The length that one number of repetitions per place gives."""
    if counts.rank is not None and counts.rank > 1:
        raise wrong_rank(cx, "RuntimeError", "repeats must be 0-dim or 1-dim tensor", "repeat_interleave", counts, 1)
    if counts.dtype is not None and counts.dtype not in ("int64", "int32"):
        raise not_implemented(cx, "repeat_interleave_cpu", counts, "repeat_interleave")
    known = counts.data if counts.data and all(isinstance(item, int) for item in counts.data) else None
    one = counts.shape == () or counts.shape == (1,)
    if counts.shape is not None and not one and not cx.equal(counts.shape[0], size):
        message = (
            f"repeats must have the same size as input along dim, but got repeats.size(0) = {counts.shape[0]} and "
            f"input.size(0) = {size}"
        )
        raise invalid(cx, "RuntimeError", message, "repeats", shown(counts.shape), counts)
    if known is not None and min(known) < 0:
        raise invalid(cx, "RuntimeError", "repeats can not be negative", "repeats", min(known), counts)
    wanted = as_dim(output_size) if given(output_size) else None
    if known is not None:
        total: DimLike = sum(known) if not one else known[0] * size
        if wanted is not None and not one and not cx.equal(total, wanted):
            message = "allocated size does not match required size"
            raise invalid(cx, "RuntimeError", message, "output_size", wanted, counts)
        return total
    return cx.fresh(lo=0) if wanted is None else wanted


def _positions(cx: Context, counts: Array, output_size: Value | None) -> Value:
    """``repeat_interleave(torch.tensor([2, 1]))`` is ``[0, 0, 1]``."""
    if counts.rank is not None and counts.rank != 1:
        message = "repeat_interleave only accept 1D vector as repeat"
        raise wrong_rank(cx, "RuntimeError", message, "repeat_interleave", counts, 1)
    size = cx.fresh(lo=0) if counts.shape is None else counts.shape[0]
    total = _total(cx, counts, size, output_size) if counts.shape != (1,) else cx.fresh(lo=0)
    return tensor(cx, (total,), counts.dtype, counts, lo=0, hi=size - 1, meta={"loose": True})


# -- index_put -------------------------------------------------------------------------------------------------------


def _put(cx: Context, x: Array, indices: Value, values: Array) -> None:
    """The checks of ``x[indices] = values``."""
    from foreshape.domain.contents import Contents
    from foreshape.semantics.torch.assigning import setitem

    items = items_of(indices)
    if items is None:
        return
    whole = tuple(_every(cx) if is_none(item) else item for item in items)
    with_tuple = Sequence("tuple", Contents(whole))
    setitem(cx, x.replace(meta={}, origin=x.origin), with_tuple, values)


def _every(cx: Context) -> Value:
    from foreshape.domain.values import SliceValue

    return SliceValue(Const(None), Const(None), Const(None))


@op("index_put")
def index_put(cx: Context, input: Array, indices: Value, values: Array, accumulate: Value | None = None) -> Value:
    """A copy with ``values`` at the indices."""
    _put(cx, input, indices, values)
    return like_self(cx, input, values)


@op("index_put_")
def index_put_(cx: Context, input: Array, indices: Value, values: Array, accumulate: Value | None = None) -> Value:
    """``input[indices] = values``."""
    from foreshape.semantics.torch.inplace import check_writable, write_back

    check_writable(cx, "index_put_", input)
    _put(cx, input, indices, values)
    return write_back(cx, "index_put_", input, like_self(cx, input, values), (values,))


# -- others ----------------------------------------------------------------------------------------------------------


@op("randint_like", method=False)
def randint_like(
    cx: Context, input: Array, low: Value, high: Value | None = None, *, dtype: Value | None = None,
    layout: Value | None = None, device: Value | None = None, requires_grad: Value | None = None,
    memory_format: Value | None = None, generator: Value | None = None,
) -> Value:  # fmt: skip
    """Whole numbers from ``low`` (0) to before ``high``, in the dtype of ``input``."""
    from foreshape.semantics.torch.creation import made

    first, last = (Const(0), low) if high is None else (low, high)
    lo, hi = as_dim(first), as_dim(last)
    wanted = dtype_argument(cx, dtype, input.dtype, "randint_like")
    if isinstance(lo, int) and isinstance(hi, int) and lo >= hi:
        message = f"random_ expects 'from' to be less than 'to', but got from={lo} >= to={hi}"
        raise invalid(cx, "RuntimeError", message, "high", hi, input)
    most = None if hi is None else hi - 1
    found = made(
        cx, "randint_like", input.shape, wanted, device=device, requires_grad=requires_grad, lo=lo, hi=most, like=input
    )
    return found.replace(meta={**found.meta, "strides": None}) if "strides" in input.meta else found


@op("hash_tensor", since="2.9")
def hash_tensor(
    cx: Context, input: Array, dim: Value | None = None, *, keepdim: Value | None = None, mode: Value | None = None,
    out: Value | None = None,
) -> Value:  # fmt: skip
    """A uint64 over the axes."""
    left = reduced(cx, "hash_tensor", input, dim, keepdim)
    return tensor(cx, left.shape, "uint64", input, strides=left.strides)


@op("to_sparse", "to_sparse_coo", function=False)
def to_sparse(
    cx: Context, input: Array, sparse_dim: Value | None = None, *, layout: Value | None = None,
    blocksize: Value | None = None, dense_dim: Value | None = None,
) -> Value:  # fmt: skip
    """The same sizes, another layout."""
    made = tensor(cx, input.shape, input.dtype, input, strides=None)
    return made.replace(meta={**made.meta, "sparse": "sparse_coo"})


@op("constant_pad_nd", method=False)
def constant_pad_nd(cx: Context, input: Array, pad: Value, value: Value | None = None) -> Value:
    """``torch.nn.functional.pad`` with a constant."""
    return cx.rule("torch.nn.functional.pad", input, pad)


@op("grid_sampler_2d", "grid_sampler_3d", "grid_sampler", method=False)
def grid_sampler(
    cx: Context, input: Array, grid: Array, interpolation_mode: Value, padding_mode: Value, align_corners: Value
) -> Value:
    """``(N, C, *sizes)`` at ``(N, *points, d)``: ``(N, C, *points)``."""
    if input.shape is None or grid.shape is None or len(input.shape) < 2 or len(grid.shape) != len(input.shape):
        return tensor(cx, None, input.dtype, input, grid)
    return tensor(cx, (*input.shape[:2], *grid.shape[1:-1]), input.dtype, input, grid, strides=None)


def _statistics(cx: Context, x: Array, shape: Shape | None) -> tuple[Array, Array]:
    made = tensor(cx, shape, x.dtype, x)
    return made, tensor(cx, shape, x.dtype, x)


@op("native_layer_norm", method=False)
def native_layer_norm(
    cx: Context, input: Array, normalized_shape: Value, weight: Value | None, bias: Value | None, eps: Value
) -> Value:
    """The normalized tensor, means and inverse deviations."""
    cx.rule("torch.nn.functional.layer_norm", input, normalized_shape, weight or Const(None), bias or Const(None), eps)
    shape = sizes(cx, normalized_shape)
    if input.shape is None or shape is None:
        return unknown_tensor(cx, input, normalized_shape)
    kept = len(input.shape) - len(shape)
    rest = (*input.shape[:kept], *(1 for _ in shape))
    whole = tensor(cx, input.shape, input.dtype, input, roles=input.roles, strides=layout(input))
    return listed(whole, *_statistics(cx, input, rest))


@op("native_group_norm", method=False)
def native_group_norm(
    cx: Context, input: Array, weight: Value | None, bias: Value | None, N: Value, C: Value, HxW: Value, group: Value,
    eps: Value,
) -> Value:  # fmt: skip
    """The normalized tensor, means and inverse deviations per sample and group."""
    batch, groups = as_dim(N), as_dim(group)
    shape = (cx.fresh(lo=0) if batch is None else batch, cx.fresh() if groups is None else groups)
    whole = tensor(cx, input.shape, input.dtype, input, strides=layout(input))
    return listed(whole, *_statistics(cx, input, shape))


@op("native_batch_norm", method=False)
def native_batch_norm(
    cx: Context, input: Array, weight: Value | None, bias: Value | None, running_mean: Value | None,
    running_var: Value | None, training: Value, momentum: Value, eps: Value,
) -> Value:  # fmt: skip
    """The normalized tensor; means and inverse deviations per channel in training, else nothing."""
    learning = flag(training)
    if input.shape is None or len(input.shape) < 2 or learning is None:
        return unknown_tensor(cx, input)
    whole = tensor(cx, input.shape, input.dtype, input, strides=layout(input))
    return listed(whole, *_statistics(cx, input, (input.shape[1],) if learning else (0,)))
