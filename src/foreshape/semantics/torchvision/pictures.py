"""Images as torchvision's transforms see them: a PIL image, or a tensor (..., channels, height, width)."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Const, Instance, LibraryRef, Sequence, Unknown, Value, as_dim, int_value

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

IMAGE: Final = "PIL.Image.Image"
CHANNELS: Final = {"RGB": 3, "RGBA": 4, "L": 1, "1": 1, "I": 1, "F": 1, "CMYK": 4, "HSV": 3, "YCbCr": 3, "P": 1}


def is_image(value: Value) -> bool:
    """Whether it is a PIL image."""
    return isinstance(value, Instance) and value.library_type == IMAGE


def image(width: DimLike, height: DimLike, mode: str | None) -> Instance:
    """A PIL image."""
    fields: dict[Hashable, Any] = {"~width": int_value(width), "~height": int_value(height), "~mode": Const(mode)}
    return Instance(LibraryRef(IMAGE), fields)


def mode_of(value: Instance) -> str | None:
    """ "RGB", "L", ...; None where it is not known."""
    held = value.fields.get("~mode")
    return held.value if isinstance(held, Const) and isinstance(held.value, str) else None


def size_of(cx: Context, value: Value) -> tuple[DimLike, DimLike] | None:
    """(height, width); None where that is not known."""
    if isinstance(value, Array):
        return (value.shape[-2], value.shape[-1]) if value.shape is not None and len(value.shape) >= 2 else None
    if isinstance(value, Instance) and is_image(value):
        found = [as_dim(value.fields.get(key)) for key in ("~height", "~width")]
        if found[0] is not None and found[1] is not None:
            return found[0], found[1]
    return None


def channels_of(value: Value) -> DimLike | None:
    """The number of channels; None where that is not known."""
    if isinstance(value, Array):
        return value.shape[-3] if value.shape is not None and len(value.shape) >= 3 else None
    if isinstance(value, Instance) and is_image(value):
        return CHANNELS.get(mode_of(value) or "")
    return None


def resized(cx: Context, value: Value, height: DimLike, width: DimLike) -> Value:
    """The same image in another size."""
    if isinstance(value, Array):
        if value.shape is None or len(value.shape) < 2:
            return value
        meta = {key: held for key, held in value.meta.items() if key == "device"}
        made = Array("torch", (*value.shape[:-2], height, width), value.dtype, meta=meta, roles=value.roles)
        made.tainted = value.tainted
        return made
    if isinstance(value, Instance) and is_image(value):
        return image(width, height, mode_of(value))
    return cx.unknown(value.reason if isinstance(value, Unknown) else "an image that is not known")


def recoloured(cx: Context, value: Value, channels: int) -> Value:
    """The same image with so many channels."""
    if isinstance(value, Array):
        if value.shape is None or len(value.shape) < 3:
            return value
        return Array("torch", (*value.shape[:-3], channels, *value.shape[-2:]), value.dtype)
    if isinstance(value, Instance) and is_image(value):
        size = size_of(cx, value)
        mode = {1: "L", 3: "RGB"}.get(channels)
        return image(size[1] if size else cx.fresh("width"), size[0] if size else cx.fresh("height"), mode)
    return cx.unknown("an image that is not known")


def pair(cx: Context, value: Value | None) -> tuple[DimLike, DimLike] | None:
    """(height, width) of an int or a pair; None where it is not known or a single int says too little."""
    if isinstance(value, Sequence):
        items = value.contents.items(limit=4)
        found = [as_dim(item) for item in items or ()]
        if len(found) == 2 and found[0] is not None and found[1] is not None:
            return found[0], found[1]
        if len(found) == 1 and found[0] is not None:
            return found[0], found[0]
        return None
    one = as_dim(value)
    return None if one is None else (one, one)


def as_image_tensor(cx: Context, value: Value, scaled: bool = True) -> Value:
    """``ToTensor``: (channels, height, width); float32 of what was uint8, the dtype of an array stays otherwise."""
    if isinstance(value, Instance) and is_image(value):
        size, channels = size_of(cx, value), channels_of(value)
        height, width = size if size is not None else (cx.fresh("height"), cx.fresh("width"))
        mode = mode_of(value)
        dtype: str | None = "float32" if scaled else "uint8"
        if mode in ("I", "F") or mode is None:
            dtype = {"I": "int32", "F": "float32"}.get(mode or "", "float32" if mode is None and scaled else None)
        shape = (channels if channels is not None else cx.fresh("channels"), height, width)
        return Array("torch", shape, dtype, lo=0, hi=1 if scaled and dtype == "float32" else 255,
                     roles=("channel", "height", "width"))  # fmt: skip
    if isinstance(value, Array) and value.kind == "numpy" and value.shape is not None and len(value.shape) in (2, 3):
        channels = value.shape[2] if len(value.shape) == 3 else 1
        dtype = "float32" if value.dtype == "uint8" and scaled else value.dtype
        made = Array("torch", (channels, *value.shape[:2]), dtype, roles=("channel", "height", "width"))
        made.tainted = value.tainted
        made.origin = value.origin
        return made
    return cx.unknown(value.reason if isinstance(value, Unknown) else "an image that is not known")
