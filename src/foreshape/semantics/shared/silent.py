"""What runs but computes something else, whatever library it is: reshapes that move axes, softmax over the batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import is_none as undefined
from foreshape.semantics.shared.moved_axes import moved_axis

if TYPE_CHECKING:
    from foreshape.domain.values import Array, Shape
    from foreshape.semantics.protocol import Context


def note_reshape(cx: Context, x: Array, after: Shape) -> None:
    """A reshape that has one of the axes of ``x`` at another place, where elements of different rows then stand."""
    if x.shape is None or x.data is not None or x.tainted:
        return
    before = [cx.resolve(size) for size in x.shape]
    moved = moved_axis(before, [cx.resolve(size) for size in after])
    if moved is None:
        return
    from foreshape.faults.reshape_mixes_axes import ReshapeMixesAxes

    source, target = moved
    cx.note(
        ReshapeMixesAxes(
            None, values=(x,), before=x.shape, after=after, size=x.shape[source], source=source, target=target
        )
    )


def note_softmax(cx: Context, taker: str, x: Array, axis: int) -> None:
    """A softmax over the samples of a batch."""
    shape = x.shape
    if shape is None or len(shape) < 2 or x.tainted or not -len(shape) <= axis < len(shape) or axis % len(shape):
        return
    batch = undefined(shape[0]) or (x.roles is not None and x.roles[0] == "batch")
    if not batch or (isinstance(shape[0], int) and shape[0] == 1):
        return
    from foreshape.faults.softmax_axis import SoftmaxAxis

    cx.note(SoftmaxAxis(None, values=(x,), taker=taker, axis=0, got=shape, implicit=False))
