"""The image layers of Keras 2 at work: the same at once and in a graph, but for the classes that TensorFlow raises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import Array, Const, Instance, Value, as_bool, is_none
from foreshape.semantics.keras.base import anonymous, dims_text, output
from foreshape.semantics.keras.config import invalid
from foreshape.semantics.keras.layers.image_shapes import SIZED, class_name_of, sized, wrong_rank
from foreshape.semantics.keras.layers.kernels import shape_error
from foreshape.semantics.keras.methods import in_graph

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def call_keras2(cx: Context, layer: Instance, inputs: Value, training: Value | None = None) -> Value:
    """Keras 2: the same at once and in a graph, but for the classes that TensorFlow raises."""
    kind = class_name_of(layer)
    if not isinstance(inputs, Array) or inputs.shape is None:
        return output(cx, layer, inputs, None)
    rank = len(inputs.shape)
    trained = training is None or is_none(training) or as_bool(training) is True
    if kind in SIZED:
        return _resized2(cx, layer, kind, inputs)
    if not trained and kind != "RandomBrightness":
        return output(cx, layer, inputs, inputs.shape, roles=inputs.roles)
    _check_rank2(cx, layer, kind, inputs, rank)
    factor = layer.fields.get("factor")
    if kind == "RandomContrast" and isinstance(factor, Const) and factor.value == 0:
        raise invalid(cx, "ValueError", "upper must be > lower.", "factor", factor)
    made = list(inputs.shape)
    if kind in ("RandomHeight", "RandomWidth"):
        made[-3 if kind == "RandomHeight" else -2] = anonymous(cx) if in_graph(cx) else cx.fresh()
    return output(cx, layer, inputs, tuple(made), roles=inputs.roles)


def _check_rank2(cx: Context, layer: Instance, kind: str, images: Array, rank: int) -> None:
    if rank in (3, 4):
        return
    shown = dims_text(images.shape)
    if kind == "RandomFlip":
        text = f"'image' (shape {shown}) must " + (
            "be at least three-dimensional." if rank < 3 else "have either 3 or 4 dimensions."
        )
        raise wrong_rank(cx, layer, images, "ValueError", text)
    if kind == "RandomBrightness":
        raise wrong_rank(
            cx, layer, images, "ValueError", f"Expected the input image to be rank 3 or 4. Got inputs.shape = {shown}"
        )
    if kind == "RandomContrast":
        if rank > 4:
            return
        text = f"input must be at least 3-D, got shape{shown} [Op:AdjustContrastv2] name: "
    elif rank < 3:
        text = "slice index -1 of dimension 0 out of bounds. [Op:StridedSlice] name: "
    elif kind in ("RandomHeight", "RandomWidth"):
        raise wrong_rank(cx, layer, images, "ValueError", "'images' must have either 3 or 4 dimensions.")
    else:
        text = "Input images must have rank 4 [Op:ImageProjectiveTransformV3] name: "
    fault = wrong_rank(cx, layer, images, "ValueError", text)
    fault.raises = shape_error(cx, text)
    raise fault


def _resized2(cx: Context, layer: Instance, kind: str, images: Array) -> Value:
    assert images.shape is not None
    rank = len(images.shape)
    sizes = {name: layer.fields.get(name) for name in ("height", "width")}
    if kind == "Resizing":
        _check_resizing2(cx, layer, images, rank, sizes)
    else:
        if rank < 3:
            text = "slice index -1 of dimension 0 out of bounds. [Op:StridedSlice] name: "
            fault = wrong_rank(cx, layer, images, "ValueError", text)
            fault.raises = shape_error(cx, text)
            raise fault
        for name, size in sizes.items():
            held = size.value if isinstance(size, Const) else 1
            if held is None:
                text = "Attempt to convert a value (None) with an unsupported type (<class 'NoneType'>) to a Tensor."
                raise invalid(cx, "ValueError", text, name, size)
            if not isinstance(held, int):
                text = f"Cannot convert {held!r} to EagerTensor of dtype int32"
                raise invalid(cx, "TypeError", text, name, size)
            if held <= 0:
                raise invalid(cx, "ValueError", f"target_{name} must be > 0.", name, size)
        if rank > 4:
            text = f"'image' (shape {dims_text(images.shape)}) must have either 3 or 4 dimensions."
            raise wrong_rank(cx, layer, images, "ValueError", text)
    made = sized(cx, layer, images.shape)
    return output(cx, layer, images, made, roles=images.roles)


def _check_resizing2(cx: Context, layer: Instance, images: Array, rank: int, sizes: dict[str, Value | None]) -> None:
    if rank not in (3, 4):
        raise wrong_rank(cx, layer, images, "ValueError", "'images' must have either 3 or 4 dimensions.")
    for name, size in sizes.items():
        held = size.value if isinstance(size, Const) else 1
        if not isinstance(held, int):
            raise invalid(cx, "ValueError", "'size' must be a 1-D int32 Tensor", name, size)
        if (held <= 0 and not in_graph(cx)) or held < -1:  # in a graph -1 is a size to be seen
            text = "output dimensions must be positive [Op:ResizeBilinear] name: "
            fault = invalid(cx, "ValueError", text, name, size)
            fault.raises = shape_error(cx, text)
            raise fault
