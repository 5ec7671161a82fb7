"""What the image layers share: where height and width are, and the shape that comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Array, Instance, Shape, as_dim, as_str, is_none
from foreshape.faults.rank_mismatch import RankMismatch
from foreshape.semantics.keras.base import anonymous, class_name, error, is_keras3

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

SIZED: Final = ("Resizing", "CenterCrop", "RandomCrop")


def class_name_of(layer: Instance) -> str:
    """The class of the library, also where the program derives from it."""
    return (layer.library_type or "").rpartition(".")[2]


def axes_of(layer: Instance) -> tuple[int, int] | None:
    """Where height and width are, counted from the end."""
    form = layer.fields.get("data_format")
    if form is None:
        return -3, -2
    text = as_str(form)
    return None if text is None else (-2, -1) if text == "channels_first" else (-3, -2)


def sized(cx: Context, layer: Instance, shape: Shape, axes: tuple[int, int] | None = None) -> Shape:
    """The shape with the height and width that the layer makes."""
    axes = axes_of(layer) if axes is None else axes
    if axes is None:
        return tuple(cx.fresh() for _ in shape)
    made = list(shape)
    for axis, name in zip(axes, ("height", "width")):
        size = layer.fields.get(name)
        dim = as_dim(size)
        if is_none(size) or (dim == -1 and not is_keras3(cx)):
            made[axis] = anonymous(cx)
        else:
            made[axis] = cx.fresh(name) if dim is None else dim
    return tuple(made)


def wrong_rank(cx: Context, layer: Instance, images: Array, kind: str, text: str) -> RankMismatch:
    return RankMismatch(
        error(cx, kind, text), values=(images,), taker=class_name(layer), needs=4, at_least=False,
        got=images.shape or (), axes=("batch", "height", "width", "channels"),
    )  # fmt: skip
