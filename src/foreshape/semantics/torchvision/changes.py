"""Transforms that change the size of an image, its channels, or nothing of its shape.

https://docs.pytorch.org/vision/stable/transforms.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Const, Instance, Sequence, Unknown, Value, as_dim, as_int
from foreshape.semantics.registry import rule
from foreshape.semantics.torchvision.pictures import is_image, pair, recoloured, resized, size_of
from foreshape.semantics.torchvision.transforms import DOC, declare, follows, methods

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

SAME: Final = (
    "RandomHorizontalFlip", "RandomVerticalFlip", "ColorJitter", "RandomAffine", "RandomPerspective", "RandomErasing",
    "GaussianBlur", "RandomInvert", "RandomPosterize", "RandomSolarize", "RandomAdjustSharpness", "RandomAutocontrast",
    "RandomEqualize", "AutoAugment", "RandAugment", "TrivialAugmentWide", "AugMix", "RandomGrayscale", "ElasticTransform",
)  # fmt: skip
"""Transforms that keep the shape."""
declare(*SAME, "Resize", "CenterCrop", "RandomCrop", "RandomResizedCrop", "Pad", "Grayscale", "RandomRotation", "FiveCrop",
        "TenCrop")  # fmt: skip


@rule(*(name for each in SAME for name in methods(each, "__init__")), doc=DOC)
def same_init(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Settings."""
    return Const(None)


@rule(*(name for each in SAME for name in methods(each, "__call__")), doc=DOC)
def same_call(cx: Context, self: Instance, img: Value) -> Value:
    """The same shape."""
    return img if is_image(img) or isinstance(img, Array) else follows(cx, img)


def _settings(name: str, signature: str, call: Callable[..., Value]) -> None:
    """A transform that keeps its settings, and what it does."""

    def init(cx: Context, layer: Instance, **given: Any) -> Value:
        for key, value in given.items():
            if isinstance(value, Value):
                cx.set(layer, key, value)
        return Const(None)

    from foreshape.semantics.keras.layers.signatures import register

    for full in methods(name, "__init__"):
        register(full, signature, init, doc=DOC)
    for full in methods(name, "__call__"):
        rule(full, doc=DOC)(call)


def resize(cx: Context, self: Instance, img: Value) -> Value:
    """(height, width) as given; a single number is the shorter side, and the other keeps the ratio."""
    return _resized(cx, img, self.fields.get("size"), self.fields.get("max_size"))


def _resized(cx: Context, img: Value, size: object, max_size: object = None) -> Value:
    if not is_image(img) and not isinstance(img, Array):
        return follows(cx, img)
    value = size if isinstance(size, Value) else None
    if isinstance(value, Sequence):
        wanted = pair(cx, value)
        if wanted is not None and value.contents.length == 2:
            return resized(cx, img, *wanted)
        one: DimLike | None = wanted[0] if wanted is not None else None
    else:
        one = as_dim(value)
    now = size_of(cx, img)
    limited = isinstance(max_size, Value) and not (isinstance(max_size, Const) and max_size.value is None)
    if one is None or now is None or limited:
        return resized(cx, img, cx.fresh("height"), cx.fresh("width"))
    height, width = now
    if isinstance(height, int) and isinstance(width, int) and isinstance(one, int):
        if height == width:
            return resized(cx, img, one, one)
        if width < height:
            return resized(cx, img, int(one * height / width), one)
        return resized(cx, img, one, int(one * width / height))
    return resized(cx, img, cx.fresh("height"), cx.fresh("width"))


def center_crop(cx: Context, self: Instance, img: Value) -> Value:
    """(height, width) as given; smaller images are padded."""
    wanted = pair(cx, self.fields.get("size"))
    if wanted is None:
        return resized(cx, img, cx.fresh("height"), cx.fresh("width"))
    return resized(cx, img, *wanted)


def random_crop(cx: Context, self: Instance, img: Value) -> Value:
    """(height, width) as given. ValueError for an image that is smaller, unless it is padded."""
    wanted = pair(cx, self.fields.get("size"))
    if wanted is None:
        return resized(cx, img, cx.fresh("height"), cx.fresh("width"))
    now = size_of(cx, img)
    added = as_int(self.fields.get("padding")) if isinstance(self.fields.get("padding"), Value) else 0
    fills = isinstance(self.fields.get("pad_if_needed"), Value)
    if now is not None and added is not None and not fills and all(isinstance(side, int) for side in (*now, *wanted)):
        have = (now[0] + 2 * added, now[1] + 2 * added)
        if have[0] < wanted[0] or have[1] < wanted[1]:  # type: ignore[operator]
            from foreshape.faults.base import Raises
            from foreshape.faults.invalid_argument import InvalidArgument

            message = f"Required crop size {wanted} is larger than input image size {have}"
            raised = Raises("ValueError", message, by="torchvision")
            raise InvalidArgument(raised, values=(img,), argument="size", given=str(wanted))
    return resized(cx, img, *wanted)


def resized_crop(cx: Context, self: Instance, img: Value) -> Value:
    """(height, width) as given."""
    wanted = pair(cx, self.fields.get("size"))
    return resized(cx, img, *(wanted or (cx.fresh("height"), cx.fresh("width"))))


def pad(cx: Context, self: Instance, img: Value) -> Value:
    """Padding on each side: one number, (left and right, top and bottom), or all four."""
    now = size_of(cx, img)
    padding = self.fields.get("padding")
    items = padding.contents.items(limit=4) if isinstance(padding, Sequence) else None
    dims = [as_dim(item) for item in items] if items is not None else [as_dim(padding)]
    if now is None or any(dim is None for dim in dims) or len(dims) not in (1, 2, 4):
        return resized(cx, img, cx.fresh("height"), cx.fresh("width"))
    known = [dim for dim in dims if dim is not None]
    left, top, right, bottom = (known * 4)[:4] if len(known) == 1 else (known * 2)[:4] if len(known) == 2 else known
    return resized(cx, img, now[0] + top + bottom, now[1] + left + right)


def grayscale(cx: Context, self: Instance, img: Value) -> Value:
    """One channel, or three alike."""
    many = as_int(self.fields.get("num_output_channels")) if "num_output_channels" in self.fields else 1
    return recoloured(cx, img, many) if many in (1, 3) else follows(cx, Unknown("the number of channels is not known"))


def rotation(cx: Context, self: Instance, img: Value) -> Value:
    """The same shape, unless it may grow."""
    grows = self.fields.get("expand")
    if isinstance(grows, Value) and not (isinstance(grows, Const) and not grows.value):
        return resized(cx, img, cx.fresh("height"), cx.fresh("width"))
    return img if is_image(img) or isinstance(img, Array) else follows(cx, img)


def crops(cx: Context, self: Instance, img: Value) -> Value:
    """Several crops."""
    return cx.unknown("a tuple of crops")


_settings("Resize", "size interpolation= max_size= antialias=", resize)
_settings("CenterCrop", "size", center_crop)
_settings("RandomCrop", "size padding= pad_if_needed= fill= padding_mode=", random_crop)
_settings("RandomResizedCrop", "size scale= ratio= interpolation= antialias=", resized_crop)
_settings("Pad", "padding fill= padding_mode=", pad)
_settings("Grayscale", "num_output_channels=", grayscale)
_settings("RandomRotation", "degrees interpolation= expand= center= fill= resample=", rotation)
_settings("FiveCrop", "size", crops)
_settings("TenCrop", "size vertical_flip=", crops)


@rule("torchvision.transforms.functional.resize", doc=DOC)
def resize_function(cx: Context, img: Value, size: Value, *args: Value, **kwargs: Value) -> Value:
    """As the transform."""
    return _resized(cx, img, size, kwargs.get("max_size"))


@rule("torchvision.transforms.functional.center_crop", doc=DOC)
def center_crop_function(cx: Context, img: Value, output_size: Value) -> Value:
    """As the transform."""
    wanted = pair(cx, output_size)
    return resized(cx, img, *(wanted or (cx.fresh("height"), cx.fresh("width"))))


@rule("torchvision.transforms.functional.crop", doc=DOC)
def crop_function(cx: Context, img: Value, top: Value, left: Value, height: Value, width: Value) -> Value:
    """(height, width) as given."""
    rows, columns = as_dim(height), as_dim(width)
    rows = cx.fresh("height") if rows is None else rows
    return resized(cx, img, rows, cx.fresh("width") if columns is None else columns)


@rule("torchvision.transforms.functional.hflip", "torchvision.transforms.functional.vflip",
      "torchvision.transforms.functional.adjust_brightness", "torchvision.transforms.functional.adjust_contrast",
      "torchvision.transforms.functional.gaussian_blur", doc=DOC)  # fmt: skip
def same_function(cx: Context, img: Value, *args: Value, **kwargs: Value) -> Value:
    """The same shape."""
    return img if is_image(img) or isinstance(img, Array) else follows(cx, img)
