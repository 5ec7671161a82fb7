"""Checks that layer families share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Instance, Shape
from foreshape.faults.undefined_dimension import UndefinedDimension
from foreshape.semantics.keras.base import dims_text, error, is_keras3, layer_name

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def needs_defined(
    cx: Context, self: Instance, taker: str, shape: Shape, weight: tuple[DimLike | None, ...], name: str, axis: int = -1
) -> None:
    """A weight cannot be made because a size is None."""
    if is_keras3(cx):
        message = (
            "Shapes used to initialize variables must be fully-defined (no `None` dimensions). "
            f"Received: shape={dims_text(weight)} for variable path='{layer_name(self)}/{name}'"
        )
        raise UndefinedDimension(error(cx, "ValueError", message), taker=taker, axis=axis, shape=shape)
    message = "int() argument must be a string, a bytes-like object or a real number, not 'NoneType'"
    raise UndefinedDimension(error(cx, "TypeError", message), taker=taker, axis=axis, shape=shape)
