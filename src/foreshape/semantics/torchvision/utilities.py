"""``torchvision.utils`` and reading images.

https://docs.pytorch.org/vision/stable/utils.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import Array, Const, Value
from foreshape.semantics.registry import rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


@rule("torchvision.utils.make_grid", doc="https://docs.pytorch.org/vision/stable/utils.html")
def make_grid(cx: Context, tensor: Value, *args: Value, **kwargs: Value) -> Value:
    """(3, height, width) of a picture with all images."""
    dtype = tensor.dtype if isinstance(tensor, Array) else None
    return Array("torch", (cx.fresh("channels"), cx.fresh("height"), cx.fresh("width")), dtype)


@rule("torchvision.utils.save_image")
def save_image(cx: Context, tensor: Value, fp: Value, *args: Value, **kwargs: Value) -> Value:
    """Changes no shape."""
    return Const(None)


@rule("torchvision.io.read_image", "torchvision.io.decode_image", doc="https://docs.pytorch.org/vision/stable/io.html")
def read_image(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """(channels, height, width) uint8."""
    shape = (cx.fresh("channels"), cx.fresh("height"), cx.fresh("width"))
    return Array("torch", shape, "uint8", lo=0, hi=255, roles=("channel", "height", "width"))
