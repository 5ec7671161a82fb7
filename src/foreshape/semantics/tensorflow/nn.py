"""``tf.nn``: convolutions, pooling, normalization, losses by logits. Layout is channels-last unless
``data_format`` says else.
"""

from __future__ import annotations

from collections.abc import Sequence as SequenceOf
from typing import TYPE_CHECKING, Any

from foreshape.domain.dim import DimLike
from foreshape.domain.dim import is_none as undefined
from foreshape.domain.values import Array, Const, Value, as_int, as_str
from foreshape.faults.feature_mismatch import FeatureMismatch
from foreshape.faults.window_size import WindowSize
from foreshape.semantics.shared.conv import conv_length
from foreshape.semantics.tensorflow.convert import as_tensor
from foreshape.semantics.tensorflow.declare import op, op_table
from foreshape.semantics.tensorflow.elementwise import binary, mismatch, unary
from foreshape.semantics.tensorflow.products import matmul_core
from foreshape.semantics.tensorflow.support import (
    FLOATS,
    failed,
    given,
    graph_mode,
    ints,
    invalid,
    joined,
    raises,
    shape_argument,
    shown,
    tensor,
    unknown_tensor,
    wrong_dtype,
    wrong_rank,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


# -- windows ---------------------------------------------------------------------------------------------------------


def _spatial(cx: Context, value: Value | None, rank: int, last: bool = True) -> tuple[int, ...] | None:
    """``strides``/``ksize``/``dilations`` as one number per spatial axis."""
    if not given(value):
        return (1,) * rank
    found = ints(cx, value)
    if found is None:
        return None
    if len(found) == 1:
        return found * rank
    if len(found) == rank:
        return found
    if len(found) == rank + 2:
        return found[1:-1] if last else found[2:]
    return None


def _padding(
    cx: Context, value: Value | None, rank: int, taker: str, x: Array
) -> str | tuple[tuple[int, int], ...] | None:
    word = as_str(value)
    if word is not None:
        if word not in ("SAME", "VALID"):
            message = f'Value for attr \'padding\' of "{word}" is not in the list of allowed values: "SAME", "VALID"'
            raise invalid(raises(cx, message, x), "padding", word, x)
        return word
    if value is None:
        return None
    from foreshape.semantics.tensorflow.reshaping import sequence_items

    rows = sequence_items(value)
    pairs = None if rows is None else [ints(cx, row) for row in rows]
    if pairs is None or len(pairs) != rank + 2 or any(pair is None or len(pair) != 2 for pair in pairs):
        return None
    return tuple((pair[0], pair[1]) for pair in pairs[1:-1] if pair is not None)


def _lengths(
    cx: Context,
    taker: str,
    x: Array,
    kernels: SequenceOf[DimLike],
    strides: SequenceOf[int],
    padding: Any,
    dilations: SequenceOf[int],
    first: int = 1,
    pooling: bool = False,
) -> tuple[DimLike, ...]:
    assert x.shape is not None
    made: list[DimLike] = []
    for i, kernel in enumerate(kernels):
        size = cx.resolve(x.shape[first + i])
        if undefined(size):
            made.append(size if padding == "SAME" and strides[i] == 1 else cx.fresh(keras_none=True))
            continue
        how = padding.lower() if isinstance(padding, str) else padding[i]
        length, need = conv_length(size, kernel, strides[i], how, dilations[i], facts=cx.facts)
        if need is not None and need.truth.is_no:
            length = _too_small(cx, taker, x, first + i, size, kernel, strides[i], dilations[i], pooling)
        made.append(length)
    return tuple(made)


def _too_small(
    cx: Context,
    taker: str,
    x: Array,
    axis: int,
    size: DimLike,
    kernel: DimLike,
    stride: int,
    dilation: int,
    pooling: bool,
) -> DimLike:
    span = (kernel - 1) * dilation + 1
    if graph_mode(cx, x):
        message = f"Negative dimension size caused by subtracting {span} from {size} for '{taker}'"
        raised = failed("ValueError", message)
    else:
        out = int((size - span + stride) / stride) if isinstance(size, int) and isinstance(span, int) else -1
        if out == 0 and taker.startswith("avg"):
            return 0
        if out == 0 and not pooling:
            return cx.fresh(lo=0)  # what comes out differs between builds of TensorFlow
        message = (
            f"Computed output size would be negative: {out} [input_size: {size}, "
            f"effective_filter_size: {span}, stride: {stride}]"
        )
        raised = failed("InvalidArgumentError", message)
        if pooling and out == 0:
            raised = failed("AbortedError", "Operation received an exception: could not create a primitive descriptor")
    raise WindowSize(raised, values=(x,), taker=taker, window=span, size=size, axis=axis, shape=x.shape)


def _convolved(
    cx: Context,
    taker: str,
    value: Value,
    filters: Value,
    strides: Value | None,
    padding: Value | None,
    dilations: Value | None,
    rank: int,
    data_format: Value | None = None,
    depthwise: bool = False,
) -> Value:
    x = as_tensor(cx, value)
    w = as_tensor(cx, filters, None if x is None else x.dtype)
    if x is None or w is None:
        return unknown_tensor(cx, value, filters)
    kernel = {1: "Conv2D", 2: "Conv2D", 3: "Conv3D"}[rank] if not depthwise else "DepthwiseConv2dNative"
    if x.dtype is not None and w.dtype is not None and x.dtype != w.dtype:
        raise mismatch(cx, kernel, x, w)
    if x.dtype is not None and x.dtype not in (*FLOATS, "int32"):
        raise wrong_dtype(cx, kernel, x, x.dtype, (*FLOATS, "int32"), "input")
    word = as_str(data_format)
    if x.shape is None or w.shape is None or (given(data_format) and (word is None or word.startswith("NC"))):
        return tensor(None if x.shape is None else tuple(cx.fresh(lo=0) for _ in x.shape), x.dtype, x, w)
    for array, needed in ((x, rank + 2), (w, rank + 2)):
        if len(array.shape or ()) != needed:
            if len(x.shape) > rank + 2 and array is x:
                return unknown_tensor(cx, value)
            message = f"Shape must be rank {needed} but is rank {len(array.shape or ())}"
            raise wrong_rank(cx, taker, array, needed, message)
    steps, holes = _spatial(cx, strides, rank), _spatial(cx, dilations, rank)
    how = _padding(cx, padding, rank, taker, x)
    depth, wanted = cx.resolve(x.shape[-1]), w.shape[-2]
    fits = undefined(depth) or (
        not isinstance(depth, int) or not isinstance(wanted, int) or (wanted != 0 and depth % wanted == 0)
    )
    if depthwise:
        fits = joined(cx, depth, wanted) is not None
    if not fits:
        message = f"input depth must be evenly divisible by filter depth: {depth} vs {wanted}"
        if graph_mode(cx, x):
            message = f"Depth of input ({depth}) is not a multiple of input depth of filter ({wanted})"
        raise FeatureMismatch(
            raises(cx, message, x), values=(x, w), taker=taker, needs=wanted, got=depth, axis=-1, shape=x.shape
        )
    if steps is None or holes is None or how is None:
        return tensor(tuple(cx.fresh(lo=0) for _ in x.shape), x.dtype, x, w)
    sizes = _lengths(cx, kernel, x, w.shape[:rank], steps, how, holes)
    channels = w.shape[-1] if not depthwise else w.shape[-2] * w.shape[-1]
    if (
        not graph_mode(cx, x)
        and any(undefined(size) or not isinstance(size, int) for size in sizes)
        and all(isinstance(size, int) for size in x.shape)
    ):
        return tensor(tuple(cx.fresh(lo=0) for _ in x.shape), x.dtype, x, w)
    return tensor((x.shape[0], *sizes, channels), x.dtype, x, w)


op_table(
    "nn.conv2d",
    "input, filters, strides, padding, data_format=None, dilations=None, name=None",
    lambda cx, **g: _convolved(
        cx, "conv2d", g["input"], g["filters"], g["strides"], g["padding"], g.get("dilations"), 2, g.get("data_format")
    ),
)
op_table(
    "nn.conv1d",
    "input, filters, stride, padding, data_format=None, dilations=None, name=None",
    lambda cx, **g: _convolved(
        cx, "conv1d", g["input"], g["filters"], g["stride"], g["padding"], g.get("dilations"), 1, g.get("data_format")
    ),
)
op_table(
    "nn.conv3d",
    "input, filters, strides, padding, data_format=None, dilations=None, name=None",
    lambda cx, **g: _convolved(
        cx, "conv3d", g["input"], g["filters"], g["strides"], g["padding"], g.get("dilations"), 3, g.get("data_format")
    ),
)
op_table(
    "nn.atrous_conv2d",
    "value, filters, rate, padding, name=None",
    lambda cx, **g: _convolved(cx, "atrous_conv2d", g["value"], g["filters"], None, g["padding"], g["rate"], 2),
)
op_table(
    "nn.depthwise_conv2d",
    "input, filter, strides, padding, data_format=None, dilations=None, name=None",
    lambda cx, **g: _convolved(
        cx,
        "depthwise_conv2d",
        g["input"],
        g["filter"],
        g["strides"],
        g["padding"],
        g.get("dilations"),
        2,
        g.get("data_format"),
        depthwise=True,
    ),
)


@op("tensorflow.nn.convolution")
def convolution(
    cx: Context,
    input: Value,
    filters: Value,
    strides: Value | None = None,
    padding: Value | None = None,
    data_format: Value | None = None,
    dilations: Value | None = None,
    name: Value | None = None,
) -> Value:
    """By the rank of its input."""
    x = as_tensor(cx, input)
    if x is None or x.shape is None or not 3 <= len(x.shape) <= 5:
        return unknown_tensor(cx, input)
    how = padding if given(padding) else Const("VALID")
    return _convolved(cx, "convolution", input, filters, strides, how, dilations, len(x.shape) - 2, data_format)


@op("tensorflow.nn.separable_conv2d")
def separable_conv2d(
    cx: Context,
    input: Value,
    depthwise_filter: Value,
    pointwise_filter: Value,
    strides: Value,
    padding: Value,
    data_format: Value | None = None,
    dilations: Value | None = None,
    name: Value | None = None,
) -> Value:
    """Depthwise, then pointwise."""
    middle = _convolved(
        cx, "separable_conv2d", input, depthwise_filter, strides, padding, dilations, 2, data_format, depthwise=True
    )
    if not isinstance(middle, Array):
        return middle
    return _convolved(cx, "separable_conv2d", middle, pointwise_filter, Const(1), Const("VALID"), None, 2)


@op(
    "tensorflow.nn.conv2d_transpose",
    "tensorflow.nn.conv1d_transpose",
    "tensorflow.nn.conv3d_transpose",
    "tensorflow.nn.conv_transpose",
)
def conv_transpose(
    cx: Context,
    input: Value,
    filters: Value,
    output_shape: Value,
    strides: Value,
    padding: Value | None = None,
    *args: Value,
    **kwargs: Value,
) -> Value:
    """The shape that is asked for."""
    x = as_tensor(cx, input)
    dims = shape_argument(cx, output_shape)
    return unknown_tensor(cx, input) if x is None else tensor(dims, x.dtype, x)


def _pooled(
    cx: Context,
    taker: str,
    value: Value,
    ksize: Value,
    strides: Value | None,
    padding: Value | None,
    rank: int | None,
    data_format: Value | None = None,
) -> Value:
    x = as_tensor(cx, value)
    if x is None:
        return unknown_tensor(cx, value)
    if x.shape is None:
        return tensor(None, x.dtype, x)
    if rank is None:
        rank = len(x.shape) - 2
    if rank not in (1, 2, 3) or len(x.shape) != rank + 2:
        if rank in (1, 2, 3):
            message = f"tensor_in must be {rank + 2}-dimensional"
            raise wrong_rank(cx, taker, x, rank + 2, message)
        return unknown_tensor(cx, value)
    word = as_str(data_format)
    size, steps = _spatial(cx, ksize, rank), _spatial(cx, strides, rank)
    how = _padding(cx, padding, rank, taker, x)
    if size is None or steps is None or how is None or (given(data_format) and (word is None or word.startswith("NC"))):
        return tensor(tuple(cx.fresh(lo=0) for _ in x.shape), x.dtype, x)
    made = _lengths(cx, taker, x, size, steps, how, (1,) * rank, pooling=True)
    return tensor((x.shape[0], *made, x.shape[-1]), x.dtype, x, lo=x.lo, hi=x.hi)


for _name, _rank in (
    ("max_pool1d", 1),
    ("avg_pool1d", 1),
    ("max_pool2d", 2),
    ("avg_pool2d", 2),
    ("max_pool3d", 3),
    ("avg_pool3d", 3),
    ("max_pool", None),
    ("avg_pool", None),
):
    op_table(
        f"nn.{_name}",
        "input, ksize, strides, padding, data_format=None, name=None",
        lambda cx, _taker=_name, _axes=_rank, **g: _pooled(
            cx, _taker, g["input"], g["ksize"], g["strides"], g["padding"], _axes, g.get("data_format")
        ),
    )


@op("tensorflow.nn.max_pool_with_argmax")
def max_pool_with_argmax(
    cx: Context,
    input: Value,
    ksize: Value,
    strides: Value,
    padding: Value,
    data_format: Value | None = None,
    output_dtype: Value | None = None,
    include_batch_in_index: Value | None = None,
    name: Value | None = None,
) -> Value:
    """The maxima and where they are."""
    from foreshape.semantics.tensorflow.selecting import fields

    found = _pooled(cx, "max_pool_with_argmax", input, ksize, strides, padding, 2, data_format)
    if not isinstance(found, Array):
        return found
    return fields(("output", found), ("argmax", tensor(found.shape, "int64", found, lo=0)))


@op("tensorflow.nn.pool")
def pool(
    cx: Context,
    input: Value,
    window_shape: Value,
    pooling_type: Value,
    strides: Value | None = None,
    padding: Value | None = None,
    data_format: Value | None = None,
    dilations: Value | None = None,
    name: Value | None = None,
) -> Value:
    """Pooling of any rank."""
    return _pooled(
        cx, "pool", input, window_shape, strides, padding if given(padding) else Const("VALID"), None, data_format
    )


# -- affine and normalization ----------------------------------------------------------------------------------------


@op("tensorflow.nn.bias_add")
def bias_add(
    cx: Context, value: Value, bias: Value, data_format: Value | None = None, name: Value | None = None
) -> Value:
    """A vector added to the last axis."""
    x = as_tensor(cx, value)
    b = as_tensor(cx, bias, None if x is None else x.dtype)
    if x is None or b is None:
        return unknown_tensor(cx, value, bias)
    if x.dtype is not None and b.dtype is not None and x.dtype != b.dtype:
        fault = mismatch(cx, "BiasAdd", x, b)
        if graph_mode(cx, x) and fault.raises is not None:
            fault.raises.exception = "ValueError"
        raise fault
    word = as_str(data_format) or ""
    if x.shape is None or b.shape is None or word.startswith("NC"):
        return tensor(x.shape, x.dtype, x, b)
    if len(b.shape) != 1:
        raise wrong_rank(cx, "bias_add", b, 1, f"Biases must be 1D: {shown(b.shape)}")
    if x.shape and joined(cx, x.shape[-1], b.shape[0]) is None:
        message = (
            "Must provide as many biases as the last dimension of the input tensor: "
            f"{shown(b.shape)} vs. {shown(x.shape)}"
        )
        if graph_mode(cx, x):
            message = f"Dimensions must be equal, but are {x.shape[-1]} and {b.shape[0]} for 'BiasAdd'"
        raise FeatureMismatch(
            raises(cx, message, x, b),
            values=(b, x),
            taker="bias_add",
            needs=x.shape[-1],
            got=b.shape[0],
            axis=-1,
            shape=x.shape,
        )
    return tensor(x.shape, x.dtype, x, b, roles=x.roles)


@op("tensorflow.nn.batch_normalization")
def batch_normalization(
    cx: Context,
    x: Value,
    mean: Value,
    variance: Value,
    offset: Value,
    scale: Value,
    variance_epsilon: Value,
    name: Value | None = None,
) -> Value:
    """Broadcast."""
    made = binary(cx, "*", x, variance)
    for part in (mean, offset, scale):
        if given(part) and isinstance(made, Array):
            made = binary(cx, "+", made, part)
    return made


op_table(
    "nn.lrn nn.local_response_normalization",
    "input, depth_radius=None, bias=None, alpha=None, beta=None, name=None",
    lambda cx, **g: unary(cx, g["input"]),
)


@op("tensorflow.nn.xw_plus_b")
def xw_plus_b(cx: Context, x: Value, weights: Value, biases: Value, name: Value | None = None) -> Value:
    """A dense layer."""
    made = matmul_core(cx, x, weights)
    return bias_add(cx, made, biases) if isinstance(made, Array) else made


# -- space and depth -------------------------------------------------------------------------------------------------


def _space(cx: Context, value: Value, block: Value, to_depth: bool) -> Value:
    x, b = as_tensor(cx, value), as_int(block)
    if x is None or x.shape is None or len(x.shape) != 4 or not b:
        return unknown_tensor(cx, value)
    n, h, w, c = x.shape
    if to_depth:
        return tensor((n, h // b, w // b, c * b * b), x.dtype, x)
    return tensor((n, h * b, w * b, c // (b * b)), x.dtype, x)


op_table(
    "nn.space_to_depth",
    "input, block_size, data_format=None, name=None",
    lambda cx, **g: _space(cx, g["input"], g["block_size"], True),
)
op_table(
    "nn.depth_to_space",
    "input, block_size, data_format=None, name=None",
    lambda cx, **g: _space(cx, g["input"], g["block_size"], False),
)
