"""``Resizing``, ``CenterCrop``, ``RandomCrop`` and the layers that change images at random.

Follows ``keras/src/layers/preprocessing/image_preprocessing`` and
``tf_keras/src/layers/preprocessing/image_preprocessing.py``. Keras 3 works a symbolic output out from the shape
alone: what an image must be is looked at when there is one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.contents import Contents
from foreshape.domain.dim import DimLike
from foreshape.domain.values import (
    Array,
    Const,
    DictValue,
    Instance,
    Sequence,
    Shape,
    Value,
    as_bool,
    as_str,
    is_none,
)
from foreshape.faults.dtype_mismatch import DtypeMismatch
from foreshape.faults.feature_mismatch import FeatureMismatch
from foreshape.semantics.keras.base import (
    class_name,
    compute_dtype,
    data_format,
    dims_text,
    error,
    init_layer,
    is_keras3,
    output,
    undefined,
)
from foreshape.semantics.keras.config import invalid
from foreshape.semantics.keras.layers import image_dicts
from foreshape.semantics.keras.layers.image_factors import check_factor, check_factor_keras2, check_range, numbers_of
from foreshape.semantics.keras.layers.image_shapes import SIZED, axes_of, class_name_of, sized, wrong_rank
from foreshape.semantics.keras.layers.image_tables import (
    ARGUMENTS,
    FACTORS,
    FIRST_INDEXED,
    NO_WHOLE_NUMBERS,
    SAME_DTYPE,
    THREE_CHANNELS,
    UNTOUCHED,
)
from foreshape.semantics.keras.layers.images_keras2 import call_keras2
from foreshape.semantics.keras.layers.signatures import register
from foreshape.semantics.registry import library_type

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

RESIZED_BY: Final = ("bilinear", "nearest", "bicubic", "area", "lanczos3", "lanczos5", "gaussian", "mitchellcubic")
INTERPOLATIONS: Final = ("bilinear", "nearest", "lanczos3", "lanczos5", "bicubic", "area")


# -- constructors -----------------------------------------------------------------------------------------------------


def _init3(cx: Context, layer: Instance, **given: Value) -> None:
    kind = class_name_of(layer)
    own = _own(given, kind, 0)
    _base(cx, layer, given, own)
    form = data_format(cx, own.get("data_format"), kind)
    cx.set(layer, "data_format", Const(form) if form is not None else own.get("data_format", Const(None)))
    for name, low, high in FACTORS.get(kind, ()):
        if name in own:
            check_factor(cx, layer, kind, name, own[name], low, high)
    if kind in ("RandomBrightness", "RandomPosterization", "AutoContrast", "Equalization", "Solarization",
                "RandomSaturation", "RandomSharpness", "RandomColorDegeneration"):  # fmt: skip
        check_range(cx, own.get("value_range"))


def _own(given: dict[str, Value], kind: str, which: int) -> dict[str, Value]:
    names = {word.rstrip("=") for word in ARGUMENTS[kind][which].split()}
    return {name: value for name, value in given.items() if name in names}


def _base(cx: Context, layer: Instance, given: dict[str, Value], own: dict[str, Value]) -> None:
    rest = {name: value for name, value in given.items() if name not in own or name == "name"}
    if is_keras3(cx):
        rest.pop("bounding_box_format", None)
        if "data_format" in rest:  # their common base takes it
            own["data_format"] = rest.pop("data_format")
    init_layer(cx, layer, rest)
    if class_name_of(layer) in ("RandomCrop", "RandomFlip") and is_keras3(cx):
        cx.set(layer, "autocast", Const(False))
    for name, value in own.items():
        if name != "name":
            cx.set(layer, name, value)


def _init2(cx: Context, layer: Instance, **given: Value) -> None:
    kind = class_name_of(layer)
    own = _own(given, kind, 1)
    _base(cx, layer, given, own)
    mode = own.get("mode")
    if isinstance(mode, Const) and mode.value not in ("horizontal", "vertical", "horizontal_and_vertical"):
        message = f"RandomFlip layer {as_str(layer.fields.get('name'))} received an unknown mode argument {mode.value}"
        raise invalid(cx, "ValueError", message, "mode", mode)
    wanted = own.get("interpolation")
    if kind == "Resizing" and isinstance(wanted, Const) and str(wanted.value).lower() not in RESIZED_BY:
        message = f"Value not recognized for `interpolation`: {wanted.value}. Supported values are: {RESIZED_BY}"
        raise invalid(cx, "NotImplementedError", message, "interpolation", wanted)
    for name in ("factor", "height_factor", "width_factor"):
        if name in own and not (name == "width_factor" and kind == "RandomZoom" and is_none(own[name])):
            check_factor_keras2(cx, kind, name, own[name])
    fill = own.get("fill_mode")
    if isinstance(fill, Const) and fill.value not in ("reflect", "wrap", "constant", "nearest"):
        message = f"Unknown `fill_mode` {fill.value}. Only `reflect`, `wrap`, `constant` and `nearest` are supported."
        raise invalid(cx, "NotImplementedError", message, "fill_mode", fill)


# -- calls ------------------------------------------------------------------------------------------------------------


def _with_images(cx: Context, layer: Instance, data: Value, one: Any) -> Value:
    """Images alone, or in a dict with labels, boxes and masks that belong to them."""
    if isinstance(data, Array):
        return one(data)  # type: ignore[no-any-return]
    if isinstance(data, DictValue) and "images" in data.entries:
        return image_dicts.eager(cx, layer, data, one)
    return output(cx, layer, None, None)


def _spec3(cx: Context, layer: Instance, data: Value, training: Value | None = None) -> Value:
    """Keras 3, symbolically: shapes only."""
    if isinstance(data, DictValue):
        made = image_dicts.symbolic(cx, layer, data)
        if made is not None:
            return made
    if isinstance(data, Sequence) and class_name_of(layer) in image_dicts.MIXED:
        items = data.contents.items()
        if items and all(isinstance(item, Array) for item in items):
            return Sequence("list", Contents([_spec3_of(cx, layer, one) for one in items if isinstance(one, Array)]))
    return _with_images(cx, layer, data, lambda images: _spec3_of(cx, layer, images))


def _spec3_of(cx: Context, layer: Instance, images: Array) -> Value:
    kind = class_name_of(layer)
    if kind in ("Equalization", "RandomGrayscale"):
        return images.replace()
    if images.shape is None:
        return output(cx, layer, images, None)
    shape = images.shape
    rank = len(shape)
    if kind == "RandomColorDegeneration":
        _degenerate(cx, layer, images)
    if kind in SIZED:
        if kind == "CenterCrop" and rank not in (3, 4):
            text = "`input_shape` must be a non-nested tuple or list of rank-1 with size 3 (unbatched) or 4 (batched). "
            raise wrong_rank(cx, layer, images, "ValueError", text)
        axes = axes_of(layer)
        if kind == "Resizing" and axes is not None and rank != 4:
            axes = (0, 1) if axes[0] == -3 else (1, 2)  # it counts from the front where there is no batch axis
        if axes is not None and not (-rank <= axes[0] and axes[1] < rank):
            raise wrong_rank(cx, layer, images, "IndexError", "list assignment index out of range")
        made = sized(cx, layer, shape, axes)
        _check_new_sizes(cx, layer, made)
        return output(cx, layer, images, made, roles=images.roles)
    return output(cx, layer, images, shape, roles=images.roles)


def _check_new_sizes(cx: Context, layer: Instance, shape: Shape) -> None:
    for name in ("height", "width"):
        size = layer.fields.get(name)
        held = size.value if isinstance(size, Const) else 1
        if held is None or (isinstance(held, int) and held >= 0):
            continue
        why = "Negative dimensions are not allowed." if isinstance(held, int) else (
            f"Found invalid dimension '{held}' of type '{type(held)}'."
        )  # fmt: skip
        raise invalid(cx, "ValueError", f"Cannot convert '{dims_text(shape)}' to a shape. {why}", name, size)


def _degenerate(cx: Context, layer: Instance, images: Array) -> None:
    assert images.shape is not None
    if len(images.shape) not in (3, 4):
        text = (
            "Invalid images rank: expected rank 3 (single image) or rank 4 (batch of images). "
            f"Received: input_shape={dims_text(images.shape)}"
        )
        raise wrong_rank(cx, layer, images, "ValueError", text)
    channels = _channels(layer, images.shape)
    if channels is not None and not undefined(channels) and not cx.equal(channels, 3):
        text = f"Input images must have 3 channels, but received images with {channels} channels."
        raise _wrong_channels(cx, layer, images, "ValueError", text, channels)


def _channels(layer: Instance, shape: Shape) -> DimLike | None:
    axes = axes_of(layer)
    return None if axes is None else shape[-3 if axes[0] == -2 else -1]


def _wrong_channels(cx: Context, layer: Instance, images: Array, kind: str, text: str, got: DimLike) -> FeatureMismatch:
    axes = axes_of(layer)
    return FeatureMismatch(
        error(cx, kind, text), values=(images,), taker=class_name(layer), needs=3, got=got,
        axis=-3 if axes is not None and axes[0] == -2 else -1, shape=images.shape or (),
        recover=output(cx, layer, images, images.shape),
    )  # fmt: skip


def _call3(cx: Context, layer: Instance, data: Value, training: Value | None = None) -> Value:
    """Keras 3, on images: (height, width, channels) with or without a batch axis before them."""
    if isinstance(data, Sequence):
        items = data.contents.items()
        shapes = [item.shape for item in items or () if isinstance(item, Array)]
        if items and len(shapes) == len(items) and shapes[0] is not None:
            whole = Array("tensorflow", (len(shapes), *shapes[0]), compute_dtype(layer))
            if len(whole.shape or ()) not in (3, 4):
                raise wrong_rank(cx, layer, whole, "ValueError", _rank_text(whole.shape))
        return output(cx, layer, None, None)
    return _with_images(cx, layer, data, lambda images: _call3_of(cx, layer, images, training))


def _rank_text(shape: Shape | None) -> str:
    return (
        "Expected image tensor to have rank 3 (single image) or 4 (batch of images). Received: "
        f"data.shape={dims_text(shape)}"
    )


def _call3_of(cx: Context, layer: Instance, images: Array, training: Value | None) -> Value:
    kind = class_name_of(layer)
    if images.shape is None:
        return output(cx, layer, images, None)
    rank = len(images.shape)
    if rank not in (3, 4):
        axes = axes_of(layer)
        first = FIRST_INDEXED.get(kind, 0)
        if rank <= first and (kind not in SIZED or (axes is not None and rank < -axes[0])):
            raise wrong_rank(cx, layer, images, "IndexError", "tuple index out of range")
        raise wrong_rank(cx, layer, images, "ValueError", _rank_text(images.shape))
    trained = training is None or is_none(training) or as_bool(training) is True
    if training is not None and as_bool(training) is False and kind in UNTOUCHED:
        return images.replace()
    if trained:
        _check_dtype(cx, layer, kind, images)
    _check_channels(cx, layer, kind, images, trained)
    if kind in SIZED:
        return _resized3(cx, layer, kind, images)
    if kind == "ContrastLimitedAdaptiveHistogramEqualization":
        _check_tiles(cx, layer, images)
    if kind == "RandomPosterization" and trained:
        factor = layer.fields.get("factor")
        held = factor.value if isinstance(factor, Const) else None
        if isinstance(held, float) and held > 1:
            text = f"Cannot convert {held} to EagerTensor of dtype int64"
            raise invalid(cx, "TypeError", text, "factor", factor if isinstance(factor, Const) else None)
    dtype = images.dtype if kind in SAME_DTYPE else None
    return output(cx, layer, images, images.shape, dtype, roles=images.roles)


def _check_dtype(cx: Context, layer: Instance, kind: str, images: Array) -> None:
    own = compute_dtype(layer)
    raised, wanted = None, "float32"
    if own is not None and own.startswith(("int", "uint")):
        raised = "ValueError" if kind == "RandomSaturation" else NO_WHOLE_NUMBERS.get(kind) if own == "uint8" else None
    elif images.dtype == "uint8" and own == "float32":
        raised = {"RandomContrast": "InvalidArgumentError", "RandomSaturation": "ValueError"}.get(kind)
    if raised is None or images.dtype is None:
        return
    text = f"Invalid images dtype: expected float dtype. Received: images.dtype={images.dtype}"
    raise DtypeMismatch(
        error(cx, raised, text), values=(images,), recover=output(cx, layer, images, images.shape),
        taker=class_name(layer),
        got=(images.dtype,), wanted=wanted,
    )  # fmt: skip


def _check_channels(cx: Context, layer: Instance, kind: str, images: Array, trained: bool) -> None:
    known = THREE_CHANNELS.get(kind)
    if known is None or images.shape is None or not trained:
        return
    allowed, raised = known
    channels = _channels(layer, images.shape)
    if channels is None or undefined(channels) or not isinstance(channels, int):
        return
    if channels in allowed:
        return
    text = (
        f"input must have 3 channels but input only has {channels} channels. [Op:RGBToHSV] name: " if len(allowed) == 1
        else "Invalid channel size: expected 3 (RGB) or 1 (Grayscale). Received input with shape: "
        f"images.shape={dims_text(images.shape)}"
    )  # fmt: skip
    raise _wrong_channels(cx, layer, images, raised, text, channels)


def _check_tiles(cx: Context, layer: Instance, images: Array) -> None:
    """It pads to whole tiles by mirroring, which cannot add more than there is."""
    axes, grid = axes_of(layer), layer.fields.get("tile_grid_size")
    if axes is None or images.shape is None:
        return
    counts = [8, 8]
    if grid is not None:
        found = numbers_of(grid)
        if found is None or len(found) != 2 or any(number is None for number in found):
            return
        counts = [int(number) for number in found if number is not None]
    for axis, tiles in zip(axes, counts):
        size = images.shape[axis]
        if isinstance(size, int) and tiles > 0:
            missing = -size % tiles
            if missing > size:
                text = (
                    f"paddings must be no greater than the dimension size: 0, {missing} greater than {size} "
                    "[Op:MirrorPad]"
                )
                raise invalid(cx, "InvalidArgumentError", text, "tile_grid_size", grid)


def _resized3(cx: Context, layer: Instance, kind: str, images: Array) -> Value:
    assert images.shape is not None
    made = sized(cx, layer, images.shape)
    result = output(cx, layer, images, made, images.dtype if kind == "Resizing" else None, roles=images.roles)
    sizes = [layer.fields.get(name) for name in ("height", "width")]
    held = [size.value if isinstance(size, Const) else 1 for size in sizes]
    for name, size, value in zip(("height", "width"), sizes, held):
        if isinstance(value, int) and value > 0:
            continue
        if kind == "Resizing":
            if isinstance(value, int):
                raise invalid(
                    cx, "InvalidArgumentError", "output dimensions must be positive [Op:ResizeBilinear]", name, size
                )
            raise invalid(cx, "ValueError", "'size' must be a 1-D int32 Tensor", name, size)
        if isinstance(value, int):
            if kind == "CenterCrop":
                cropped: list[DimLike] = list(made)
                cropped[(axes_of(layer) or (-3, -2))[0 if name == "height" else 1]] = 0
                return output(cx, layer, images, tuple(cropped))
            if value == 0:
                continue
            text = "input image must be of non-zero size [Op:ResizeBilinear]"
            raise invalid(cx, "InvalidArgumentError", text, name, size)
        if isinstance(value, float) and kind == "RandomCrop":
            text = (
                "cannot compute AddV2 as input #1(zero-based) was expected to be a int32 tensor but is a float tensor"
            )
            raise invalid(cx, "InvalidArgumentError", text, name, size)
        given = type(value).__name__
        text = (
            f"unsupported operand type(s) for -: 'int' and '{given}'" if kind == "CenterCrop"
            else f"'>' not supported between instances of 'int' and '{given}'"
        )  # fmt: skip
        raise invalid(cx, "TypeError", text, name, size)
    if kind == "Resizing":
        _check_resizing(cx, layer, images)
    return result


def _check_resizing(cx: Context, layer: Instance, images: Array) -> None:
    if images.dtype == "bool":
        text = (
            "Value for attr 'T' of bool is not in the list of allowed values: int8, uint8, int16, uint16, int32, int64"
        )
        raise DtypeMismatch(
            error(cx, "InvalidArgumentError", text), values=(images,), taker="Resizing", got=("bool",), wanted="float32"
        )
    crop, pad = (as_bool(layer.fields.get(f"{word}_to_aspect_ratio")) for word in ("crop", "pad"))
    if crop is True and pad is True:
        text = "Only one of `pad_to_aspect_ratio` & `crop_to_aspect_ratio` can be `True`."
        raise invalid(cx, "ValueError", text, "pad_to_aspect_ratio", Const(True))
    method = layer.fields.get("interpolation")
    if isinstance(method, Const) and method.value not in INTERPOLATIONS:
        text = (
            f"Invalid value for argument `interpolation`. Expected of one {INTERPOLATIONS}. Received: "
            f"interpolation={method.value}"
        )
        raise invalid(cx, "ValueError", text, "interpolation", method)


# -- registration -----------------------------------------------------------------------------------------------------


def _register() -> None:
    for kind, (new, old) in ARGUMENTS.items():
        name = f"keras.layers.{kind}"
        library_type(name, "keras.Layer")
        if new:
            register(f"{name}.__init__", new, _init3, since="3")
            register(f"{name}.call", "data training=", _call3, since="3")
            register(f"{name}.compute_output_spec", "data training=", _spec3, since="3")
        if old:
            register(f"{name}.__init__", old, _init2, until="3")
            register(f"{name}.call", "inputs training=", call_keras2, until="3")


_register()
