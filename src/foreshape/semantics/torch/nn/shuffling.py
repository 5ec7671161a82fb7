"""Pixel and channel shuffles, ``unfold`` and ``fold``: as functions and as modules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike, floordiv, product
from foreshape.domain.values import Array, Const, Instance, Shape, Typed, Value, as_dim
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.torch.nn.base import MODULE, NONE, ONE, ZERO, forward_rule, init_module, ints_of, kept
from foreshape.semantics.torch.nn.common import certainly, feature_fault, per_axis, rank_fault
from foreshape.semantics.torch.support import (
    error,
    invalid,
    is_integral,
    must_be,
    not_implemented,
    python_type,
    required,
    shown,
    tensor,
    unknown_tensor,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def _multiple(cx: Context, size: DimLike, factor: DimLike) -> bool:
    """Whether a size may be a multiple of a factor."""
    if isinstance(size, int) and isinstance(factor, int):
        return factor != 0 and size % factor == 0
    return True


def _factor(cx: Context, name: str, argument: str, value: Value) -> DimLike | None:
    found = as_dim(value)
    if found is None and isinstance(value, (Const, Typed)) and python_type(value) not in ("int", "bool"):
        raise must_be(cx, name, argument, 2, "int", value)
    return found


def _shuffled(
    cx: Context, taker: str, module: str, argument: str, input: Value, factor: Value
) -> tuple[Array, Shape, DimLike] | Value:
    """The image, its shape and the factor of ``pixel_shuffle`` and its inverse, as both check them; the result where one of them is
    not known."""
    x = required(cx, input, taker)
    r = _factor(cx, taker, argument, factor)
    if x is None:
        return unknown_tensor(cx, input)
    if x.shape is None:
        return tensor(cx, None, x.dtype, x)
    rank = len(x.shape)
    if rank < 3:
        message = f"{taker} expects input to have at least 3 dimensions, but got input with {rank} dimension(s)"
        raise rank_fault(cx, "RuntimeError", message, module, x, 3, at_least=True)
    if r is None:
        return tensor(cx, (*x.shape[:-3], *(cx.fresh(lo=0) for _ in range(3))), x.dtype, x)
    if certainly(cx, r, 1):
        message = f"{taker} expects a positive {argument}, but got {r}"
        raise invalid(cx, "RuntimeError", message, argument, r, x)
    return x, x.shape, r


@rule("torch.nn.functional.pixel_shuffle", "torch.pixel_shuffle")
def pixel_shuffle(cx: Context, input: Value, upscale_factor: Value) -> Value:
    """(..., c * r * r, h, w) to (..., c, h * r, w * r)."""
    found = _shuffled(cx, "pixel_shuffle", "PixelShuffle", "upscale_factor", input, upscale_factor)
    if isinstance(found, Value):
        return found
    x, (*batch, c, h, w), r = found
    if not _multiple(cx, c, r * r):
        message = (
            "pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of upscale_factor, but "
            f"input.size(-3)={c} is not divisible by {r * r}"
        )
        raise feature_fault(cx, error(cx, "RuntimeError", message), "PixelShuffle", x, r * r, c, -3)
    return tensor(cx, (*batch, floordiv(c, r * r), h * r, w * r), x.dtype, x, roles=x.roles)


@rule("torch.nn.functional.pixel_unshuffle", "torch.pixel_unshuffle")
def pixel_unshuffle(cx: Context, input: Value, downscale_factor: Value) -> Value:
    """(..., c, h * r, w * r) to (..., c * r * r, h, w)."""
    found = _shuffled(cx, "pixel_unshuffle", "PixelUnshuffle", "downscale_factor", input, downscale_factor)
    if isinstance(found, Value):
        return found
    x, (*batch, c, h, w), r = found
    for word, axis, size in (("height", -2, h), ("width", -1, w)):
        if not _multiple(cx, size, r):
            message = (
                f"pixel_unshuffle expects {word} to be divisible by downscale_factor, but input.size({axis})={size} is not "
                f"divisible by {r}"
            )
            raise feature_fault(cx, error(cx, "RuntimeError", message), "PixelUnshuffle", x, r, size, axis)
    return tensor(cx, (*batch, c * r * r, floordiv(h, r), floordiv(w, r)), x.dtype, x, roles=x.roles)


@rule("torch.nn.functional.channel_shuffle", "torch.channel_shuffle", "torch.nn.functional.native_channel_shuffle",
      "torch.native_channel_shuffle")  # fmt: skip
def channel_shuffle(cx: Context, input: Value, groups: Value) -> Value:
    """The input's shape."""
    x = required(cx, input, "channel_shuffle")
    count = as_dim(groups)
    if x is None:
        return unknown_tensor(cx, input)
    if x.shape is None:
        return tensor(cx, None, x.dtype, x)
    if len(x.shape) <= 2:
        message = f"channel_shuffle expects input with > 2 dims, but got input with sizes {shown(x.shape)}"
        raise rank_fault(cx, "RuntimeError", message, "ChannelShuffle", x, 3, at_least=True)
    if count is not None and certainly(cx, count, 1):
        message = f"Number of groups to divide channels in must be positive. Value of groups:{count}"
        raise invalid(cx, "RuntimeError", message, "groups", count, x)
    if count is not None and not _multiple(cx, x.shape[1], count):
        message = f"Number of channels must be divisible by groups. Got {x.shape[1]} channels and {count} groups."
        raise feature_fault(
            cx, error(cx, "RuntimeError", message), "ChannelShuffle", x, count, x.shape[1], 1 - len(x.shape)
        )
    return tensor(cx, x.shape, x.dtype, x, roles=x.roles)


# -- blocks -----------------------------------------------------------------------------------------------------------


class Blocks:
    """The numbers of ``unfold`` and ``fold``; None where they are not known."""

    __slots__ = ("dilation", "kernel", "padding", "stride")

    def __init__(self, cx: Context, kernel: Value, dilation: Value, padding: Value, stride: Value) -> None:
        self.kernel = self._pair(cx, "kernel_size", kernel)
        self.dilation = self._pair(cx, "dilation", dilation)
        self.padding = self._pair(cx, "padding", padding)
        self.stride = self._pair(cx, "stride", stride)

    @staticmethod
    def _pair(cx: Context, name: str, value: Value) -> Shape | None:
        items = ints_of(value)
        if items is not None and len(items) != 2:
            message = f"It is expected {name} equals to 2, but got size {len(items)}"
            raise invalid(cx, "RuntimeError", message, name, len(items), value)
        return per_axis(cx, value, 2)

    def check(self, cx: Context, x: Array) -> None:
        """Sizes must be positive."""
        for name, word, sizes in (
            ("kernel", "kernel size", self.kernel),
            ("stride", "stride", self.stride),
            ("dilation", "dilation", self.dilation),
        ):
            if sizes is not None and any(certainly(cx, size, 1) for size in sizes):
                message = (
                    f"{word} should be greater than zero, but got {name}_height: {sizes[0]} {name}_width: {sizes[1]}"
                )
                raise invalid(cx, "RuntimeError", message, word, shown(sizes), x)
        if self.padding is not None and any(certainly(cx, size, 0) for size in self.padding):
            pads = self.padding
            message = f"padding should be non-negative, but got pad_height: {pads[0]} pad_width: {pads[1]}"
            raise invalid(cx, "RuntimeError", message, "padding", shown(pads), x)

    def counts(self, cx: Context, height: DimLike, width: DimLike) -> list[DimLike] | None:
        """How many blocks fit along both axes."""
        if self.kernel is None or self.dilation is None or self.padding is None or self.stride is None:
            return None
        return [
            floordiv(size + 2 * self.padding[k] - self.dilation[k] * (self.kernel[k] - 1) - 1, self.stride[k]) + 1
            for k, size in enumerate((height, width))
        ]

    def told(self) -> str:
        """As the messages list them."""
        return f"kernel_size={_pair(self.kernel)}, dilation={_pair(self.dilation)}, padding={_pair(self.padding)}"


def _pair(sizes: Shape | None) -> str:
    return "(?, ?)" if sizes is None else f"({', '.join(map(str, sizes))})"


@rule("torch.nn.functional.unfold")
def unfold(
    cx: Context,
    input: Value,
    kernel_size: Value,
    dilation: Value = ONE,
    padding: Value = ZERO,
    stride: Value = ONE,
) -> Value:
    """(batch, c, h, w) to (batch, c * kernel, blocks); the batch axis may be missing."""
    x = required(cx, input, "im2col")
    if x is None:
        return unknown_tensor(cx, input)
    blocks = Blocks(cx, kernel_size, dilation, padding, stride)
    if x.shape is None:
        return tensor(cx, None, x.dtype, x)
    blocks.check(cx, x)
    rank = len(x.shape)
    if rank < 3:
        low = max(rank, 1)
        axis = 2 if rank == 2 else 3
        message = f"Dimension out of range (expected to be in range of [-{low}, {low - 1}], but got {axis})"
        raise rank_fault(cx, "IndexError", message, "Unfold", x, 4)
    if rank not in (3, 4) or any(isinstance(size, int) and size == 0 for size in x.shape[rank - 3 :]):
        message = (
            "Expected 3D or 4D (batch mode) tensor with possibly 0 batch size and other non-zero dimensions for input, but "
            f"got: {shown(x.shape)}"
        )
        raise rank_fault(cx, "RuntimeError", message, "Unfold", x, 4)
    c, h, w = x.shape[-3:]
    counts = blocks.counts(cx, h, w)
    if counts is None or blocks.kernel is None:
        return tensor(cx, (*x.shape[:-3], cx.fresh(lo=0), cx.fresh(lo=0)), x.dtype, x)
    if any(certainly(cx, count, 1) for count in counts):
        message = (
            f"Given input with spatial size ({h}, {w}), {blocks.told()}, calculated shape of the array of sliding blocks as "
            f"({counts[0]}, {counts[1]}), but its components must be at least one."
        )
        raise invalid(cx, "RuntimeError", message, "kernel_size", _pair(blocks.kernel), x)
    made = tensor(cx, (*x.shape[:-3], c * product(blocks.kernel), counts[0] * counts[1]), x.dtype, x)
    if is_integral(x.dtype) and x.dtype != "bool":
        raise not_implemented(cx, "im2col_out_cpu", x, "Unfold", recover=made)
    return made


@rule("torch.nn.functional.fold")
def fold(
    cx: Context,
    input: Value,
    output_size: Value,
    kernel_size: Value,
    dilation: Value = ONE,
    padding: Value = ZERO,
    stride: Value = ONE,
) -> Value:
    """(batch, c * kernel, blocks) to (batch, c, *output_size); the batch axis may be missing."""
    x = required(cx, input, "col2im")
    if x is None:
        return unknown_tensor(cx, input)
    target = Blocks._pair(cx, "output_size", output_size)
    blocks = Blocks(cx, kernel_size, dilation, padding, stride)
    if x.shape is None:
        return tensor(cx, None, x.dtype, x)
    blocks.check(cx, x)
    rank = len(x.shape)
    if rank not in (2, 3) or any(isinstance(size, int) and size == 0 for size in x.shape[rank - 2 :]):
        message = (
            "Expected 2D or 3D (batch mode) tensor for input with possibly 0 batch size and non-zero dimensions for input, "
            f"but got: {shown(x.shape)}"
        )
        raise rank_fault(cx, "RuntimeError", message, "Fold", x, 3)
    if target is None or blocks.kernel is None:
        return tensor(cx, (*x.shape[:-2], *(cx.fresh(lo=0) for _ in range(3))), x.dtype, x)
    rows, count = x.shape[-2:]
    span = product(blocks.kernel)
    if not _multiple(cx, rows, span):
        message = (
            f"Expected size of input's dimension 1 to be divisible by the product of kernel_size, but got "
            f"input.size(1)={rows} and kernel_size={_pair(blocks.kernel)}."
        )
        raise feature_fault(cx, error(cx, "RuntimeError", message), "Fold", x, span, rows, -2)
    counts = blocks.counts(cx, *target)
    if counts is not None:
        total = counts[0] * counts[1]
        stride_text = f"output_size={_pair(target)}, {blocks.told()}, stride={_pair(blocks.stride)}"
        if not cx.equal(count, total):
            message = (
                f"Given {stride_text}, expected size of input's dimension 2 to match the calculated number of sliding "
                f"blocks {counts[0]} * {counts[1]} = {total}, but got input.size(2)={count}."
            )
            raise feature_fault(cx, error(cx, "RuntimeError", message), "Fold", x, total, count, -1)
    return tensor(cx, (*x.shape[:-2], floordiv(rows, span), *target), x.dtype, x)


# -- modules ----------------------------------------------------------------------------------------------------------


def _module(cls: str, argument: str, function: str) -> None:
    name = library_type(f"torch.nn.{cls}", MODULE)
    apply = {"pixel_shuffle": pixel_shuffle, "pixel_unshuffle": pixel_unshuffle, "channel_shuffle": channel_shuffle}

    def init(cx: Context, self: Instance, **bound: Value) -> Value:
        """Keeps its argument."""
        init_module(cx, self)
        kept(cx, self, **bound)
        return NONE

    from foreshape.semantics.torch.nn.tables import parameters, register

    register(f"{name}.__init__", init, parameters("self", argument))

    @forward_rule(f"{name}.forward")
    def forward(cx: Context, self: Instance, input: Value) -> Value:
        """As the function."""
        return apply[function](cx, input, self.fields[argument])


_module("PixelShuffle", "upscale_factor", "pixel_shuffle")
_module("PixelUnshuffle", "downscale_factor", "pixel_unshuffle")
_module("ChannelShuffle", "groups", "channel_shuffle")


@rule(library_type("torch.nn.Unfold", MODULE) + ".__init__")
def unfold_init(
    cx: Context,
    self: Instance,
    kernel_size: Value,
    dilation: Value = ONE,
    padding: Value = ZERO,
    stride: Value = ONE,
) -> Value:
    """Keeps its arguments."""
    init_module(cx, self)
    kept(cx, self, kernel_size=kernel_size, dilation=dilation, padding=padding, stride=stride)
    return NONE


@forward_rule("torch.nn.Unfold.forward")
def unfold_forward(cx: Context, self: Instance, input: Value) -> Value:
    """(batch, c, h, w) to (batch, c * kernel, blocks)."""
    held = self.fields
    return unfold(cx, input, held["kernel_size"], held["dilation"], held["padding"], held["stride"])


@rule(library_type("torch.nn.Fold", MODULE) + ".__init__")
def fold_init(
    cx: Context,
    self: Instance,
    output_size: Value,
    kernel_size: Value,
    dilation: Value = ONE,
    padding: Value = ZERO,
    stride: Value = ONE,
) -> Value:
    """Keeps its arguments."""
    init_module(cx, self)
    kept(cx, self, output_size=output_size, kernel_size=kernel_size, dilation=dilation, padding=padding, stride=stride)
    return NONE


@forward_rule("torch.nn.Fold.forward")
def fold_forward(cx: Context, self: Instance, input: Value) -> Value:
    """(batch, c * kernel, blocks) to (batch, c, *output_size)."""
    held = self.fields
    return fold(cx, input, held["output_size"], held["kernel_size"], held["dilation"], held["padding"], held["stride"])
