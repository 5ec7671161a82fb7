"""``pairwise_distance``, ``cosine_similarity``, ``pdist``, ``one_hot``: functions and modules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike, floordiv
from foreshape.domain.values import Const, Instance, Value, as_bool, as_dim
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.torch.nn.base import FALSE, MODULE, NONE, forward_rule, init_module, kept
from foreshape.semantics.torch.nn.common import dtype_fault, rank_fault
from foreshape.semantics.torch.support import (
    axis_in,
    broadcast,
    check_devices,
    float_result,
    invalid,
    is_integral,
    real_dtype,
    required,
    result_dtype,
    scalar_name,
    tensor,
    unknown_tensor,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

TWO = Const(2.0)
ONE = Const(1)


def _pairwise(cx: Context, x1: Value, x2: Value, keepdim: Value) -> Value:
    a, b = required(cx, x1, "pairwise_distance", "x1", 1), required(cx, x2, "pairwise_distance", "x2", 2)
    if a is None or b is None:
        return unknown_tensor(cx, x1, x2)
    check_devices(cx, "pairwise_distance", a, b)
    if a.shape is None or b.shape is None:
        return tensor(cx, None, None, a, b)
    shape = broadcast(cx, "pairwise_distance", a, b)
    if shape is None:
        return tensor(cx, None, None, a, b)
    dtype = real_dtype(result_dtype(cx, a, b))
    kept_ = as_bool(keepdim)
    if not shape:
        return tensor(cx, (), float_result(cx, dtype), a, b)
    out = (*shape[:-1], 1) if kept_ else shape[:-1]
    return tensor(cx, out if kept_ is not None else None, float_result(cx, dtype), a, b)


@rule("torch.nn.functional.pairwise_distance", "torch.pairwise_distance")
def pairwise_distance(
    cx: Context,
    x1: Value,
    x2: Value,
    p: Value = TWO,
    eps: Value = Const(1e-6),  # noqa: B008
    keepdim: Value = FALSE,
) -> Value:
    """Distances along the last axis."""
    return _pairwise(cx, x1, x2, keepdim)


def _cosine(cx: Context, x1: Value, x2: Value, dim: Value) -> Value:
    a, b = required(cx, x1, "cosine_similarity", "x1", 1), required(cx, x2, "cosine_similarity", "x2", 2)
    if a is None or b is None:
        return unknown_tensor(cx, x1, x2)
    check_devices(cx, "cosine_similarity", a, b)
    dtype = result_dtype(cx, a, b)
    if dtype is not None and is_integral(dtype):
        message = f"expected common dtype to be floating point, yet common dtype is {scalar_name(dtype)}"
        raise dtype_fault(cx, "RuntimeError", message, "cosine_similarity", a, b, wanted="float32")
    if a.shape is None or b.shape is None:
        return tensor(cx, None, dtype, a, b)
    shape = broadcast(cx, "cosine_similarity", a, b)
    axis = as_dim(dim)
    if shape is None or not isinstance(axis, int):
        return tensor(cx, None, dtype, a, b)
    place = axis_in(cx, "cosine_similarity", axis, len(shape), a)
    return tensor(cx, (*shape[:place], *shape[place + 1 :]), dtype, a, b, lo=-1, hi=1)


@rule("torch.nn.functional.cosine_similarity", "torch.cosine_similarity")
def cosine_similarity(
    cx: Context,
    x1: Value,
    x2: Value,
    dim: Value = ONE,
    eps: Value = Const(1e-8),  # noqa: B008
) -> Value:
    """Similarities along an axis, which is gone."""
    return _cosine(cx, x1, x2, dim)


@rule("torch.nn.functional.pdist", "torch.pdist")
def pdist(cx: Context, input: Value, p: Value = TWO) -> Value:
    """Distances of all pairs of n rows: (n * (n - 1) / 2,)."""
    x = required(cx, input, "pdist")
    if x is None:
        return unknown_tensor(cx, input)
    if x.shape is None:
        return tensor(cx, None, x.dtype, x)
    if len(x.shape) != 2:
        message = f"pdist only supports 2D tensors, got: {len(x.shape)}D"
        raise rank_fault(cx, "RuntimeError", message, "pdist", x, 2)
    if is_integral(x.dtype):
        raise dtype_fault(cx, "RuntimeError", "pdist only supports floating-point dtypes", "pdist", x, wanted="float32")
    power = p.value if isinstance(p, Const) and isinstance(p.value, (int, float)) else None
    if power is not None and power < 0:
        raise invalid(cx, "RuntimeError", "pdist only supports non-negative p values", "p", power, x)
    n = x.shape[0]
    count: DimLike = n * (n - 1) // 2 if isinstance(n, int) else floordiv(n * (n - 1), 2)
    return tensor(cx, (count,), x.dtype, x, lo=0)


# -- modules ----------------------------------------------------------------------------------------------------------


@rule(library_type("torch.nn.PairwiseDistance", MODULE) + ".__init__")
def pairwise_init(
    cx: Context,
    self: Instance,
    p: Value = TWO,
    eps: Value = Const(1e-6),  # noqa: B008
    keepdim: Value = FALSE,
) -> Value:
    """Keeps its arguments."""
    init_module(cx, self)
    kept(cx, self, norm=p, eps=eps, keepdim=keepdim)
    return NONE


@forward_rule("torch.nn.PairwiseDistance.forward")
def pairwise_forward(cx: Context, self: Instance, x1: Value, x2: Value) -> Value:
    """Distances along the last axis."""
    return _pairwise(cx, x1, x2, self.fields["keepdim"])


@rule(library_type("torch.nn.CosineSimilarity", MODULE) + ".__init__")
def cosine_init(
    cx: Context,
    self: Instance,
    dim: Value = ONE,
    eps: Value = Const(1e-8),  # noqa: B008
) -> Value:
    """Keeps its arguments."""
    init_module(cx, self)
    kept(cx, self, dim=dim, eps=eps)
    return NONE


@forward_rule("torch.nn.CosineSimilarity.forward")
def cosine_forward(cx: Context, self: Instance, x1: Value, x2: Value) -> Value:
    """Similarities along an axis, which is gone."""
    return _cosine(cx, x1, x2, self.fields["dim"])
