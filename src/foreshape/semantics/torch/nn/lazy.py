"""Lazy modules: the first input decides the shapes of their parameters. Follows ``torch/nn/modules/lazy.py``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import Array, Const, Instance, Value, as_bool, int_value
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.torch.nn.base import (
    NONE,
    ONE,
    TRUE,
    ZERO,
    Factory,
    add_parameter,
    factory,
    forward_rule,
    init_module,
    kept,
)
from foreshape.semantics.torch.nn.common import parameter_sizes, rank_fault
from foreshape.semantics.torch.nn.conv_layers import (
    ZEROS,
    Made,
    forward,
    forward_transposed,
    init_conv,
    make_weights,
    type_of,
    uninitialized,
)
from foreshape.semantics.torch.nn.linear import linear
from foreshape.semantics.torch.support import invalid, shown, unknown_tensor

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

library_type("torch.nn.LazyLinear", "torch.nn.Linear")
for _n in (1, 2, 3):
    library_type(f"torch.nn.LazyConv{_n}d", f"torch.nn.Conv{_n}d")
    library_type(f"torch.nn.LazyConvTranspose{_n}d", f"torch.nn.ConvTranspose{_n}d")


def waiting(self: Instance) -> Array | None:
    """The weight that has no shape yet."""
    weight = self.fields.get("weight")
    return weight if isinstance(weight, Array) and weight.meta.get("uninitialized") else None


def made_like(weight: Array) -> Factory:
    """The dtype and device that the parameters are to have."""
    return Factory(weight.dtype, weight.meta.get("device"))


@rule("torch.nn.LazyLinear.__init__")
def lazy_linear_init(
    cx: Context,
    self: Instance,
    out_features: Value,
    bias: Value = TRUE,
    device: Value | None = None,
    dtype: Value | None = None,
) -> Value:
    """A Linear whose ``in_features`` is the last axis of the first input."""
    init_module(cx, self)
    kept(cx, self, in_features=ZERO, out_features=out_features)
    made = factory(cx, dtype, device)
    cx.set(self, "weight", uninitialized(made))
    cx.set(self, "bias", uninitialized(made) if as_bool(bias) is not False else Const(None))
    return NONE


@forward_rule("torch.nn.LazyLinear.forward")
def lazy_linear_forward(cx: Context, self: Instance, input: Value) -> Value:
    """(..., in_features) to (..., out_features)."""
    weight = waiting(self)
    if weight is not None:
        if not isinstance(input, Array) or input.shape is None:
            return unknown_tensor(cx, input)
        if not input.shape:
            raise rank_fault(cx, "IndexError", "tuple index out of range", "LazyLinear", input, 1, at_least=True)
        into = int_value(input.shape[-1])
        cx.set(self, "in_features", into)
        shape = parameter_sizes(cx, (self.fields["out_features"], into))
        add_parameter(cx, self, "weight", shape, made_like(weight))
        if isinstance(self.fields.get("bias"), Array):
            add_parameter(cx, self, "bias", shape[:1], made_like(weight))
    return linear(cx, input, self.fields["weight"], self.fields["bias"], "Linear")


def _settle(cx: Context, self: Instance, n: int, input: Value) -> bool:
    """Make the weights for the first input; False where its shape is not known."""
    weight = waiting(self)
    if weight is None:
        return True
    if not isinstance(input, Array) or input.shape is None:
        return False
    if len(input.shape) not in (n + 1, n + 2):
        message = (
            f"Expected {n + 1}D (unbatched) or {n + 2}D (batched) input to {type_of(self)}, but got input of size: "
            f"torch.Size({shown(input.shape)})"
        )
        raise rank_fault(cx, "RuntimeError", message, type_of(self), input, n + 2)
    size = input.shape[-n - 1]
    groups = self.fields["groups"]
    if isinstance(size, int) and isinstance(groups, Const) and isinstance(groups.value, int) and size % groups.value:
        raise invalid(cx, "ValueError", "in_channels must be divisible by groups", "in_channels", size, input)
    into = int_value(size)
    cx.set(self, "in_channels", into)
    make_weights(cx, self, into, made_like(weight), isinstance(self.fields.get("bias"), Array))
    return True


def _plain(n: int) -> None:
    @rule(f"torch.nn.LazyConv{n}d.__init__")
    def init(
        cx: Context,
        self: Instance,
        out_channels: Value,
        kernel_size: Value,
        stride: Value = ONE,
        padding: Value = ZERO,
        dilation: Value = ONE,
        groups: Value = ONE,
        bias: Value = TRUE,
        padding_mode: Value = ZEROS,
        device: Value | None = None,
        dtype: Value | None = None,
    ) -> Value:
        """A convolution whose ``in_channels`` is that of the first input."""
        given = Made(
            into=ZERO, out=out_channels, kernel_size=kernel_size, stride=stride, padding=padding, bias=bias,
            dilation=dilation, groups=groups, mode=padding_mode, device=device, dtype=dtype, output_padding=ZERO,
        )  # fmt: skip
        init_conv(cx, self, n, given, False, lazy=True)
        return NONE

    @forward_rule(f"torch.nn.LazyConv{n}d.forward")
    def conv_forward(cx: Context, self: Instance, input: Value) -> Value:
        """(batch, in, ...) to (batch, out, ...)."""
        return forward(cx, self, n, input) if _settle(cx, self, n, input) else unknown_tensor(cx, input)


def _transposed(n: int) -> None:
    @rule(f"torch.nn.LazyConvTranspose{n}d.__init__")
    def init(
        cx: Context,
        self: Instance,
        out_channels: Value,
        kernel_size: Value,
        stride: Value = ONE,
        padding: Value = ZERO,
        output_padding: Value = ZERO,
        groups: Value = ONE,
        bias: Value = TRUE,
        dilation: Value = ONE,
        padding_mode: Value = ZEROS,
        device: Value | None = None,
        dtype: Value | None = None,
    ) -> Value:
        """A transposed convolution whose ``in_channels`` is that of the first input."""
        given = Made(
            into=ZERO, out=out_channels, kernel_size=kernel_size, stride=stride, padding=padding, bias=bias,
            dilation=dilation, groups=groups, mode=padding_mode, device=device, dtype=dtype,
            output_padding=output_padding,
        )  # fmt: skip
        init_conv(cx, self, n, given, True, lazy=True)
        return NONE

    @forward_rule(f"torch.nn.LazyConvTranspose{n}d.forward")
    def conv_forward(cx: Context, self: Instance, input: Value, output_size: Value = NONE) -> Value:
        """(batch, in, ...) to (batch, out, ...)."""
        if not _settle(cx, self, n, input):
            return unknown_tensor(cx, input)
        return forward_transposed(cx, self, n, input, output_size)


for _n in (1, 2, 3):
    _plain(_n)
    _transposed(_n)
