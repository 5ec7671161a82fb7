"""``tf.image``: images are (height, width, channels) or a batch of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foreshape.domain.dim import DimLike
from foreshape.domain.dim import is_none as undefined
from foreshape.domain.values import Array, Const, Value, as_int, as_str
from foreshape.semantics.registry import constant
from foreshape.semantics.tensorflow.convert import as_tensor
from foreshape.semantics.tensorflow.declare import op, op_table
from foreshape.semantics.tensorflow.support import (
    FLOATS,
    INTEGERS,
    dtype_of,
    failed,
    flag,
    given,
    graph_mode,
    invalid,
    open_size,
    raises,
    shape_argument,
    shown,
    tensor,
    unknown_tensor,
    wrong_rank,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def _image(cx: Context, value: Value, taker: str, message: str = "") -> Array | None:
    """An image or a batch of them; raises for another number of axes."""
    x = as_tensor(cx, value)
    if x is None or x.shape is None:
        return None
    if len(x.shape) not in (3, 4):
        text = message or f"'image' (shape {shown(x.shape)}) must have either 3 or 4 dimensions."
        raise wrong_rank(cx, taker, x, 3, text, at_least=True, exception="ValueError")
    return x


def _size(cx: Context, value: Value) -> DimLike:
    """A size that is given, one that is not known otherwise."""
    found = cx.dim(value)
    return open_size(cx) if found is None else found


def _sized(x: Array, height: DimLike, width: DimLike, dtype: str | None = None) -> Array:
    assert x.shape is not None
    sizes = (height, width, x.shape[-1]) if len(x.shape) == 3 else (x.shape[0], height, width, x.shape[-1])
    return tensor(sizes, dtype or x.dtype, x, roles=x.roles)


for _name in ("BILINEAR", "NEAREST_NEIGHBOR", "BICUBIC", "AREA", "LANCZOS3", "LANCZOS5", "GAUSSIAN", "MITCHELLCUBIC"):

    def _method(cx: Context, name: str = {"NEAREST_NEIGHBOR": "nearest"}.get(_name, _name.lower())) -> Value:
        return Const(name)

    constant(f"tensorflow.image.ResizeMethod.{_name}")(_method)


@op("tensorflow.image.resize", "tensorflow.image.resize_images")
def resize(
    cx: Context,
    images: Value,
    size: Value,
    method: Value | None = None,
    preserve_aspect_ratio: Value | None = None,
    antialias: Value | None = None,
    name: Value | None = None,
    *,
    align_corners: Value | None = None,
) -> Value:
    """Another height and width (``align_corners`` is of TensorFlow 1); float32 unless the method is "nearest"."""
    x = as_tensor(cx, images)
    if x is None:
        return unknown_tensor(cx, images)
    if x.shape is not None and len(x.shape) not in (3, 4):
        raise wrong_rank(
            cx, "resize", x, 3, "'images' must have either 3 or 4 dimensions.", at_least=True, exception="ValueError"
        )
    dims = shape_argument(cx, size)
    if dims is not None and len(dims) != 2:
        message = "'size' must be a 1-D Tensor of 2 elements: new_height, new_width"
        raise invalid(failed("ValueError", message), "size", shown(dims), x)
    nearest = as_str(method) in ("nearest",) if given(method) else False
    dtype = x.dtype if nearest else "float32" if not given(method) or as_str(method) is not None else None
    if x.shape is None:
        return tensor(None, dtype, x)
    keep = flag(preserve_aspect_ratio)
    if dims is None or keep is None or keep:
        return _sized(x, open_size(cx, 1), open_size(cx, 1), dtype)
    return _sized(x, dims[0], dims[1], dtype)


@op("tensorflow.image.resize_with_pad")
def resize_with_pad(
    cx: Context,
    image: Value,
    target_height: Value,
    target_width: Value,
    method: Value | None = None,
    antialias: Value | None = None,
) -> Value:
    """Exactly this size, float32."""
    x = _image(cx, image, "resize_with_pad")
    if x is None:
        return unknown_tensor(cx, image)
    nearest = as_str(method) == "nearest"
    return _sized(
        x,
        _size(cx, target_height),
        _size(cx, target_width),
        x.dtype if nearest else "float32",
    )


@op("tensorflow.image.resize_with_crop_or_pad", "tensorflow.image.resize_image_with_crop_or_pad")
def crop_or_pad(cx: Context, image: Value, target_height: Value, target_width: Value) -> Value:
    """Exactly this size."""
    x = _image(cx, image, "resize_with_crop_or_pad")
    if x is None:
        return unknown_tensor(cx, image)
    return _sized(x, _size(cx, target_height), _size(cx, target_width))


def _same(cx: Context, image: Value, taker: str, check: bool = True, dtype: str | None = None) -> Value:
    x = _image(cx, image, taker) if check else as_tensor(cx, image)
    if x is None:
        return unknown_tensor(cx, image)
    return tensor(x.shape, dtype or x.dtype, x, roles=x.roles, lo=x.lo, hi=x.hi)


op_table("image.flip_left_right image.flip_up_down", "image", lambda cx, **g: _same(cx, g["image"], "flip"))
op_table(
    "image.random_flip_left_right image.random_flip_up_down",
    "image, seed=None",
    lambda cx, **g: _same(cx, g["image"], "flip"),
)
op_table(
    "image.stateless_random_flip_left_right image.stateless_random_flip_up_down",
    "image, seed",
    lambda cx, **g: _same(cx, g["image"], "flip"),
)
op_table("image.adjust_brightness", "image, delta", lambda cx, **g: _same(cx, g["image"], "adjust", False))
op_table("image.adjust_contrast", "images, contrast_factor", lambda cx, **g: _same(cx, g["images"], "adjust", False))
op_table("image.adjust_gamma", "image, gamma=None, gain=None", lambda cx, **g: _same(cx, g["image"], "adjust", False))
op_table("image.adjust_hue", "image, delta, name=None", lambda cx, **g: _same(cx, g["image"], "adjust", False))
op_table(
    "image.adjust_saturation",
    "image, saturation_factor, name=None",
    lambda cx, **g: _same(cx, g["image"], "adjust", False),
)
op_table(
    "image.random_brightness image.random_hue",
    "image, max_delta, seed=None",
    lambda cx, **g: _same(cx, g["image"], "adjust", False),
)
op_table(
    "image.random_contrast image.random_saturation",
    "image, lower, upper, seed=None",
    lambda cx, **g: _same(cx, g["image"], "adjust", False),
)
op_table(
    "image.stateless_random_brightness image.stateless_random_hue",
    "image, max_delta, seed",
    lambda cx, **g: _same(cx, g["image"], "adjust", False),
)
op_table(
    "image.stateless_random_contrast image.stateless_random_saturation",
    "image, lower, upper, seed",
    lambda cx, **g: _same(cx, g["image"], "adjust", False),
)
op_table(
    "image.rgb_to_hsv image.hsv_to_rgb image.rgb_to_yuv image.yuv_to_rgb image.rgb_to_yiq image.yiq_to_rgb",
    "images, name=None",
    lambda cx, **g: _colours(cx, g["images"]),
)
op_table(
    "image.draw_bounding_boxes",
    "images, boxes, colors, name=None",
    lambda cx, **g: _same(cx, g["images"], "draw", False),
)


def _colours(cx: Context, value: Value) -> Value:
    x = as_tensor(cx, value)
    if x is None:
        return unknown_tensor(cx, value)
    if x.shape and isinstance(x.shape[-1], int) and x.shape[-1] != 3:
        return cx.unknown("an image that has not three channels")
    return tensor(x.shape, x.dtype, x)


@op("tensorflow.image.per_image_standardization")
def standardization(cx: Context, image: Value) -> Value:
    """float32 unless it is a smaller float."""
    x = as_tensor(cx, image)
    if x is None:
        return unknown_tensor(cx, image)
    return tensor(x.shape, x.dtype if x.dtype in ("float16", "float32") else "float32", x, roles=x.roles)


@op("tensorflow.image.transpose")
def transpose(cx: Context, image: Value, name: Value | None = None) -> Value:
    """Height and width swapped."""
    x = _image(cx, image, "transpose")
    if x is None or x.shape is None:
        return unknown_tensor(cx, image)
    return _sized(x, x.shape[-2], x.shape[-3])


@op("tensorflow.image.rot90")
def rot90(cx: Context, image: Value, k: Value | None = None, name: Value | None = None) -> Value:
    """Turned by quarters."""
    x = _image(cx, image, "rot90")
    turns = 1 if not given(k) else as_int(k)
    if x is None or x.shape is None:
        return unknown_tensor(cx, image)
    if turns is None or graph_mode(cx):
        return _sized(x, open_size(cx), open_size(cx))
    return _sized(x, x.shape[-2], x.shape[-3]) if turns % 2 else x


@op("tensorflow.image.central_crop")
def central_crop(cx: Context, image: Value, central_fraction: Value) -> Value:
    """The middle part."""
    x = _image(cx, image, "central_crop")
    if x is None or x.shape is None:
        return unknown_tensor(cx, image)
    if not (isinstance(central_fraction, Const) and isinstance(central_fraction.value, (int, float))):
        return _sized(x, open_size(cx), open_size(cx))
    fraction = float(central_fraction.value)
    if not 0 < fraction <= 1:
        raise invalid(failed("ValueError", "central_fraction must be within (0, 1]"), "central_fraction", fraction, x)
    made: list[DimLike] = []
    for size in x.shape[-3:-1]:
        if isinstance(size, int):
            start = int((size - size * fraction) / 2)
            made.append(size - 2 * start)
        else:
            made.append(open_size(cx))
    return _sized(x, made[0], made[1])


@op("tensorflow.image.crop_to_bounding_box")
def crop_to_box(
    cx: Context, image: Value, offset_height: Value, offset_width: Value, target_height: Value, target_width: Value
) -> Value:
    """A part of the image, which must hold it."""
    return _boxed(cx, image, (offset_height, offset_width), (target_height, target_width), True)


@op("tensorflow.image.pad_to_bounding_box")
def pad_to_box(
    cx: Context, image: Value, offset_height: Value, offset_width: Value, target_height: Value, target_width: Value
) -> Value:
    """A larger image, which must hold it."""
    return _boxed(cx, image, (offset_height, offset_width), (target_height, target_width), False)


def _boxed(cx: Context, image: Value, offsets: tuple[Value, Value], sizes: tuple[Value, Value], crop: bool) -> Value:
    x = _image(cx, image, "crop_to_bounding_box" if crop else "pad_to_bounding_box")
    if x is None or x.shape is None:
        return unknown_tensor(cx, image)
    made = [cx.dim(size) for size in sizes]
    for axis, (offset, size) in enumerate(zip(offsets, made)):
        start, have = cx.dim(offset), cx.resolve(x.shape[axis - 3])
        if start is None or size is None or undefined(have):
            continue
        word = ("height", "width")[axis]
        if crop and not cx.at_least(have, start + size):
            message = f"`{word}` must be >= `target + offset`"
            raise invalid(failed("ValueError", message), f"target_{word}", size, x)
        if not crop and not cx.at_least(size, start + have):
            message = f"`target_{word}` must be >= `{word} + offset`"
            raise invalid(failed("ValueError", message), f"target_{word}", size, x)
    height, width = (open_size(cx) if size is None else size for size in made)
    return _sized(x, height, width)


@op("tensorflow.image.random_crop", "tensorflow.image.stateless_random_crop", "tensorflow.random_crop")
def random_crop(cx: Context, value: Value, size: Value, seed: Value | None = None, name: Value | None = None) -> Value:
    """Exactly this shape, which must fit."""
    x, dims = as_tensor(cx, value), shape_argument(cx, size)
    if x is None or dims is None:
        return unknown_tensor(cx, value)
    if x.shape is not None and len(x.shape) == len(dims):
        for have, want in zip(x.shape, dims):
            if not undefined(have) and not cx.at_least(have, want):
                message = f"Need value.shape >= size, got {shown(x.shape)} and {shown(dims)}"
                raise invalid(failed("InvalidArgumentError", message), "size", shown(dims), x)
    elif x.shape is not None:
        message = (
            f"Dimensions must be equal, but are {len(x.shape)} and {len(dims)}"
            if graph_mode(cx, x)
            else "Incompatible shapes"
        )
        raise invalid(raises(cx, message, x), "size", shown(dims), x)
    return tensor(dims, x.dtype, x, roles=x.roles)


@op("tensorflow.image.rgb_to_grayscale")
def to_gray(cx: Context, images: Value, name: Value | None = None) -> Value:
    """One channel of three."""
    x = as_tensor(cx, images)
    if x is None or not x.shape:
        return unknown_tensor(cx, images)
    if isinstance(x.shape[-1], int) and x.shape[-1] != 3:
        return cx.unknown("an image that has not three channels")
    return tensor((*x.shape[:-1], 1), x.dtype, x, roles=x.roles)


@op("tensorflow.image.grayscale_to_rgb")
def to_rgb(cx: Context, images: Value, name: Value | None = None) -> Value:
    """Three channels of one."""
    x = as_tensor(cx, images)
    if x is None or not x.shape:
        return unknown_tensor(cx, images)
    if isinstance(x.shape[-1], int) and x.shape[-1] != 1:
        from foreshape.faults.feature_mismatch import FeatureMismatch

        message = "Last dimension of a grayscale image should be size 1."
        raise FeatureMismatch(
            failed("ValueError", message),
            values=(x,),
            taker="grayscale_to_rgb",
            needs=1,
            got=x.shape[-1],
            axis=-1,
            shape=x.shape,
        )
    return tensor((*x.shape[:-1], 3), x.dtype, x, roles=x.roles)


@op("tensorflow.image.convert_image_dtype")
def convert_image_dtype(
    cx: Context, image: Value, dtype: Value, saturate: Value | None = None, name: Value | None = None
) -> Value:
    """Scaled to the range of the dtype."""
    x = as_tensor(cx, image)
    if x is None:
        return unknown_tensor(cx, image)
    wanted = dtype_of(dtype)
    scaled = {"lo": 0, "hi": 1} if wanted in FLOATS and x.dtype in INTEGERS else {}
    return tensor(x.shape, wanted, x, roles=x.roles, **scaled)


def _batch(cx: Context, value: Value, dtype: str | None = None) -> Value:
    x = as_tensor(cx, value)
    if x is None or x.shape is None or len(x.shape) < 3:
        return unknown_tensor(cx, value)
    return tensor(x.shape[:-3], dtype or x.dtype, x)


op_table("image.psnr", "a, b, max_val, name=None", lambda cx, **g: _batch(cx, g["a"], "float32"))
op_table(
    "image.ssim",
    "img1, img2, max_val, filter_size=None, filter_sigma=None, k1=None, k2=None, return_index_map=None",
    lambda cx, **g: _batch(cx, g["img1"], "float32"),
)
op_table("image.total_variation", "images, name=None", lambda cx, **g: _batch(cx, g["images"]))


@op("tensorflow.image.sobel_edges")
def sobel_edges(cx: Context, image: Value) -> Value:
    """Two more values per pixel."""
    x = as_tensor(cx, image)
    return unknown_tensor(cx, image) if x is None or x.shape is None else tensor((*x.shape, 2), x.dtype, x)


@op("tensorflow.image.image_gradients")
def image_gradients(cx: Context, image: Value) -> Value:
    """``dy, dx``."""
    from foreshape.semantics.shared.structure import as_tuple

    x = as_tensor(cx, image)
    return (
        unknown_tensor(cx, image) if x is None else as_tuple((tensor(x.shape, x.dtype, x), tensor(x.shape, x.dtype, x)))
    )


@op("tensorflow.image.extract_patches")
def extract_patches(
    cx: Context, images: Value, sizes: Value, strides: Value, rates: Value, padding: Value, name: Value | None = None
) -> Value:
    """Patches flattened into the last axis."""
    from foreshape.semantics.shared.conv import conv_length
    from foreshape.semantics.tensorflow.support import ints

    x = as_tensor(cx, images)
    size, step, rate, word = ints(cx, sizes), ints(cx, strides), ints(cx, rates), as_str(padding)
    if (
        x is None
        or x.shape is None
        or len(x.shape) != 4
        or not size
        or not step
        or not rate
        or word not in ("VALID", "SAME")
    ):
        return unknown_tensor(cx, images)
    made: list[Any] = []
    for axis in (1, 2):
        if undefined(x.shape[axis]):
            made.append(open_size(cx))
        else:
            made.append(conv_length(x.shape[axis], size[axis], step[axis], word.lower(), rate[axis], facts=cx.facts)[0])
    return tensor((x.shape[0], *made, x.shape[3] * size[1] * size[2]), x.dtype, x)


@op("tensorflow.image.crop_and_resize")
def crop_and_resize(
    cx: Context,
    image: Value,
    boxes: Value,
    box_indices: Value,
    crop_size: Value,
    method: Value | None = None,
    extrapolation_value: Value | None = None,
    name: Value | None = None,
) -> Value:
    """One image per box, float32."""
    x, b, dims = as_tensor(cx, image), as_tensor(cx, boxes), shape_argument(cx, crop_size)
    if x is None or b is None or not x.shape or not b.shape or dims is None or len(dims) != 2:
        return unknown_tensor(cx, image)
    return tensor((b.shape[0], *dims, x.shape[-1]), "float32", x)


@op("tensorflow.image.non_max_suppression")
def non_max_suppression(
    cx: Context, boxes: Value, scores: Value, max_output_size: Value, *args: Value, **kwargs: Value
) -> Value:
    """Positions of the boxes that are kept."""
    return tensor((open_size(cx),), "int32", lo=0)


def _decoded(cx: Context, channels: Value | None, dtype: Value | None, anything: bool = False) -> Value:
    count = as_int(channels) if given(channels) else 0
    depth: DimLike = count if count else open_size(cx, 1)
    shape = (open_size(cx, 1), open_size(cx, 1), depth)
    return tensor(
        None if anything else shape,
        dtype_of(dtype) or "uint8",
        lo=0,
        hi=255 if dtype is None else None,
        roles=None if anything else ("height", "width", "channel"),
    )


op_table(
    "image.decode_jpeg io.decode_jpeg",
    "contents, channels=None, ratio=None, fancy_upscaling=None, try_recover_truncated=None, acceptable_fraction=None, "
    "dct_method=None, name=None",
    lambda cx, **g: _decoded(cx, g.get("channels"), None),
)
op_table(
    "image.decode_png io.decode_png",
    "contents, channels=None, dtype=None, name=None",
    lambda cx, **g: _decoded(cx, g.get("channels"), g.get("dtype")),
)
op_table(
    "image.decode_bmp io.decode_bmp",
    "contents, channels=None, name=None",
    lambda cx, **g: _decoded(cx, g.get("channels"), None),
)


@op("tensorflow.image.decode_image", "tensorflow.io.decode_image")
def decode_image(
    cx: Context,
    contents: Value,
    channels: Value | None = None,
    dtype: Value | None = None,
    name: Value | None = None,
    expand_animations: Value | None = None,
) -> Value:
    """The rank is not known unless animations are refused."""
    return _decoded(cx, channels, dtype, anything=flag(expand_animations, True) is not False)


op_table(
    "image.encode_jpeg io.encode_jpeg image.encode_png io.encode_png",
    "image, format=None, quality=None, name=None",
    lambda cx, **g: tensor((), "string"),
)
