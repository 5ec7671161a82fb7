"""``keras.ops``: convolution and pooling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike
from foreshape.domain.dim import is_none as undefined
from foreshape.domain.values import Array, Shape, Value, as_int, as_str, is_none
from foreshape.semantics.keras.config import default_data_format
from foreshape.semantics.keras.operations.support import (
    OpenShape,
    common,
    known,
    like,
    refused,
    run,
    text_of,
    word,
)
from foreshape.semantics.registry import rule
from foreshape.semantics.shared.conv import conv_length, transposed_length_by_word
from foreshape.semantics.tensorflow.support import in_graph, ints, tensor

if TYPE_CHECKING:
    from foreshape.faults.base import Fault
    from foreshape.semantics.protocol import Context


def spread(cx: Context, value: Value | None, rank: int, default: int = 1) -> tuple[int, ...]:
    """One number for every axis, or one for each. Raises OpenShape."""
    if value is None or is_none(value):
        return (default,) * rank
    one = as_int(value)
    if one is not None:
        return (one,) * rank
    found = ints(cx, value)
    if found is None or len(found) not in (1, rank):
        raise OpenShape("a size per axis is not known")
    return found * rank if len(found) == 1 else found


def channels_last(cx: Context, value: Value | None) -> bool:
    """Where the channels are: None is the default of the configuration. Raises OpenShape."""
    text = default_data_format(cx) if value is None or is_none(value) else as_str(value)
    if text not in ("channels_last", "channels_first"):
        raise OpenShape("where the channels are is not known")
    return text == "channels_last"


def _apart(shape: Shape, last: bool) -> tuple[DimLike, Shape, DimLike]:
    """(batch, spatial sizes, channels)."""
    return (shape[0], shape[1:-1], shape[-1]) if last else (shape[0], shape[2:], shape[1])


def _again(batch: DimLike, sizes: Shape, channels: DimLike, last: bool) -> Shape:
    return (batch, *sizes, channels) if last else (batch, channels, *sizes)


def windowed(
    cx: Context, taker: str, x: Array, sizes: Shape, window: Shape, steps: tuple[int, ...], padding: str,
    apart: tuple[int, ...],
) -> Shape:  # fmt: skip
    """How many windows there are along each spatial axis. Raises window-size for symbolic tensors."""
    padding = padding.lower()
    if padding not in ("valid", "same"):
        raise OpenShape("another kind of padding")
    made: list[DimLike] = []
    if any(undefined(size) for size in window):
        raise OpenShape("the size of the window is not known")
    for axis, size in enumerate(sizes):
        length, _ = conv_length(size, window[axis], steps[axis], padding, apart[axis])
        if isinstance(length, int) and length <= 0:
            if not in_graph(cx) and taker == "average_pool":
                length = 0
            elif not in_graph(cx):
                raise OpenShape("a window that is larger than what it slides over")
            else:
                raise _too_large(taker, x, window[axis], size, axis)
        made.append(length)
    return tuple(made)


def _too_large(taker: str, x: Array, window: DimLike, size: DimLike, axis: int) -> Fault:
    from foreshape.faults.window_size import WindowSize

    text = (
        f"Computed output size would be negative. Received: `inputs shape={text_of(x.shape or ())}`, `window={window}`."
    )
    return WindowSize(refused(text), values=(x,), taker=taker, window=window, size=size, axis=axis + 1, shape=x.shape)


def _channels(cx: Context, taker: str, x: Array, kernel: Array, given: DimLike, wanted: DimLike) -> None:
    """Raises feature-mismatch where a kernel is made for another number of channels."""
    if undefined(given) or undefined(wanted) or cx.equal(given, wanted):
        return
    if not in_graph(cx) and taker != "conv":
        raise OpenShape("a kernel for another number of channels")
    from foreshape.faults.feature_mismatch import FeatureMismatch

    text = (
        f"The number of input channels must be equal to the number of channels of the kernel. Received: "
        f"inputs.shape={text_of(x.shape or ())}, kernel.shape={text_of(kernel.shape or ())}"
    )
    raise FeatureMismatch(refused(text), values=(x, kernel), taker=taker, needs=wanted, got=given, shape=x.shape)


@rule("keras.ops.conv")
def conv(
    cx: Context, inputs: Value, kernel: Value, strides: Value | None = None, padding: Value | None = None,
    data_format: Value | None = None, dilation_rate: Value | None = None,
) -> Value:  # fmt: skip
    """A convolution with a kernel (window..., channels, filters)."""

    def core(inner: Context, value: Value, weights: Value) -> Value:
        x, shape = known(inner, value)
        k, sizes = known(inner, weights)
        rank = len(shape) - 2
        if rank < 1 or len(sizes) != rank + 2:
            raise OpenShape("a kernel of another rank")
        last = channels_last(cx, data_format)
        batch, spatial, channels = _apart(shape, last)
        if not (isinstance(channels, int) and isinstance(sizes[-2], int) and channels % sizes[-2] == 0):
            _channels(inner, "conv", x, k, channels, sizes[-2])
        made = windowed(
            inner, "conv", x, spatial, sizes[:-2], spread(inner, strides, rank), word(padding, "valid"),
            spread(inner, dilation_rate, rank),
        )  # fmt: skip
        return tensor(_again(batch, made, sizes[-1], last), _dtype(inner, x, value, weights), x, k)

    return run(cx, "conv", core, (inputs, kernel))


def _dtype(cx: Context, x: Array, value: Value, weights: Value) -> str | None:
    """A symbolic convolution has the dtype of its input, one of data that which both promote to."""
    return x.dtype if in_graph(cx) else common(cx, value, weights)


@rule("keras.ops.depthwise_conv")
def depthwise_conv(
    cx: Context, inputs: Value, kernel: Value, strides: Value | None = None, padding: Value | None = None,
    data_format: Value | None = None, dilation_rate: Value | None = None,
) -> Value:  # fmt: skip
    """Each channel on its own, with a kernel (window..., channels, multiplier)."""

    def core(inner: Context, value: Value, weights: Value) -> Value:
        x, made = _depthwise(inner, value, weights, strides, padding, data_format, dilation_rate)
        return like(x, made)

    return run(cx, "depthwise_conv", core, (inputs, kernel))


def _depthwise(
    cx: Context, value: Value, weights: Value, strides: Value | None, padding: Value | None,
    data_format: Value | None, dilation_rate: Value | None,
) -> tuple[Array, Shape]:  # fmt: skip
    x, shape = known(cx, value)
    k, sizes = known(cx, weights)
    rank = len(shape) - 2
    if rank < 1 or len(sizes) != rank + 2:
        raise OpenShape("a kernel of another rank")
    last = channels_last(cx, data_format)
    batch, spatial, channels = _apart(shape, last)
    _channels(cx, "depthwise_conv", x, k, channels, sizes[-2])
    made = windowed(
        cx, "depthwise_conv", x, spatial, sizes[:-2], spread(cx, strides, rank), word(padding, "valid"),
        spread(cx, dilation_rate, rank),
    )  # fmt: skip
    return x, _again(batch, made, sizes[-1] * sizes[-2], last)


@rule("keras.ops.separable_conv")
def separable_conv(
    cx: Context, inputs: Value, depthwise_kernel: Value, pointwise_kernel: Value, strides: Value | None = None,
    padding: Value | None = None, data_format: Value | None = None, dilation_rate: Value | None = None,
) -> Value:  # fmt: skip
    """Each channel on its own, then the channels mixed."""

    def core(inner: Context, value: Value, weights: Value, points: Value) -> Value:
        x, made = _depthwise(inner, value, weights, strides, padding, data_format, dilation_rate)
        _, sizes = known(inner, points)
        last = channels_last(cx, data_format)
        batch, spatial, _ = _apart(made, last)
        return like(x, _again(batch, spatial, sizes[-1], last))

    return run(cx, "separable_conv", core, (inputs, depthwise_kernel, pointwise_kernel))


@rule("keras.ops.conv_transpose")
def conv_transpose(
    cx: Context, inputs: Value, kernel: Value, strides: Value | None = None, padding: Value | None = None,
    output_padding: Value | None = None, data_format: Value | None = None, dilation_rate: Value | None = None,
) -> Value:  # fmt: skip
    """A convolution backwards, with a kernel (window..., filters, channels)."""

    def core(inner: Context, value: Value, weights: Value) -> Value:
        x, shape = known(inner, value)
        k, sizes = known(inner, weights)
        rank = len(shape) - 2
        if rank < 1 or len(sizes) != rank + 2:
            raise OpenShape("a kernel of another rank")
        last = channels_last(cx, data_format)
        batch, spatial, channels = _apart(shape, last)
        _channels(inner, "conv_transpose", x, k, channels, sizes[-1])
        steps, apart = spread(inner, strides, rank), spread(inner, dilation_rate, rank)
        out = (
            (None,) * rank if output_padding is None or is_none(output_padding) else spread(inner, output_padding, rank)
        )
        way = word(padding, "valid")
        if way not in ("valid", "same"):
            raise OpenShape("another kind of padding")
        made = tuple(
            transposed_length_by_word(size, sizes[i], steps[i], way, out[i], apart[i]) for i, size in enumerate(spatial)
        )
        return like(x, _again(batch, made, sizes[-2], last))

    return run(cx, "conv_transpose", core, (inputs, kernel))


def _pooling(name: str) -> None:
    @rule(f"keras.ops.{name}")
    def plain(
        cx: Context, inputs: Value, pool_size: Value, strides: Value | None = None, padding: Value | None = None,
        data_format: Value | None = None,
    ) -> Value:  # fmt: skip
        """Windows of each channel summed up in one number."""

        def core(inner: Context, value: Value) -> Value:
            x, shape = known(inner, value)
            rank = len(shape) - 2
            if rank < 1:
                raise OpenShape("a tensor without spatial axes")
            last = channels_last(cx, data_format)
            batch, spatial, channels = _apart(shape, last)
            pool = spread(inner, pool_size, rank)
            steps = pool if strides is None or is_none(strides) else spread(inner, strides, rank)
            made = windowed(inner, name, x, spatial, pool, steps, word(padding, "valid"), (1,) * rank)
            narrow = name == "max_pool" and rank == 2 and x.dtype == "float64" and not in_graph(inner)
            return like(x, _again(batch, made, channels, last), "float32" if narrow else x.dtype)

        return run(cx, name, core, (inputs,))


for _name in ("max_pool", "average_pool"):
    _pooling(_name)


@rule("keras.ops.adaptive_average_pool", "keras.ops.adaptive_max_pool")
def adaptive_pool(cx: Context, inputs: Value, output_size: Value, data_format: Value | None = None) -> Value:
    """As many windows as are asked for."""

    def core(inner: Context, value: Value) -> Value:
        x, shape = known(inner, value)
        rank = len(shape) - 2
        if rank < 1:
            raise OpenShape("a tensor without spatial axes")
        last = channels_last(cx, data_format)
        batch, _, channels = _apart(shape, last)
        if in_graph(inner) and last and as_int(output_size) is None:
            # the rule of Keras for symbolic tensors keeps one axis too many where a size per axis is given
            sizes = spread(inner, output_size, rank)
            return like(x, (*shape[: -len(sizes)], *sizes, shape[-1]))
        return like(x, _again(batch, spread(inner, output_size, rank), channels, last))

    return run(cx, "adaptive_pool", core, (inputs,))
