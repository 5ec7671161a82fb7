"""``keras.ops.image``: one image (height, width, channels) or a batch of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike
from foreshape.domain.dim import is_none as undefined
from foreshape.domain.values import Array, Shape, Value, as_dim, is_none
from foreshape.semantics.keras.operations.support import (
    OpenShape,
    known,
    like,
    needs_rank,
    operand,
    refused,
    run,
    text_of,
    trouble,
    wrong_value,
)
from foreshape.semantics.keras.operations.windows import channels_last, spread, windowed
from foreshape.semantics.registry import rule
from foreshape.semantics.tensorflow.support import in_graph, ints, shape_argument

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def pictures(cx: Context, taker: str, value: Value) -> tuple[Array, Shape]:
    """One image or a batch. Raises rank-mismatch."""
    found, shape = known(cx, value)
    if len(shape) not in (3, 4):
        text = (
            "Invalid images rank: expected rank 3 (single image) or rank 4 (batch of images). Received input with "
            f"shape: images.shape={text_of(shape)}"
        )
        raise needs_rank(refused(text), taker, found, 4 if len(shape) > 4 else 3)
    return found, shape


def _channel_count(found: Array, shape: Shape, axis: int, allowed: tuple[int, ...], text: str) -> None:
    size = shape[axis]
    if isinstance(size, int) and size not in allowed:
        raise wrong_value(refused(text), "images", text_of(shape), found)


@rule("keras.ops.image.rgb_to_grayscale")
def rgb_to_grayscale(cx: Context, images: Value, data_format: Value | None = None) -> Value:
    """One channel."""

    def core(inner: Context, value: Value) -> Value:
        found, shape = pictures(inner, "rgb_to_grayscale", value)
        axis = len(shape) - (1 if channels_last(inner, data_format) else 3)
        text = f"Invalid channel size: expected 3 (RGB) or 1 (Grayscale). Received input with shape: {text_of(shape)}"
        _channel_count(found, shape, axis, (1, 3), text)
        return like(found, (*shape[:axis], 1, *shape[axis + 1 :]))

    return run(cx, "rgb_to_grayscale", core, (images,))


@rule("keras.ops.image.rgb_to_hsv", "keras.ops.image.hsv_to_rgb")
def colours(cx: Context, images: Value, data_format: Value | None = None) -> Value:
    """The same shape, of floats."""

    def core(inner: Context, value: Value) -> Value:
        found, shape = pictures(inner, "rgb_to_hsv", value)
        if found.dtype is not None and "float" not in found.dtype:
            from foreshape.faults.dtype_mismatch import DtypeMismatch

            text = f"Invalid images dtype: expected float dtype. Received: images.dtype={found.dtype}"
            raise DtypeMismatch(
                refused(text), values=(found,), taker="rgb_to_hsv", got=(found.dtype,), wanted="float32"
            )
        axis = len(shape) - (1 if channels_last(inner, data_format) else 3)
        text = f"Input images must have 3 channels, but received images with {shape[axis]} channels."
        if in_graph(inner):
            _channel_count(found, shape, axis, (3,), text)
        elif isinstance(shape[axis], int) and shape[axis] != 3:
            raise OpenShape(text)
        return like(found, shape, roles=found.roles)

    return run(cx, "rgb_to_hsv", core, (images,))


@rule("keras.ops.image.resize")
def resize(
    cx: Context, images: Value, size: Value, interpolation: Value | None = None, antialias: Value | None = None,
    crop_to_aspect_ratio: Value | None = None, pad_to_aspect_ratio: Value | None = None,
    fill_mode: Value | None = None, fill_value: Value | None = None, data_format: Value | None = None,
) -> Value:  # fmt: skip
    """Another height and width."""

    def core(inner: Context, value: Value) -> Value:
        found, shape = pictures(inner, "resize", value)
        wanted = shape_argument(inner, size)
        if wanted is None:
            raise OpenShape("the size is not known")
        if len(wanted) != 2:
            text = f"Expected `size` to be a tuple of 2 integers. Received: size={text_of(wanted)}"
            raise wrong_value(refused(text), "size", text_of(wanted), found)
        last = channels_last(inner, data_format)
        made = (*shape[:-3], *wanted, shape[-1]) if last else (*shape[:-2], *wanted)
        return like(found, made, roles=found.roles)

    return run(cx, "resize", core, (images,))


@rule("keras.ops.image.affine_transform")
def affine_transform(
    cx: Context, images: Value, transform: Value, interpolation: Value | None = None,
    fill_mode: Value | None = None, fill_value: Value | None = None, data_format: Value | None = None,
) -> Value:  # fmt: skip
    """The same shape."""

    def core(inner: Context, value: Value, matrix: Value) -> Value:
        found, shape = pictures(inner, "affine_transform", value)
        change, sizes = known(inner, matrix)
        if len(sizes) not in (1, 2):
            text = (
                "Invalid transform rank: expected rank 1 (single transform) or rank 2 (batch of transforms). Received "
                f"input with shape: transform.shape={text_of(sizes)}"
            )
            raise needs_rank(refused(text), "affine_transform", change, 2)
        return like(found, shape, roles=found.roles)

    return run(cx, "affine_transform", core, (images, transform))


@rule("keras.ops.image.perspective_transform")
def perspective_transform(
    cx: Context, images: Value, start_points: Value, end_points: Value, interpolation: Value | None = None,
    fill_value: Value | None = None, data_format: Value | None = None,
) -> Value:  # fmt: skip
    """The same shape."""

    def core(inner: Context, value: Value, start: Value, end: Value) -> Value:
        found, shape = pictures(inner, "perspective_transform", value)
        for name, points in (("start_points", start), ("end_points", end)):
            given, sizes = known(inner, points)
            if len(sizes) not in (2, 3) or sizes[-2:] != (4, 2):
                if any(not isinstance(size, int) for size in sizes):
                    continue
                text = (
                    f"Invalid {name} shape: expected (4,2) for a single image or (N,4,2) for a batch. Received shape: "
                    f"{text_of(sizes)}"
                )
                raise wrong_value(refused(text), name, text_of(sizes), given)
        return like(found, shape, roles=found.roles)

    return run(cx, "perspective_transform", core, (images, start_points, end_points))


@rule("keras.ops.image.gaussian_blur")
def gaussian_blur(
    cx: Context, images: Value, kernel_size: Value | None = None, sigma: Value | None = None,
    data_format: Value | None = None,
) -> Value:  # fmt: skip
    """The same shape."""

    def core(inner: Context, value: Value) -> Value:
        found, shape = pictures(inner, "gaussian_blur", value)
        return like(found, shape, roles=found.roles)

    return run(cx, "gaussian_blur", core, (images,))


@rule("keras.ops.image.elastic_transform")
def elastic_transform(
    cx: Context, images: Value, alpha: Value | None = None, sigma: Value | None = None,
    interpolation: Value | None = None, fill_mode: Value | None = None, fill_value: Value | None = None,
    seed: Value | None = None, data_format: Value | None = None,
) -> Value:  # fmt: skip
    """The same shape."""

    def core(inner: Context, value: Value) -> Value:
        found, shape = pictures(inner, "elastic_transform", value)
        return like(found, shape, roles=found.roles)

    return run(cx, "elastic_transform", core, (images,))


@rule("keras.ops.image.scale_and_translate")
def scale_and_translate(
    cx: Context, images: Value, output_shape: Value, scale: Value, translation: Value, spatial_dims: Value,
    method: Value, antialias: Value | None = None,
) -> Value:  # fmt: skip
    """The shape that is asked for."""

    def core(inner: Context, value: Value) -> Value:
        found = operand(inner, value)
        return like(found, shape_argument(inner, output_shape))

    return run(cx, "scale_and_translate", core, (images,))


@rule("keras.ops.image.sobel_edges")
def sobel_edges(cx: Context, images: Value, data_format: Value | None = None) -> Value:
    """A new last axis: the slope down and across."""

    def core(inner: Context, value: Value) -> Value:
        found, shape = known(inner, value)
        if len(shape) != 4:
            text = f"Invalid images rank: expected rank 4 (batch of images). Received: images.shape={list(shape)}"
            raise needs_rank(trouble(inner, text, found), "sobel_edges", found, 4)
        return like(found, (*shape, 2))

    return run(cx, "sobel_edges", core, (images,))


@rule("keras.ops.image.ssim")
def ssim(
    cx: Context, image1: Value, image2: Value, max_val: Value | None = None, filter_size: Value | None = None,
    filter_sigma: Value | None = None, k1: Value | None = None, k2: Value | None = None,
    data_format: Value | None = None,
) -> Value:  # fmt: skip
    """One number per image."""

    def core(inner: Context, first: Value, second: Value) -> Value:
        found, shape = pictures(inner, "ssim", first)
        pictures(inner, "ssim", second)
        return like(found, shape[:1] if len(shape) == 4 else ())

    return run(cx, "ssim", core, (image1, image2))


def _patches(cx: Context, value: Value, size: Value, strides: Value | None, dilation_rate: Value | None,
             padding: Value | None, data_format: Value | None, rank: int) -> Value:  # fmt: skip
    from foreshape.semantics.keras.operations.support import word

    found, shape = known(cx, value)
    if len(shape) not in (rank + 1, rank + 2):
        raise OpenShape("not an image or a batch of them")
    last = channels_last(cx, data_format)
    window = spread(cx, size, rank)
    steps = window if strides is None or is_none(strides) else spread(cx, strides, rank)
    batch = shape[: len(shape) - rank - 1]
    rest = shape[len(batch) :]
    channels, spatial = (rest[-1], rest[:-1]) if last else (rest[0], rest[1:])
    made = windowed(
        cx, "extract_patches", found, spatial, window, steps, word(padding, "valid"), spread(cx, dilation_rate, rank)
    )
    filters: DimLike = channels
    for part in window:
        filters = filters * part
    return like(found, (*batch, *made, filters) if last else (*batch, filters, *made))


@rule("keras.ops.image.extract_patches")
def extract_patches(
    cx: Context, images: Value, size: Value, strides: Value | None = None, dilation_rate: Value | None = None,
    padding: Value | None = None, data_format: Value | None = None,
) -> Value:  # fmt: skip
    """(rows of patches, columns of patches, numbers of a patch)."""
    count = ints(cx, size)
    rank = 3 if count is not None and len(count) == 3 else 2

    def core(inner: Context, value: Value) -> Value:
        return _patches(inner, value, size, strides, dilation_rate, padding, data_format, rank)

    return run(cx, "extract_patches", core, (images,))


@rule("keras.ops.image.extract_patches_3d")
def extract_patches_3d(
    cx: Context, volumes: Value, size: Value, strides: Value | None = None, dilation_rate: Value | None = None,
    padding: Value | None = None, data_format: Value | None = None,
) -> Value:  # fmt: skip
    """Patches of a volume."""

    def core(inner: Context, value: Value) -> Value:
        return _patches(inner, value, size, strides, dilation_rate, padding, data_format, 3)

    return run(cx, "extract_patches_3d", core, (volumes,))


@rule("keras.ops.image.map_coordinates")
def map_coordinates(
    cx: Context, inputs: Value, coordinates: Value, order: Value, fill_mode: Value | None = None,
    fill_value: Value | None = None,
) -> Value:  # fmt: skip
    """One number for each point; ``coordinates`` has a row per axis."""

    def core(inner: Context, value: Value, points: Value) -> Value:
        found, shape = known(inner, value)
        given, sizes = known(inner, points)
        if sizes and isinstance(sizes[0], int) and sizes[0] != len(shape):
            text = (
                "First dim of `coordinates` must be the same as the rank of `inputs`. Received inputs with shape: "
                f"{text_of(shape)} and coordinate leading dim of {sizes[0]}"
            )
            raise wrong_value(refused(text), "coordinates", text_of(sizes), given, found)
        if len(sizes) < 2:
            text = f"Invalid coordinates rank: expected at least rank 2. Received input with shape: {text_of(sizes)}"
            raise needs_rank(refused(text), "map_coordinates", given, 2, True)
        return like(found, sizes[1:])

    return run(cx, "map_coordinates", core, (inputs, coordinates))


def _size(size: DimLike, before: Value | None, after: Value | None, target: Value | None, sign: int) -> DimLike:
    wanted = None if target is None or is_none(target) else as_dim(target)
    if wanted is not None:
        return wanted
    first = None if before is None or is_none(before) else as_dim(before)
    second = None if after is None or is_none(after) else as_dim(after)
    if first is None or second is None:
        raise OpenShape("how much is added or cut is not known")
    return size + sign * (first + second)


def _framed(
    cx: Context, name: str, images: Value, sides: tuple[Value | None, ...], targets: tuple[Value | None, ...],
    data_format: Value | None, sign: int,
) -> Value:  # fmt: skip
    def core(inner: Context, value: Value) -> Value:
        found, shape = pictures(inner, name, value)
        at = len(shape) - (3 if channels_last(inner, data_format) else 2)
        top, left, bottom, right = sides
        height = _size(shape[at], top, bottom, targets[0], sign)
        width = _size(shape[at + 1], left, right, targets[1], sign)
        if (isinstance(height, int) and height < 0) or (isinstance(width, int) and width < 0):
            raise OpenShape("a size below 0")
        for size, made in ((shape[at], height), (shape[at + 1], width)):
            if not undefined(size) and isinstance(size, int) and isinstance(made, int) and (made - size) * sign < 0:
                raise OpenShape("a target on the other side of the size")
        return like(found, (*shape[:at], height, width, *shape[at + 2 :]))

    return run(cx, name, core, (images,))


@rule("keras.ops.image.pad_images")
def pad_images(
    cx: Context, images: Value, top_padding: Value | None = None, left_padding: Value | None = None,
    bottom_padding: Value | None = None, right_padding: Value | None = None, target_height: Value | None = None,
    target_width: Value | None = None, data_format: Value | None = None,
) -> Value:  # fmt: skip
    """Larger by what is added on each side."""
    sides = (top_padding, left_padding, bottom_padding, right_padding)
    return _framed(cx, "pad_images", images, sides, (target_height, target_width), data_format, 1)


@rule("keras.ops.image.crop_images")
def crop_images(
    cx: Context, images: Value, top_cropping: Value | None = None, left_cropping: Value | None = None,
    bottom_cropping: Value | None = None, right_cropping: Value | None = None, target_height: Value | None = None,
    target_width: Value | None = None, data_format: Value | None = None,
) -> Value:  # fmt: skip
    """Smaller by what is cut off on each side."""
    sides = (top_cropping, left_cropping, bottom_cropping, right_cropping)
    return _framed(cx, "crop_images", images, sides, (target_height, target_width), data_format, -1)
