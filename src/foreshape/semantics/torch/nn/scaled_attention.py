"""``F.scaled_dot_product_attention``: (..., target, features), (..., source, features), (..., source, values).

Follows ``aten/src/ATen/native/transformers/attention.cpp`` on the CPU.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Shape, Value, as_bool
from foreshape.faults.broadcast_mismatch import BroadcastMismatch
from foreshape.faults.matmul_mismatch import MatmulMismatch
from foreshape.faults.rank_mismatch import RankMismatch
from foreshape.semantics.registry import rule
from foreshape.semantics.shared.broadcast import broadcast_shapes
from foreshape.semantics.torch.nn.attention_checks import C_NAMES, mask_dtype_text
from foreshape.semantics.torch.nn.base import FALSE, follows
from foreshape.semantics.torch.nn.demands import NOUGHT, number
from foreshape.semantics.torch.support import (
    check_devices,
    error,
    given,
    invalid,
    is_floating,
    required,
    scalar_name,
    shown,
    tensor,
    wrong_dtype,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

NAME: Final = "scaled_dot_product_attention"
DOC: Final = f"https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.{NAME}.html"


@rule(f"torch.nn.functional.{NAME}", doc=DOC)
def scaled_dot_product_attention(
    cx: Context, query: Value, key: Value, value: Value, attn_mask: Value | None = None, dropout_p: Value = NOUGHT,
    is_causal: Value = FALSE, scale: Value | None = None, enable_gqa: Value = FALSE,
) -> Value:  # fmt: skip
    """softmax(query @ key.T) @ value, with the batch axes broadcast."""
    q, k, v = (
        required(cx, one, NAME, name, place + 1)
        for place, (name, one) in enumerate((("query", query), ("key", key), ("value", value)))
    )
    if q is None or k is None or v is None:
        return follows(cx, query, key, value)
    mask = attn_mask if isinstance(attn_mask, Array) and given(attn_mask) else None
    _check_dtypes(cx, q, k, v, mask)
    check_devices(cx, NAME, q, k, v)
    if q.shape is None or k.shape is None or v.shape is None:
        return tensor(cx, None, q.dtype, q, k, v)
    ranks = [len(one) for one in (q.shape, k.shape, v.shape)]
    if min(ranks) < 2:
        message = (
            f"Expected query, key, and value to all be  at least 2 dimensional, but got query.dim: {ranks[0]} key.dim: "
            f"{ranks[1]} and value.dim: {ranks[2]} instead."
        )
        odd = next(one for one in (q, k, v) if len(one.shape or ()) < 2)
        raise RankMismatch(
            error(cx, "RuntimeError", message), values=(odd,), taker=NAME, needs=2, at_least=True, got=odd.shape or ()
        )
    probability = number(dropout_p)
    if probability is not None and not 0 <= probability <= 1:
        message = f"dropout probability has to be between 0 and 1, but got {probability:g}"
        raise invalid(cx, "RuntimeError", message, "dropout_p", probability)
    keys, values = k.shape, v.shape
    if as_bool(enable_gqa):
        keys, values = _grouped(cx, q, k, v)
    elif as_bool(enable_gqa) is None:
        return tensor(cx, None, q.dtype, q, k, v)
    return _attended(cx, q, k, v, keys, values, mask)


def _check_dtypes(cx: Context, q: Array, k: Array, v: Array, mask: Array | None) -> None:
    found = [one.dtype for one in (q, k, v)]
    if None not in found and len(set(found)) > 1:
        names = [C_NAMES.get(one or "", one) for one in found]
        message = (
            f"Expected query, key, and value to have the same dtype, but got query.dtype: {names[0]} key.dtype: {names[1]} "
            f"and value.dtype: {names[2]} instead."
        )
        odd = next(one for one in (k, v) if one.dtype != q.dtype)
        raise wrong_dtype(cx, "RuntimeError", message, NAME, odd, q, wanted=q.dtype)
    if mask is not None and None not in (mask.dtype, q.dtype) and mask.dtype not in ("bool", q.dtype):
        if not (mask.dtype == "float32" and is_floating(q.dtype)):
            raise wrong_dtype(
                cx, "RuntimeError", mask_dtype_text(mask.dtype, q.dtype), "attn_mask", mask, wanted=q.dtype
            )
    if q.dtype is not None and not is_floating(q.dtype):
        message = f"expected scalar type Float but found {scalar_name(q.dtype)}"
        raise wrong_dtype(cx, "RuntimeError", message, NAME, q, wanted="float32")


def _grouped(cx: Context, q: Array, k: Array, v: Array) -> tuple[Shape, Shape]:
    """Keys and values with fewer heads, each used for several of the query."""
    a, b, c = q.shape or (), k.shape or (), v.shape or ()
    if len(a) < 3 or len(b) < 3 or len(c) < 3:
        return b, c
    heads, fewer = a[-3], b[-3]
    if isinstance(heads, int) and isinstance(fewer, int) and fewer and heads % fewer:
        message = "Number of heads in key and value must divide the number of heads in "
        raise invalid(cx, "RuntimeError", message, "enable_gqa", f"{fewer} heads for {heads}", k)
    return (*b[:-3], heads, *b[-2:]), (*c[:-3], heads, *c[-2:])


def _attended(cx: Context, q: Array, k: Array, v: Array, keys: Shape, values: Shape, mask: Array | None) -> Value:
    shape = q.shape or ()
    front = _broadcast(cx, (q, k), shape[:-2], keys[:-2])
    target, source = shape[-2], keys[-2]
    if not cx.equal(shape[-1], keys[-1]):
        message = (
            f"Expected size for first two dimensions of batch2 tensor to be: {shown((_product(front), shape[-1]))} but got: "
            f"{shown((_product(front), keys[-1]))}."
        )
        if not front:
            message = f"mat1 and mat2 shapes cannot be multiplied ({target}x{shape[-1]} and {keys[-1]}x{source})"
        raise MatmulMismatch(
            error(cx, "RuntimeError", message), values=(k, q), taker=NAME, left=shape, right=k.shape or (),
            left_axis=len(shape) - 1, right_axis=len(keys) - 1,
        )  # fmt: skip
    if mask is not None and mask.shape is not None:
        scores = (*front, target, source)
        whole = _broadcast(cx, (q, mask), scores, mask.shape, minus=0)
        front = whole[:-2]
    front = _broadcast(cx, (q, v), front, values[:-2])
    out = (*front, target, values[-1])
    roles = q.roles if q.roles is not None and len(out) == len(q.roles) else None
    return tensor(cx, out, q.dtype, q, k, v, mask, roles=roles, strides=None)


def _product(front: Shape) -> DimLike:
    total: DimLike = 1
    for size in front:
        total = total * size
    return total


def _broadcast(cx: Context, arrays: tuple[Array, Array], a: Shape, b: Shape, minus: int = 2) -> Shape:
    """The common batch axes; ``minus`` axes stand behind them."""
    found = broadcast_shapes(a, b, facts=cx.facts)
    broken = next((need for need in reversed(found.needs) if need.truth.is_no), None)
    if broken is not None:
        axis = broken.where if isinstance(broken.where, int) else -1
        x = a[axis] if -axis <= len(a) else 1
        y = b[axis] if -axis <= len(b) else 1
        where = len(found.shape) + axis
        message = f"The size of tensor a ({x}) must match the size of tensor b ({y}) at non-singleton dimension {where}"
        raise BroadcastMismatch(
            error(cx, "RuntimeError", message), values=arrays, taker=NAME,
            shapes=(arrays[0].shape or (), arrays[1].shape or ()), axis=axis - minus,
        )  # fmt: skip
    for need in found.open:
        if need.kind == "equal":
            cx.equal(need.left, need.right)
    return tuple(cx.resolve(size) for size in found.shape)
