"""``sample_weight``: what the losses of a batch are multiplied by.

Source: keras/src/losses/loss.py (``reduce_weighted_values``), tf_keras/src/utils/losses_utils.py
(``compute_weighted_loss``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.compare import eq
from foreshape.domain.dim import Dim, DimLike, substitute, variables
from foreshape.domain.polynomial import Var
from foreshape.domain.values import Array, Shape
from foreshape.faults.base import Fault
from foreshape.faults.broadcast_mismatch import BroadcastMismatch
from foreshape.semantics.keras.base import error, is_keras3
from foreshape.semantics.keras.losses import GRAPH_ERROR

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def check_weights(cx: Context, weights: Array, losses: Shape, batch: Var | None, sizes: tuple[DimLike, ...]) -> None:
    """Sample weights multiply the losses, which are one axis shorter than the predictions. Where the numbers of axes
    differ by one, an axis of 1 is taken off or added; then the product has to broadcast. ValueError while the step is
    traced, InvalidArgumentError where only the size of a batch forbids it."""
    if weights.shape is None:
        return
    a, b = _same_rank(cx, weights, losses, weights.shape)
    for size in (None, *sizes):
        if size is None:
            left, right = a, b
        elif batch is None or not isinstance(size, int):
            continue
        else:
            left, right = (tuple(_at(dim, batch, size) for dim in shape) for shape in (a, b))
        for place in range(1, min(len(left), len(right)) + 1):
            one, other = left[-place], right[-place]
            if not isinstance(one, int) or not isinstance(other, int) or 1 in (one, other):
                continue
            if eq(one, other, cx.facts).is_no:
                raise _fault(cx, weights, losses, (left, right), place, size)


def _same_rank(cx: Context, value: Array, losses: Shape, weights: Shape) -> tuple[Shape, Shape]:
    """Both with as many axes as Keras gives them before it multiplies."""
    longer = len(weights) - len(losses)
    if longer == 1 and not is_keras3(cx):
        last = weights[-1]
        if isinstance(last, int) and last != 1:
            axis = len(weights) - 1
            message = f"Can not squeeze dim[{axis}], expected a dimension of 1, got {last}"
            raise BroadcastMismatch(
                error(cx, "ValueError", message),
                values=(value,),
                taker="sample_weight",
                shapes=(losses, weights),
                axis=-1,
            )
        return losses, weights[:-1]
    if longer == 1 and weights[-1] == 1:
        return ((*losses, 1), weights) if len(losses) == 1 else (losses, weights[:-1])
    if longer == -1 and not is_keras3(cx):
        return losses, (*weights, 1)
    if longer == -1 and losses[-1] == 1:
        return (losses, (*weights, 1)) if len(weights) == 1 else (losses[:-1], weights)
    return losses, weights


def _fault(
    cx: Context, weights: Array, losses: Shape, met: tuple[Shape, Shape], place: int, size: DimLike | None
) -> Fault:
    one, other = met[0][-place], met[1][-place]
    message = f"Dimensions must be equal, but are {one} and {other} for the product of losses and sample weights"
    exception = "ValueError"
    if size is not None:
        shown = " vs. ".join("[" + ",".join(map(str, shape)) + "]" for shape in met)
        exception, message = "InvalidArgumentError", f"{GRAPH_ERROR}Incompatible shapes: {shown}"
    shapes = (losses, weights.shape or ()) if size is None else met
    return BroadcastMismatch(
        error(cx, exception, message), values=(weights,), taker="sample_weight", shapes=shapes, axis=-place
    )


def _at(dim: DimLike, batch: Var, size: int) -> DimLike:
    return substitute(dim, {batch: size}) if isinstance(dim, Dim) and batch in variables(dim) else dim
