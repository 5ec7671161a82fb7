"""The node of the graph that an error message of Keras 2 names, with all its attributes.

``'{{node conv2d/Conv2D}} = Conv2D[T=DT_FLOAT, data_format="NHWC", ...](Placeholder, conv2d/Conv2D/ReadVariableOp)'
with input shapes: [?,2,2,4], [3,3,4,6].``
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Instance, Shape
from foreshape.semantics.keras.base import dim_field, is_keras3, layer_name
from foreshape.semantics.keras.layers.kernels import sizes_text
from foreshape.semantics.keras.names import process

if TYPE_CHECKING:
    from foreshape.semantics.keras.layers.windows import Window
    from foreshape.semantics.protocol import Context

TYPES: Final = {
    "float32": "DT_FLOAT",
    "float64": "DT_DOUBLE",
    "float16": "DT_HALF",
    "bfloat16": "DT_BFLOAT16",
    "int32": "DT_INT32",
}
EXPLICIT: Final = frozenset({"Conv2D", "DepthwiseConv2dNative", "MaxPool"})
"""Operations that have the attribute ``explicit_paddings``."""


def convolution_node(cx: Context, layer: Instance, kind: str, window: Window, inputs: Array, channels: DimLike) -> str:
    """For a convolution over one input with the channels last; "" where the message is another one."""
    size, name = window.size, layer_name(layer)
    recurrent = (layer.library_type or "").startswith("keras.layers.ConvLSTM")
    if not _plain(cx, window, inputs) or size is None or kind == "transposed" or recurrent:
        return ""
    last: DimLike | None = dim_field(layer, "filters" if kind == "conv" else "depth_multiplier")
    kernel: Shape = (*size, channels, 1 if last is None else last)
    if kind == "conv":
        op = "Conv3D" if window.rank == 3 else "Conv2D"
        node = f"{name}/Conv{window.rank}D"
        read = f"{node}/ReadVariableOp"
    elif window.rank == 2:
        op = "DepthwiseConv2dNative"
        inner = name if kind == "depthwise" else f"{name}/separable_conv2d"
        node = f"{inner}/depthwise"
        read = f"{node}/ReadVariableOp" if kind == "depthwise" else f"{inner}/ReadVariableOp"
    else:
        return ""
    sources = f"Placeholder, {read}"
    if window.rank == 1:
        sources = f"{node}/ExpandDims, {node}/ExpandDims_1"
        kernel = (1, *kernel)
    flag = ", use_cudnn_on_gpu=true" if op == "Conv2D" else ""
    ones = "[" + ", ".join(["1"] * (5 if op == "Conv3D" else 4)) + "]"
    before = f"dilations={ones}, {'' if op == 'Conv3D' else 'explicit_paddings=[], '}"
    return _text(node, op, window, inputs, before, f"{flag}]({sources})", 1, kernel)


def pooling_node(cx: Context, layer: Instance, op: str, window: Window, inputs: Array) -> str:
    """For a pooling over one input with the channels last; "" where the message is another one."""
    name = layer_name(layer)
    if not _plain(cx, window, inputs) or window.size is None:
        return ""
    size = (*window.size, 1) if window.rank == 1 else window.size
    before = f"{'explicit_paddings=[], ' if op in EXPLICIT else ''}ksize={_list((1, *size, 1))}, "
    source = f"{name}/ExpandDims" if window.rank == 1 else "Placeholder"
    return _text(f"{name}/{op}", op, window, inputs, before, f"]({source})", 2)


def _plain(cx: Context, window: Window, inputs: Array) -> bool:
    """A symbolic call of Keras 2 on one input as the layer takes it, without dilation."""
    if is_keras3(cx) or not process(cx).fields.get("symbolic") or window.channels_first is not False:
        return False
    if inputs.shape is None or len(inputs.shape) != window.rank + 2 or inputs.dtype not in TYPES:
        return False
    ones = window.dilation is None or all(one == 1 for one in window.dilation)
    return ones and window.strides is not None and window.padding in ("valid", "same")


def _text(
    node: str, op: str, window: Window, inputs: Array, before: str, after: str, axis: int, kernel: Shape | None = None
) -> str:
    """``axis``: where one more axis is put in to treat a sequence as an image."""
    assert inputs.shape is not None and window.strides is not None
    shape, strides = list(inputs.shape), [1, *window.strides, 1]
    if window.rank == 1:
        shape.insert(axis, 1)
        strides.insert(axis, 1)
    layout = "NDHWC" if window.rank == 3 else "NHWC"
    shapes = sizes_text(tuple(shape)) + ("" if kernel is None else f", {sizes_text(kernel)}")
    return (
        f'for \'{{{{node {node}}}}} = {op}[T={TYPES[inputs.dtype or "float32"]}, data_format="{layout}", {before}'
        f'padding="{(window.padding or "").upper()}", strides={_list(strides)}{after}\' with input shapes: {shapes}.'
    )


def _list(numbers: list[DimLike] | Shape) -> str:
    return "[" + ", ".join(map(str, numbers)) + "]"
