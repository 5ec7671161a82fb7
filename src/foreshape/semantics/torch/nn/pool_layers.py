"""The pooling modules. Follows ``torch/nn/modules/pooling.py``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import Const, Instance, Sequence, Value, is_none
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.torch.nn.adaptive_pooling import adaptive, fractional, unpooled
from foreshape.semantics.torch.nn.base import (
    FALSE,
    MODULE,
    NONE,
    ONE,
    TRUE,
    ZERO,
    add_buffer,
    forward_rule,
    init_module,
    ints_of,
    kept,
)
from foreshape.semantics.torch.nn.common import ntuple
from foreshape.semantics.torch.nn.pooling import avg_pooled, lp_pooled, max_pooled, wanted
from foreshape.semantics.torch.support import invalid, unknown_tensor

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def _or(value: Value, other: Value) -> Value:
    return other if is_none(value) else value


def _max(n: int) -> None:
    name = library_type(f"torch.nn.MaxPool{n}d", MODULE)

    @rule(f"{name}.__init__")
    def init(
        cx: Context,
        self: Instance,
        kernel_size: Value,
        stride: Value = NONE,
        padding: Value = ZERO,
        dilation: Value = ONE,
        return_indices: Value = FALSE,
        ceil_mode: Value = FALSE,
    ) -> Value:
        """The stride is the window's size, unless given."""
        init_module(cx, self)
        kept(
            cx, self, kernel_size=kernel_size, stride=_or(stride, kernel_size), padding=padding, dilation=dilation,
            return_indices=return_indices, ceil_mode=ceil_mode,
        )  # fmt: skip
        return NONE

    @forward_rule(f"{name}.forward")
    def forward(cx: Context, self: Instance, input: Value) -> Value:
        """(batch, channels, ...) to (batch, channels, ...)."""
        held = self.fields
        return max_pooled(
            cx, n, f"MaxPool{n}d", input, held["kernel_size"], held["stride"], held["padding"], held["dilation"],
            held["ceil_mode"], held["return_indices"],
        )  # fmt: skip


def _unpool(n: int) -> None:
    name = library_type(f"torch.nn.MaxUnpool{n}d", MODULE)

    @rule(f"{name}.__init__")
    def init(cx: Context, self: Instance, kernel_size: Value, stride: Value = NONE, padding: Value = ZERO) -> Value:
        """The stride is the window's size, unless given."""
        init_module(cx, self)
        kernel = ntuple(kernel_size, n)
        kept(cx, self, kernel_size=kernel, stride=ntuple(_or(stride, kernel_size), n), padding=ntuple(padding, n))
        return NONE

    @forward_rule(f"{name}.forward")
    def forward(cx: Context, self: Instance, input: Value, indices: Value, output_size: Value = NONE) -> Value:
        """(batch, channels, ...) to (batch, channels, ...)."""
        held = self.fields
        return unpooled(
            cx, n, f"MaxUnpool{n}d", input, indices, held["kernel_size"], held["stride"], held["padding"], output_size
        )


@rule(library_type("torch.nn.AvgPool1d", MODULE) + ".__init__")
def avg_pool1d_init(
    cx: Context,
    self: Instance,
    kernel_size: Value,
    stride: Value = NONE,
    padding: Value = ZERO,
    ceil_mode: Value = FALSE,
    count_include_pad: Value = TRUE,
) -> Value:
    """The stride is the window's size, unless given."""
    init_module(cx, self)
    kept(
        cx, self, kernel_size=ntuple(kernel_size, 1), stride=ntuple(_or(stride, kernel_size), 1),
        padding=ntuple(padding, 1), ceil_mode=ceil_mode, count_include_pad=count_include_pad,
    )  # fmt: skip
    return NONE


@forward_rule("torch.nn.AvgPool1d.forward")
def avg_pool1d_forward(cx: Context, self: Instance, input: Value) -> Value:
    """(batch, channels, length) to (batch, channels, length)."""
    held = self.fields
    return avg_pooled(
        cx, 1, "AvgPool1d", input, held["kernel_size"], held["stride"], held["padding"], held["ceil_mode"]
    )


def _avg(n: int) -> None:
    name = library_type(f"torch.nn.AvgPool{n}d", MODULE)

    @rule(f"{name}.__init__")
    def init(
        cx: Context,
        self: Instance,
        kernel_size: Value,
        stride: Value = NONE,
        padding: Value = ZERO,
        ceil_mode: Value = FALSE,
        count_include_pad: Value = TRUE,
        divisor_override: Value = NONE,
    ) -> Value:
        """The stride is the window's size, unless given."""
        init_module(cx, self)
        kept(
            cx, self, kernel_size=kernel_size, stride=_or(stride, kernel_size), padding=padding, ceil_mode=ceil_mode,
            count_include_pad=count_include_pad, divisor_override=divisor_override,
        )  # fmt: skip
        return NONE

    @forward_rule(f"{name}.forward")
    def forward(cx: Context, self: Instance, input: Value) -> Value:
        """(batch, channels, ...) to (batch, channels, ...)."""
        held = self.fields
        return avg_pooled(
            cx, n, f"AvgPool{n}d", input, held["kernel_size"], held["stride"], held["padding"], held["ceil_mode"],
            held["divisor_override"],
        )  # fmt: skip


def _power(n: int) -> None:
    name = library_type(f"torch.nn.LPPool{n}d", MODULE)

    @rule(f"{name}.__init__")
    def init(
        cx: Context,
        self: Instance,
        norm_type: Value,
        kernel_size: Value,
        stride: Value = NONE,
        ceil_mode: Value = FALSE,
    ) -> Value:
        """The stride is the window's size, unless given."""
        init_module(cx, self)
        kept(cx, self, norm_type=norm_type, kernel_size=kernel_size, stride=stride, ceil_mode=ceil_mode)
        return NONE

    @forward_rule(f"{name}.forward")
    def forward(cx: Context, self: Instance, input: Value) -> Value:
        """(batch, channels, ...) to (batch, channels, ...)."""
        held = self.fields
        return lp_pooled(cx, n, f"LPPool{n}d", input, held["kernel_size"], held["stride"], held["ceil_mode"])


def _adaptive(n: int) -> None:
    name = library_type(f"torch.nn.AdaptiveAvgPool{n}d", MODULE)

    @rule(f"{name}.__init__")
    def init(cx: Context, self: Instance, output_size: Value) -> Value:
        """The sizes that come out."""
        init_module(cx, self)
        kept(cx, self, output_size=output_size)
        return NONE

    @forward_rule(f"{name}.forward")
    def forward(cx: Context, self: Instance, input: Value) -> Value:
        """(batch, channels, ...) to (batch, channels, *output_size)."""
        made = adaptive(cx, "avg", n, f"AdaptiveAvgPool{n}d", input, self.fields["output_size"])
        return unknown_tensor(cx, input) if made is None else made

    other = library_type(f"torch.nn.AdaptiveMaxPool{n}d", MODULE)

    @rule(f"{other}.__init__")
    def init_max(cx: Context, self: Instance, output_size: Value, return_indices: Value = FALSE) -> Value:
        """The sizes that come out."""
        init_module(cx, self)
        kept(cx, self, output_size=output_size, return_indices=return_indices)
        return NONE

    @forward_rule(f"{other}.forward")
    def forward_max(cx: Context, self: Instance, input: Value) -> Value:
        """(batch, channels, ...) to (batch, channels, *output_size)."""
        made = adaptive(cx, "max", n, f"AdaptiveMaxPool{n}d", input, self.fields["output_size"])
        return unknown_tensor(cx, input) if made is None else wanted(cx, made, self.fields["return_indices"])


def _fractional(n: int) -> None:
    name = library_type(f"torch.nn.FractionalMaxPool{n}d", MODULE)

    @rule(f"{name}.__init__")
    def init(
        cx: Context,
        self: Instance,
        kernel_size: Value,
        output_size: Value = NONE,
        output_ratio: Value = NONE,
        return_indices: Value = FALSE,
        _random_samples: Value = NONE,
    ) -> Value:
        """Either the sizes that come out or their ratio to those that go in."""
        init_module(cx, self)
        size = output_size if is_none(output_size) else ntuple(output_size, n)
        ratio = output_ratio if is_none(output_ratio) else ntuple(output_ratio, n)
        kept(
            cx, self, kernel_size=ntuple(kernel_size, n), return_indices=return_indices, output_size=size,
            output_ratio=ratio,
        )  # fmt: skip
        add_buffer(cx, self, "_random_samples", _random_samples)
        if is_none(size) and is_none(ratio):
            message = f"FractionalMaxPool{n}d requires specifying either an output size, or a pooling ratio"
            raise invalid(cx, "ValueError", message, "output_size", None)
        if isinstance(size, Sequence) and isinstance(ratio, Sequence):
            message = "only one of output_size and output_ratio may be specified"
            raise invalid(cx, "ValueError", message, "output_ratio", cx.text(output_ratio))
        for item in (ints_of(ratio) or ()) if isinstance(ratio, Sequence) else ():
            if isinstance(item, Const) and isinstance(item.value, (int, float)) and not 0 < item.value < 1:
                given = repr(output_ratio.value) if isinstance(output_ratio, Const) else cx.text(output_ratio)
                message = f"output_ratio must be between 0 and 1 (got {given})"
                raise invalid(cx, "ValueError", message, "output_ratio", given)
        return NONE

    @forward_rule(f"{name}.forward")
    def forward(cx: Context, self: Instance, input: Value) -> Value:
        """(batch, channels, ...) to (batch, channels, *output_size)."""
        held = self.fields
        made = fractional(
            cx, n, f"FractionalMaxPool{n}d", input, held["kernel_size"], held["output_size"], held["output_ratio"],
            held["_random_samples"],
        )  # fmt: skip
        return unknown_tensor(cx, input) if made is None else wanted(cx, made, held["return_indices"])


for _n in (1, 2, 3):
    _max(_n)
    _unpool(_n)
    _power(_n)
    _adaptive(_n)
for _n in (2, 3):
    _avg(_n)
    _fractional(_n)
