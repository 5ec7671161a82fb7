"""``Conv1d`` to ``Conv3d`` and ``ConvTranspose1d`` to ``ConvTranspose3d``. Follows ``torch/nn/modules/conv.py``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents
from foreshape.domain.dim import DimLike, floordiv
from foreshape.domain.values import (
    Array,
    Const,
    Instance,
    Sequence,
    Typed,
    Value,
    as_bool,
    as_dim,
    as_str,
    int_value,
    is_none,
)
from foreshape.faults.base import Fault
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.torch.nn.base import (
    MODULE,
    NONE,
    ONE,
    TRUE,
    ZERO,
    Factory,
    add_parameter,
    factory,
    forward_rule,
    init_module,
    ints_of,
    kept,
)
from foreshape.semantics.torch.nn.common import certainly, ntuple, parameter_sizes, per_axis
from foreshape.semantics.torch.nn.convolution import Settings, convolution, settings, transposed_convolution
from foreshape.semantics.torch.nn.linear import check_floating
from foreshape.semantics.torch.support import invalid, python_type

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

ZEROS = Const("zeros")
MODES = ("zeros", "reflect", "replicate", "circular")
for _n in (1, 2, 3):
    library_type(f"torch.nn.Conv{_n}d", MODULE)
    library_type(f"torch.nn.ConvTranspose{_n}d", MODULE)


class Made:
    """The arguments of a constructor."""

    into: Value
    out: Value
    kernel_size: Value
    stride: Value
    padding: Value
    dilation: Value
    groups: Value
    bias: Value
    mode: Value
    output_padding: Value
    device: Value | None
    dtype: Value | None

    def __init__(self, **values: Value | None) -> None:
        for name, value in values.items():
            setattr(self, name, value)


def init_conv(cx: Context, self: Instance, n: int, given: Made, transposed: bool, lazy: bool = False) -> None:
    """What the constructors share: checks in their order, then the parameters."""
    init_module(cx, self)
    kernel = ntuple(given.kernel_size, n)
    stride, dilation = ntuple(given.stride, n), ntuple(given.dilation, n)
    word = as_str(given.padding)
    padding = given.padding if word is not None and not transposed else ntuple(given.padding, n)
    if transposed and as_str(given.mode) not in (None, "zeros"):
        message = f'Only "zeros" padding mode is supported for {type_of(self)}'
        raise invalid(cx, "ValueError", message, "padding_mode", repr(as_str(given.mode)))
    _check_groups(cx, given, lazy)
    if word is not None and not transposed:
        _check_word(cx, word, stride)
    mode = as_str(given.mode)
    if mode is not None and mode not in MODES:
        listed = "{" + ", ".join(map(repr, MODES)) + "}"
        message = f"padding_mode must be one of {listed}, but got padding_mode='{mode}'"
        raise invalid(cx, "ValueError", message, "padding_mode", repr(mode))
    kept(
        cx, self, in_channels=given.into, out_channels=given.out, kernel_size=kernel, stride=stride, padding=padding,
        dilation=dilation, transposed=Const(transposed), output_padding=ntuple(given.output_padding, n),
        groups=given.groups, padding_mode=given.mode,
    )  # fmt: skip
    made = factory(cx, given.dtype, given.device)
    check_floating(cx, made.dtype)
    if lazy:
        for name in ("weight", "bias"):
            wanted = name == "weight" or as_bool(given.bias) is not False
            cx.set(self, name, uninitialized(made) if wanted else Const(None))
        return
    make_weights(cx, self, given.into, made, as_bool(given.bias) is not False)


def uninitialized(made: Factory) -> Array:
    """A parameter whose shape the first input decides."""
    meta: dict[str, object] = {"parameter": True, "requires_grad": True, "uninitialized": True}
    if made.device is not None:
        meta["device"] = made.device
    return Array("torch", None, made.dtype, meta=meta)


def make_weights(cx: Context, self: Instance, into: Value, made: Factory, bias: bool) -> None:
    """weight (out, in / groups, *kernel), transposed (in, out / groups, *kernel); bias (out,)."""
    out, groups = self.fields["out_channels"], self.fields["groups"]
    kernel = ints_of(self.fields["kernel_size"])
    transposed = as_bool(self.fields["transposed"])
    first, second = (into, out) if transposed else (out, into)
    per_group: Value = second
    size, parts = as_dim(second), as_dim(groups)
    if size is not None and parts is not None:
        per_group = int_value(floordiv(size, parts) if parts != 1 else size)
    elif size is not None:
        per_group = Typed("int")
    if kernel is None:
        shape = None
        wide = parameter_sizes(cx, (out,))
    else:
        shape = parameter_sizes(cx, (first, per_group, *kernel))
        wide = (shape[0],) if not transposed else parameter_sizes(cx, (out,))
    add_parameter(cx, self, "weight", shape, made)
    if bias:
        add_parameter(cx, self, "bias", wide, made)
    else:
        cx.set(self, "bias", Const(None))


def type_of(self: Instance) -> str:
    """The name of its class as messages show it."""
    return self.cls.name.rpartition(".")[2]


def _check_groups(cx: Context, given: Made, lazy: bool) -> None:
    groups = as_dim(given.groups)
    if groups is not None and certainly(cx, groups, 1):
        raise invalid(cx, "ValueError", "groups must be a positive integer", "groups", groups)
    for name, value in (("in_channels", given.into), ("out_channels", given.out)):
        if lazy and name == "in_channels":
            continue
        size = as_dim(value)
        if size is None and isinstance(value, (Const, Typed, Sequence)):
            _not_divisible(cx, name, value)
        if isinstance(size, int) and isinstance(groups, int) and size % groups:
            raise invalid(cx, "ValueError", f"{name} must be divisible by groups", name, size)


def _not_divisible(cx: Context, name: str, value: Value) -> None:
    kind = python_type(value)
    if kind == "str":
        message = "not all arguments converted during string formatting"
        raise invalid(cx, "TypeError", message, name, cx.text(value), value)
    if kind not in ("int", "float", "bool"):
        message = f"unsupported operand type(s) for %: '{kind}' and 'int'"
        raise invalid(cx, "TypeError", message, name, cx.text(value), value)


def _check_word(cx: Context, word: str, stride: Value) -> None:
    if word not in ("same", "valid"):
        message = f"Invalid padding string '{word}', should be one of {{'valid', 'same'}}"
        raise invalid(cx, "ValueError", message, "padding", repr(word))
    steps = [as_dim(item) for item in ints_of(stride) or ()]
    if word == "same" and any(isinstance(step, int) and step != 1 for step in steps):
        message = "padding='same' is not supported for strided convolutions"
        raise invalid(cx, "ValueError", message, "padding", "'same'")


def settings_of(cx: Context, self: Instance, n: int, padding: Value | None = None) -> Settings:
    """The settings of a layer."""
    fields = self.fields
    return settings(
        cx, n, fields["stride"], fields["padding"] if padding is None else padding, fields["dilation"],
        fields["groups"], fields["output_padding"], as_bool(fields["transposed"]) is True,
    )  # fmt: skip


def forward(cx: Context, self: Instance, n: int, input: Value) -> Value:
    """``F.conv``; with another padding mode than zeros the input is padded first."""
    fields = self.fields
    weight, bias = fields.get("weight", NONE), fields.get("bias", NONE)
    mode = as_str(fields["padding_mode"])
    given = settings_of(cx, self, n)
    if mode is not None and mode != "zeros":
        input = _padded(cx, self, n, input, mode, given)
        given = settings_of(cx, self, n, ZERO)
    return convolution(cx, f"conv{n}d", f"Conv{n}d", (input, weight, bias), given)


def _padded(cx: Context, self: Instance, n: int, input: Value, mode: str, given: Settings) -> Value:
    from foreshape.semantics.torch.nn.padding import pad

    if isinstance(given.padding, tuple):
        pads: list[DimLike] = [size for size in reversed(given.padding) for _ in (0, 1)]
    elif given.padding == "same" and given.dilation is not None:
        kernel = per_axis(cx, self.fields["kernel_size"], n)
        if kernel is None:
            return cx.unknown("the size of the kernel is not known")
        pads = []
        for step, size in zip(reversed(given.dilation), reversed(kernel)):
            total = step * (size - 1)
            left = floordiv(total, 2)
            pads.extend((left, total - left))
    else:
        pads = [0] * (2 * n)
    return pad(cx, input, Sequence("tuple", Contents(int_value(size) for size in pads)), Const(mode))


def output_padding(cx: Context, self: Instance, n: int, input: Value, wanted: Value) -> Value:
    """What ``output_size`` asks for, as output padding; ValueError where it cannot be had."""
    if isinstance(wanted, Const):
        raise invalid(
            cx,
            "TypeError",
            f"object of type '{python_type(wanted)}' has no len()",
            "output_size",
            cx.text(wanted),
            wanted,
        )
    items = ints_of(wanted)
    given = settings_of(cx, self, n)
    kernel = per_axis(cx, self.fields["kernel_size"], n)
    known = isinstance(input, Array) and input.shape is not None and kernel is not None
    if items is None or not known or given.stride is None or not isinstance(given.padding, tuple):
        return cx.unknown("the output size is not known")
    assert isinstance(input, Array) and input.shape is not None and kernel is not None
    before = 2 if len(input.shape) == n + 2 else 1
    count = len(items)
    if count == before + n:
        items = items[before:]
    if len(items) != n:
        message = (
            f"ConvTranspose{n}D: for {len(input.shape)}D input, output_size must have {n} or {before + n} elements "
            f"(got {count})"
        )
        raise invalid(cx, "ValueError", message, "output_size", count, input)
    dilation = given.dilation or (1,) * n
    sizes = [as_dim(item) for item in items]
    least = [
        (input.shape[before + k] - 1) * given.stride[k] - 2 * given.padding[k] + dilation[k] * (kernel[k] - 1) + 1
        for k in range(n)
    ]
    made: list[Value] = []
    for size, low, step in zip(sizes, least, given.stride):
        if size is None:
            made.append(Typed("int"))
            continue
        if not cx.at_least(size, low) or not cx.at_least(low + step - 1, size):
            raise _no_size(cx, input, sizes, least, given, before)
        made.append(int_value(size - low))
    return Sequence("list", Contents(made))


def _no_size(
    cx: Context, input: Array, sizes: list[DimLike | None], least: list[DimLike], given: Settings, before: int
) -> Fault:
    assert input.shape is not None and given.stride is not None
    listed = ", ".join(map(str, sizes)) + ("," if len(sizes) == 1 else "")
    most = [low + step - 1 for low, step in zip(least, given.stride)]
    spatial = list(input.shape[2:])
    message = (
        f"requested an output size of ({listed}), but valid sizes range from [{', '.join(map(str, least))}] to "
        f"[{', '.join(map(str, most))}] (for an input of torch.Size([{', '.join(map(str, spatial))}]))"
    )
    del before
    return invalid(cx, "ValueError", message, "output_size", f"({listed})", input)


def forward_transposed(cx: Context, self: Instance, n: int, input: Value, output_size: Value) -> Value:
    """``F.conv_transpose`` with the output padding that ``output_size`` needs."""
    fields = self.fields
    given = settings_of(cx, self, n)
    if not is_none(output_size):
        more = output_padding(cx, self, n, input, output_size)
        given.output_padding = per_axis(cx, more, n)
    values = (input, fields.get("weight", NONE), fields.get("bias", NONE))
    return transposed_convolution(cx, f"conv_transpose{n}d", f"ConvTranspose{n}d", values, given)


def _plain(n: int) -> None:
    @rule(f"torch.nn.Conv{n}d.__init__")
    def init(
        cx: Context,
        self: Instance,
        in_channels: Value,
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
        """weight (out, in / groups, *kernel_size), bias (out,)."""
        given = Made(
            into=in_channels, out=out_channels, kernel_size=kernel_size, stride=stride, padding=padding, bias=bias,
            dilation=dilation, groups=groups, mode=padding_mode, device=device, dtype=dtype, output_padding=ZERO,
        )  # fmt: skip
        init_conv(cx, self, n, given, False)
        return NONE

    @forward_rule(f"torch.nn.Conv{n}d.forward")
    def conv_forward(cx: Context, self: Instance, input: Value) -> Value:
        """(batch, in, ...) to (batch, out, ...); the batch axis may be missing."""
        return forward(cx, self, n, input)


def _transposed(n: int) -> None:
    @rule(f"torch.nn.ConvTranspose{n}d.__init__")
    def init(
        cx: Context,
        self: Instance,
        in_channels: Value,
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
        """weight (in, out / groups, *kernel_size), bias (out,)."""
        given = Made(
            into=in_channels, out=out_channels, kernel_size=kernel_size, stride=stride, padding=padding, bias=bias,
            dilation=dilation, groups=groups, mode=padding_mode, device=device, dtype=dtype,
            output_padding=output_padding,
        )  # fmt: skip
        init_conv(cx, self, n, given, True)
        return NONE

    @forward_rule(f"torch.nn.ConvTranspose{n}d.forward")
    def conv_forward(cx: Context, self: Instance, input: Value, output_size: Value = NONE) -> Value:
        """(batch, in, ...) to (batch, out, ...); the batch axis may be missing."""
        return forward_transposed(cx, self, n, input, output_size)


for _n in (1, 2, 3):
    _plain(_n)
    _transposed(_n)
