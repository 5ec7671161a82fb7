"""``keras.ops``: activations, normalization, attention, space moved into channels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import floordiv
from foreshape.domain.values import Value, as_int, as_str, is_none
from foreshape.semantics.keras.operations.support import (
    OpenShape,
    axes_argument,
    common,
    differ,
    integer,
    known,
    like,
    needs_rank,
    one_axis,
    operand,
    place,
    refused,
    run,
    text_of,
    to_float,
    trouble,
    wrong_value,
)
from foreshape.semantics.registry import rule
from foreshape.semantics.tensorflow.support import in_graph, ints, tensor

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

ACTIVATIONS = (
    "relu", "relu6", "sigmoid", "sparse_sigmoid", "softplus", "softsign", "sparse_plus", "silu", "swish",
    "log_sigmoid", "hard_sigmoid", "hard_silu", "hard_swish", "selu", "tanh_shrink", "hard_tanh",
)  # fmt: skip


def same(cx: Context, value: Value) -> Value:
    """The same shape and dtype."""
    found = operand(cx, value)
    return like(found, found.shape, roles=found.roles)


def _activation(name: str) -> None:
    @rule(f"keras.ops.{name}")
    def plain(cx: Context, x: Value) -> Value:
        """The same shape."""
        return run(cx, name, same, (x,))


for _name in ACTIVATIONS:
    _activation(_name)


@rule("keras.ops.elu", "keras.ops.celu")
def elu(cx: Context, x: Value, alpha: Value | None = None) -> Value:
    """The same shape."""
    return run(cx, "elu", same, (x,))


@rule("keras.ops.leaky_relu")
def leaky_relu(cx: Context, x: Value, negative_slope: Value | None = None) -> Value:
    """The same shape."""
    return run(cx, "leaky_relu", same, (x,))


@rule("keras.ops.gelu")
def gelu(cx: Context, x: Value, approximate: Value | None = None) -> Value:
    """The same shape."""
    return run(cx, "gelu", same, (x,))


@rule("keras.ops.hard_shrink", "keras.ops.soft_shrink")
def shrink(cx: Context, x: Value, threshold: Value | None = None) -> Value:
    """The same shape."""
    return run(cx, "shrink", same, (x,))


@rule("keras.ops.threshold")
def threshold(cx: Context, x: Value, threshold: Value, default_value: Value) -> Value:
    """The same shape."""
    return run(cx, "threshold", same, (x,))


@rule("keras.ops.squareplus")
def squareplus(cx: Context, x: Value, b: Value | None = None) -> Value:
    """The same shape."""
    return run(cx, "squareplus", same, (x,))


@rule("keras.ops.softmax", "keras.ops.log_softmax", "keras.ops.sparsemax")
def softmax(cx: Context, x: Value, axis: Value | None = None) -> Value:
    """The same shape."""

    def core(inner: Context, value: Value) -> Value:
        found = operand(inner, value)
        axes = (-1,) if axis is None else axes_argument(inner, axis)
        if found.shape is not None and (found.shape or axis is not None):
            for one in axes or ():
                place(inner, "softmax", one, len(found.shape), found)
        if not in_graph(inner) and found.dtype is not None and ("int" in found.dtype or found.dtype == "bool"):
            from foreshape.faults.dtype_mismatch import DtypeMismatch

            text = f"Value for attr 'T' of {found.dtype} is not in the list of allowed values: half, bfloat16, float, double"
            raise DtypeMismatch(trouble(inner, text, found), values=(found,), taker="softmax", got=(found.dtype,))
        if axes is not None and len(axes) == 1:
            from foreshape.semantics.shared.silent import note_softmax

            note_softmax(cx, "softmax", found, axes[0])
        return like(found, found.shape, roles=found.roles)

    return run(cx, "softmax", core, (x,))


@rule("keras.ops.glu")
def glu(cx: Context, x: Value, axis: Value | None = None) -> Value:
    """One half of an axis gates the other."""

    def core(inner: Context, value: Value) -> Value:
        found, shape = known(inner, value)
        at = place(inner, "glu", one_axis(inner, axis, -1) or 0, len(shape), found)
        size = shape[at]
        if isinstance(size, int) and size % 2:
            text = f"axis size must be divisible by 2. Received: x.shape={text_of(shape)} with axis={at}"
            if not in_graph(inner):
                raise OpenShape(text)
            raise wrong_value(refused(text), "x", text_of(shape), found)
        return like(found, (*shape[:at], floordiv(size, 2), *shape[at + 1 :]))

    return run(cx, "glu", core, (x,))


# -- normalization ----------------------------------------------------------------------------------------------------


@rule("keras.ops.normalize")
def normalize(
    cx: Context, x: Value, axis: Value | None = None, order: Value | None = None, epsilon: Value | None = None
) -> Value:
    """The same shape."""

    def core(inner: Context, value: Value) -> Value:
        found = operand(inner, value)
        axes = (-1,) if axis is None else axes_argument(inner, axis)
        if found.shape is not None:
            for one in axes or ():
                place(inner, "normalize", one, len(found.shape), found)
        return like(found, found.shape, to_float(found.dtype), found.roles)

    return run(cx, "normalize", core, (x,))


@rule("keras.ops.batch_normalization")
def batch_normalization(
    cx: Context, x: Value, mean: Value, variance: Value, axis: Value, offset: Value | None = None,
    scale: Value | None = None, epsilon: Value | None = None,
) -> Value:  # fmt: skip
    """The same shape."""
    given = {"mean": mean, "variance": variance, "offset": offset, "scale": scale}
    used = {name: value for name, value in given.items() if value is not None and not is_none(value)}

    def core(inner: Context, value: Value, *vectors: Value) -> Value:
        found, shape = known(inner, value)
        at = one_axis(inner, axis, -1)
        if in_graph(inner) and at is not None and -len(shape) <= at < len(shape):
            for name, vector in zip(used, vectors):
                held, sizes = known(inner, vector)
                if len(sizes) != 1 or differ(inner, sizes[0], shape[at]):
                    text = f"Arguments `{name}` must be a vector of length `x.shape[axis]`. Expected: "
                    text += f"`({shape[at]},)`. Received: `{text_of(sizes)}."
                    raise wrong_value(refused(text), name, text_of(sizes), held, found)
        return like(found, shape, roles=found.roles)

    return run(cx, "batch_normalization", core, (x, *used.values()))


@rule("keras.ops.layer_normalization")
def layer_normalization(
    cx: Context, x: Value, gamma: Value | None = None, beta: Value | None = None, axis: Value | None = None,
    epsilon: Value | None = None, **kwargs: Value,
) -> Value:  # fmt: skip
    """The same shape."""
    return run(cx, "layer_normalization", same, (x,))


@rule("keras.ops.rms_normalization")
def rms_normalization(
    cx: Context, x: Value, scale: Value | None = None, axis: Value | None = None, epsilon: Value | None = None
) -> Value:
    """The same shape."""
    return run(cx, "rms_normalization", same, (x,))


# -- attention --------------------------------------------------------------------------------------------------------


@rule("keras.ops.dot_product_attention")
def dot_product_attention(
    cx: Context, query: Value, key: Value, value: Value, bias: Value | None = None, mask: Value | None = None,
    scale: Value | None = None, is_causal: Value | None = None, flash_attention: Value | None = None,
    attn_logits_soft_cap: Value | None = None,
) -> Value:  # fmt: skip
    """(batch, queries, heads, head size), as the query."""

    def core(inner: Context, q: Value, k: Value, v: Value) -> Value:
        found = [known(inner, one) for one in (q, k, v)]
        for array, shape in found:
            if len(shape) != 4 and not in_graph(inner):
                text = (
                    "`dot_product_attention` only supports 4D inputs. Received: "
                    + ", ".join(f"{name}.shape={text_of(one)}" for name, (_, one) in
                                zip(("query", "key", "value"), found))
                    + "."
                )  # fmt: skip
                raise needs_rank(refused(text), "dot_product_attention", array, 4)
        return tensor(found[0][1], common(inner, q, k, v), *(array for array, _ in found), roles=found[0][0].roles)

    return run(cx, "dot_product_attention", core, (query, key, value))


# -- space and channels -----------------------------------------------------------------------------------------------


def _last_channels(value: Value | None) -> bool:
    text = "channels_last" if value is None or is_none(value) else as_str(value)
    if text not in ("channels_last", "channels_first"):
        raise OpenShape("where the channels are is not known")
    return text == "channels_last"


@rule("keras.ops.depth_to_space")
def depth_to_space(cx: Context, x: Value, block_size: Value, data_format: Value | None = None) -> Value:
    """Channels spread over blocks of pixels."""

    def core(inner: Context, value: Value) -> Value:
        found, shape = known(inner, value)
        block = integer(block_size)
        last = _last_channels(data_format)
        if block < 2:
            text = f"`block_size` must be at least 2. Received: block_size={block}"
            raise wrong_value(refused(text), "block_size", block, found)
        if len(shape) != 4:
            text = f"`depth_to_space` requires a 4D input tensor. Received: x.shape={text_of(shape)}"
            raise needs_rank(trouble(inner, text, found), "depth_to_space", found, 4)
        b, h, w, c = shape if last else (shape[0], shape[2], shape[3], shape[1])
        if isinstance(c, int) and c % block**2:
            text = f"The number of channels ({c}) must be divisible by block_size**2 ({block**2})."
            raise wrong_value(trouble(inner, text, found), "block_size", block, found)
        h, w, c = h * block, w * block, floordiv(c, block**2)
        return like(found, (b, h, w, c) if last else (b, c, h, w))

    return run(cx, "depth_to_space", core, (x,))


@rule("keras.ops.space_to_depth")
def space_to_depth(cx: Context, x: Value, block_size: Value, data_format: Value | None = None) -> Value:
    """Blocks of pixels put into channels."""

    def core(inner: Context, value: Value) -> Value:
        found, shape = known(inner, value)
        block = integer(block_size)
        last = _last_channels(data_format)
        if block < 2:
            text = f"`block_size` must be at least 2. Received: block_size={block}"
            raise wrong_value(refused(text), "block_size", block, found)
        if len(shape) != 4:
            text = f"`space_to_depth` requires a 4D input tensor. Received: x.shape={text_of(shape)}"
            raise needs_rank(trouble(inner, text, found), "space_to_depth", found, 4)
        b, h, w, c = shape if last else (shape[0], shape[2], shape[3], shape[1])
        for name, size in (("Height", h), ("Width", w)):
            if isinstance(size, int) and size % block:
                text = f"{name} ({size}) must be divisible by block_size ({block})."
                raise wrong_value(trouble(inner, text, found), "block_size", block, found)
        h, w, c = floordiv(h, block), floordiv(w, block), c * block**2
        return like(found, (b, h, w, c) if last else (b, c, h, w))

    return run(cx, "space_to_depth", core, (x,))


def _pair(cx: Context, value: Value | None, default: int) -> tuple[int, int]:
    if value is None:
        return default, default
    one = as_int(value)
    if one is not None:
        return one, one
    found = ints(cx, value)
    if found is None or len(found) != 2:
        raise OpenShape("the size of a block is not known")
    return found[0], found[1]


@rule("keras.ops.unfold")
def unfold(
    cx: Context, x: Value, kernel_size: Value, dilation: Value | None = None, padding: Value | None = None,
    stride: Value | None = None,
) -> Value:  # fmt: skip
    """Blocks of an image (batch, channels, height, width) as columns."""

    def core(inner: Context, value: Value) -> Value:
        found, shape = known(inner, value)
        if len(shape) != 4:
            raise OpenShape("not an image of four axes")
        kernel, steps = _pair(inner, kernel_size, 1), _pair(inner, stride, 1)
        apart, around = _pair(inner, dilation, 1), _pair(inner, padding, 0)
        counts = [
            floordiv(shape[2 + i] + 2 * around[i] - apart[i] * (kernel[i] - 1) - 1, steps[i]) + 1 for i in range(2)
        ]
        return like(found, (shape[0], shape[1] * kernel[0] * kernel[1], counts[0] * counts[1]))

    return run(cx, "unfold", core, (x,))


@rule("keras.ops.fold")
def fold(
    cx: Context, x: Value, output_size: Value, kernel_size: Value, dilation: Value | None = None,
    padding: Value | None = None, stride: Value | None = None,
) -> Value:  # fmt: skip
    """Columns put back as an image (batch, channels, height, width)."""

    def core(inner: Context, value: Value) -> Value:
        found, shape = known(inner, value)
        if len(shape) != 3:
            raise OpenShape("not columns of three axes")
        kernel, size = _pair(inner, kernel_size, 1), _pair(inner, output_size, 1)
        block = kernel[0] * kernel[1]
        if isinstance(shape[1], int) and shape[1] % block:
            text = f"The second dimension of the input ({shape[1]}) must be divisible by kernel_size product ({block})."
            if not in_graph(inner):
                raise OpenShape(text)
            raise wrong_value(refused(text), "kernel_size", kernel, found)
        return like(found, (shape[0], floordiv(shape[1], block), *size))

    return run(cx, "fold", core, (x,))
