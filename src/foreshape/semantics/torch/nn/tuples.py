"""``torch.nn.modules.utils``: a number as a tuple. And what is left of older names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import Instance, Value
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.torch.nn.base import MODULE, NONE, ONE, ZERO, forward_rule, init_module, kept
from foreshape.semantics.torch.nn.common import feature_fault, ntuple, rank_fault
from foreshape.semantics.torch.support import error, required, tensor, unknown_tensor

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

library_type("torch.nn.Container", MODULE)


def _ntuple(name: str, n: int) -> None:
    @rule(f"torch.nn.modules.utils.{name}")
    def parse(cx: Context, x: Value) -> Value:
        """An iterable as a tuple, anything else repeated."""
        return ntuple(x, n)


for _name, _n in (("_single", 1), ("_pair", 2), ("_triple", 3), ("_quadruple", 4)):
    _ntuple(_name, _n)


@rule("torch.nn.functional.conv_tbc", "torch.conv_tbc")
def conv_tbc(cx: Context, input: Value, weight: Value, bias: Value, pad: Value = ZERO) -> Value:
    """(time, batch, in) with weight (kernel, in, out) and bias (out,): (time, batch, out)."""
    from foreshape.domain.values import as_dim

    x, w = required(cx, input, "conv_tbc"), required(cx, weight, "conv_tbc", "weight", 2)
    b, more = required(cx, bias, "conv_tbc", "bias", 3), as_dim(pad)
    if x is None or w is None or x.shape is None or w.shape is None:
        return unknown_tensor(cx, input, weight)
    if len(x.shape) != 3:
        raise rank_fault(cx, "RuntimeError", "Input must have 3 dims: time, batch, in_channel", "conv_tbc", x, 3)
    if len(w.shape) != 3:
        message = "Weight tensor must have 3 dims: kernel_width, in_channels, out_channels."
        raise rank_fault(cx, "RuntimeError", message, "conv_tbc", w, 3)
    if not cx.equal(x.shape[2], w.shape[1]):
        message = "Input dim 2 (input channels) is not == dim 1 in the weight tensor"
        raise feature_fault(cx, error(cx, "RuntimeError", message), "conv_tbc", x, w.shape[1], x.shape[2], -1)
    if b is not None and b.shape is not None and len(b.shape) == 1 and not cx.equal(b.shape[0], w.shape[2]):
        message = "Bias size must equal dim 2 in the weight tensor (output channels)."
        raise feature_fault(cx, error(cx, "RuntimeError", message), "conv_tbc", b, w.shape[2], b.shape[0], -1)
    time = cx.fresh(lo=0) if more is None else x.shape[0] + 2 * more - w.shape[0] + 1
    return tensor(cx, (time, x.shape[1], w.shape[2]), x.dtype, x, w, b)


@rule(library_type("torch.nn.CrossMapLRN2d", MODULE) + ".__init__")
def cross_map_init(
    cx: Context, self: Instance, size: Value, alpha: Value = NONE, beta: Value = NONE, k: Value = ONE
) -> Value:
    """Keeps its arguments."""
    init_module(cx, self)
    kept(cx, self, size=size, alpha=alpha, beta=beta, k=k)
    return NONE


@forward_rule("torch.nn.CrossMapLRN2d.forward")
def cross_map_forward(cx: Context, self: Instance, input: Value) -> Value:
    """(batch, channels, height, width) to the same."""
    x = required(cx, input, "apply")
    if x is None:
        return unknown_tensor(cx, input)
    if x.shape is not None and len(x.shape) != 4:
        message = f"CrossMapLRN2d: Expected input to be 4D, got {len(x.shape)}D instead."
        raise rank_fault(cx, "ValueError", message, "CrossMapLRN2d", x, 4)
    return tensor(cx, x.shape, x.dtype, x, roles=x.roles)
