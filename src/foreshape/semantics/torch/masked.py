"""``torch.masked``: reductions and normalizations of the elements where a mask is True.

Shapes are those of the plain functions; the mask must broadcast to the input.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import Array, Const, Value
from foreshape.semantics.torch.declare import op
from foreshape.semantics.torch.reducing import axis_of, layout, reduced
from foreshape.semantics.torch.support import (
    broadcast,
    dtype_argument,
    float_result,
    invalid,
    is_integral,
    real_dtype,
    result_dtype,
    scalar_name,
    shown,
    tensor,
    wrong_dtype,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def check_mask(cx: Context, x: Array, mask: Array | None) -> None:
    """ValueError for a mask with more axes than the input; it is broadcast elsewise."""
    if not isinstance(mask, Array) or mask.shape is None or x.shape is None:
        return
    if len(mask.shape) > len(x.shape):
        message = "_input_mask expected broadcastable mask (got mask dimensionality higher than of the input)"
        raise invalid(cx, "IndexError", message, "mask", shown(mask.shape), mask, x)
    broadcast(cx, "expand_as", mask, x)


def _sum_dtype(cx: Context, x: Array) -> str | None:
    return "int64" if is_integral(x.dtype) else x.dtype


def _same_dtype(cx: Context, x: Array) -> str | None:
    return x.dtype


def _float_dtype(cx: Context, x: Array) -> str | None:
    return float_result(cx, x.dtype)


def _spread_dtype(cx: Context, x: Array) -> str | None:
    return float_result(cx, x.dtype)


def _norm_dtype(cx: Context, x: Array) -> str | None:
    if is_integral(x.dtype):
        message = (
            f"linalg.vector_norm: Expected a floating point or complex tensor as input. Got {scalar_name(x.dtype)}"
        )
        raise wrong_dtype(cx, "RuntimeError", message, "masked.norm", x, wanted="float32")
    return real_dtype(x.dtype)


REDUCTIONS = {
    "sum": _sum_dtype, "prod": _sum_dtype, "mean": _float_dtype, "amax": _same_dtype, "amin": _same_dtype,
    "logsumexp": _same_dtype,
}  # fmt: skip


def _reduce(
    cx: Context, name: str, x: Array, dim: Value | None, keepdim: Value | None, dtype: Value | None,
    mask: Array | None, default: str | None,
) -> Value:  # fmt: skip
    check_mask(cx, x, mask)
    wanted = dtype_argument(cx, dtype, default, name)
    left = reduced(cx, name, x, dim, keepdim)
    return tensor(cx, left.shape, wanted, x, roles=left.roles, strides=left.strides)


def _declare_reduction(name: str) -> None:
    @op(f"masked.{name}")
    def run(
        cx: Context, input: Array, dim: Value | None = None, *, keepdim: Value | None = None,
        dtype: Value | None = None, mask: Array | None = None,
    ) -> Value:  # fmt: skip
        """Over axes, all of them where none is named."""
        return _reduce(cx, name, input, dim, keepdim, dtype, mask, REDUCTIONS[name](cx, input))


for _name in REDUCTIONS:
    _declare_reduction(_name)


def _declare_position(name: str) -> None:
    @op(f"masked.{name}")
    def run(
        cx: Context, input: Array, dim: Value | None = None, *, keepdim: Value | None = None,
        dtype: Value | None = None, mask: Array | None = None,
    ) -> Value:  # fmt: skip
        """Positions, in the dtype of the input (PyTorch makes it so)."""
        return _reduce(cx, name, input, dim, keepdim, dtype, mask, input.dtype)


_declare_position("argmax")
_declare_position("argmin")


def _declare_spread(name: str) -> None:
    @op(f"masked.{name}")
    def run(
        cx: Context, input: Array, dim: Value | None = None, unbiased: Value | None = None, *,
        correction: Value | None = None, keepdim: Value | None = None, dtype: Value | None = None,
        mask: Array | None = None,
    ) -> Value:  # fmt: skip
        """Over axes, all of them where none is named."""
        return _reduce(cx, name, input, dim, keepdim, dtype, mask, _spread_dtype(cx, input))


_declare_spread("std")
_declare_spread("var")


@op("masked.norm")
def norm(
    cx: Context, input: Array, ord: Value | None = None, dim: Value | None = None, *, keepdim: Value | None = None,
    dtype: Value | None = None, mask: Array | None = None,
) -> Value:  # fmt: skip
    """Over axes, all of them where none is named."""
    return _reduce(cx, "norm", input, dim, keepdim, dtype, mask, _norm_dtype(cx, input))


@op("masked.median")
def median(
    cx: Context, input: Array, dim: Value | None = None, *, keepdim: Value | None = None, dtype: Value | None = None,
    mask: Array | None = None,
) -> Value:  # fmt: skip
    """Along an axis (the last)."""
    return _reduce(cx, "median", input, Const(-1) if dim is None else dim, keepdim, dtype, mask, input.dtype)


def _declare_along(name: str, floats: bool) -> None:
    @op(f"masked.{name}")
    def run(cx: Context, input: Array, dim: Value, *, dtype: Value | None = None, mask: Array | None = None) -> Value:
        """The same shape."""
        check_mask(cx, input, mask)
        axis_of(cx, name, input, dim)
        default = float_result(cx, input.dtype) if floats else "int64" if input.dtype == "bool" else input.dtype
        wanted = dtype_argument(cx, dtype, default, name)
        return tensor(cx, input.shape, wanted, input, roles=input.roles, strides=layout(input))


for _name in ("softmax", "log_softmax", "softmin"):
    _declare_along(_name, True)
for _name in ("cumsum", "cumprod"):
    _declare_along(_name, False)


@op("masked.normalize")
def normalize(
    cx: Context, input: Array, ord: Value, dim: Value, *, eps: Value | None = None, dtype: Value | None = None,
    mask: Array | None = None,
) -> Value:  # fmt: skip
    """The same shape."""
    check_mask(cx, input, mask)
    axis_of(cx, "normalize", input, dim)
    wanted = dtype_argument(cx, dtype, float_result(cx, input.dtype), "normalize")
    return tensor(cx, input.shape, wanted, input, roles=input.roles, strides=layout(input))


@op("masked.logaddexp")
def logaddexp(
    cx: Context, input: Array, other: Array, *, dtype: Value | None = None, input_mask: Array | None = None,
    other_mask: Array | None = None,
) -> Value:  # fmt: skip
    """Element by element."""
    check_mask(cx, input, input_mask)
    check_mask(cx, other, other_mask)
    shape = broadcast(cx, "logaddexp", input, other)
    wanted = dtype_argument(cx, dtype, result_dtype(cx, input, other), "logaddexp")
    return tensor(cx, shape, wanted, input, other, strides=layout(input, other))
