"""What runs but computes something else: noted where the source says what the axes are, or what made a tensor.

Nothing here changes a result. Each note wants certainty about what the person meant: an axis that a ``DataLoader`` or a
recurrent module gave its role, a size that a reshape carries to another place, a softmax that a loss applies again.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence as SequenceOf
from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.dim import DimLike, eq
from foreshape.domain.values import Array, Sequence, Shape, Value
from foreshape.semantics.shared.moved_axes import moved_axis

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

SAMPLES: Final = "samples"
"""The mark of positions along the samples of a batch."""
MOST_STEPS: Final = 200
"""So many values are looked at on the way back from one."""
CUT_ANEW: Final = frozenset({"squeeze", "unsqueeze", "view", "reshape", "flatten", "ravel", "float"})


def _certain(cx: Context, a: DimLike, b: DimLike) -> bool:
    return eq(cx.resolve(a), cx.resolve(b), cx.facts).is_yes


def _other(cx: Context, a: DimLike, b: DimLike) -> bool:
    return eq(cx.resolve(a), cx.resolve(b), cx.facts).is_no


# -- axes that are read as others -------------------------------------------------------------------------------------


def note_sequence(cx: Context, taker: str, module: Value, x: Array, batch_first: bool | None) -> None:
    """A module that reads (time, batch, features), or with ``batch_first`` (batch, time, features), is given the other."""
    if batch_first is None or x.roles is None or x.shape is None or len(x.shape) != 3:
        return
    batch = 0 if x.roles[0] == "batch" else 1 if x.roles[:2] == ("time", "batch") else None
    reads = 0 if batch_first else 1
    if batch is None or batch == reads or not _other(cx, x.shape[1 - batch], 1):
        return
    from foreshape.faults.batch_time_swapped import BatchTimeSwapped

    cx.note(BatchTimeSwapped(None, values=(x, module), taker=taker, got=x.shape, batch=batch, reads=reads))


def note_index(cx: Context, x: Array, parts: SequenceOf[Any]) -> None:
    """``-1`` on the batch axis of what a recurrent module gave, or on the time axis of padded sequences."""
    if x.roles is None or x.shape is None or len(x.shape) != 3 or len(parts) > 3:
        return
    if not all(part is Ellipsis or part == -1 or part == slice(None) for part in parts) or list(parts).count(-1) != 1:
        return
    at = list(parts).index(-1)
    axis = at - len(parts) + 3 if Ellipsis in parts[:at] else at
    if x.roles[axis] == "time":
        _note_padding(cx, x, axis)
    if x.roles[axis] != "batch" or x.roles[2] != "feature" or not _other(cx, x.shape[axis], 1):
        return
    if x.roles[1 - axis] not in ("time", "layer"):
        return
    from foreshape.faults.batch_element_taken import BatchElementTaken

    what = "state" if "layer" in x.roles else "output"
    cx.note(BatchElementTaken(None, values=(x,), what=what, got=x.shape, axis=axis, meant=1 - axis))


def _note_padding(cx: Context, x: Array, axis: int) -> None:
    assert x.shape is not None
    padded = _ancestor(x, "padded")
    if padded is None:
        return
    from foreshape.faults.padded_last_step import PaddedLastStep

    cx.note(PaddedLastStep(None, values=(x, padded), got=x.shape, axis=axis, padder=str(padded.meta["padded"])))


def _ancestor(x: Array, key: str) -> Array | None:
    """The nearest tensor with this mark among those that a tensor was made from."""
    waiting: list[Value] = [x]
    seen: set[int] = set()
    while waiting and len(seen) < MOST_STEPS:
        value = waiting.pop(0)
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, Array) and key in value.meta:
            return value
        if value.origin is not None:
            waiting.extend(value.origin.inputs)
    return None


# -- reshapes ---------------------------------------------------------------------------------------------------------


def note_reshape(cx: Context, x: Array, after: Shape) -> None:
    """A reshape that has one of the axes of ``x`` at another place, where the elements of different rows stand."""
    before = x.shape
    if before is None or x.data is not None or _padded_on_purpose(x):
        return
    moved = moved_axis([cx.resolve(size) for size in before], [cx.resolve(size) for size in after])
    moved = moved or _batch_to_front(cx, x, before, after)
    if moved is None:
        return
    from foreshape.faults.reshape_mixes_axes import ReshapeMixesAxes

    source, target = moved
    cx.note(
        ReshapeMixesAxes(
            None, values=(x,), before=before, after=after, size=before[source], source=source, target=target
        )
    )


def _padded_on_purpose(x: Array) -> bool:
    """A column of zeros in front, cut off again in another order: how relative positions are shifted in attention."""
    for _ in range(4):
        origin = x.origin
        name = _called(origin.node) if origin is not None else None
        if origin is None or name in ("pad", "ConstantPad2d", "ZeroPad2d"):
            return origin is not None
        if name in ("cat", "concat", "concatenate"):
            listed = next((one for one in origin.inputs if isinstance(one, Sequence)), None)
            parts = (listed.contents.items(8) or ()) if listed is not None else ()
            return any(isinstance(part, Array) and part.lo == 0 == part.hi for part in parts)
        before = next((one for one in origin.inputs if isinstance(one, Array)), None)
        if before is None or not (name in CUT_ANEW or isinstance(origin.node, ast.Subscript)):
            return False
        x = before
    return False


def _called(node: object) -> str | None:
    """The last name of what a call calls."""
    func = node.func if isinstance(node, ast.Call) else None
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else None


def _batch_to_front(cx: Context, x: Array, before: Shape, after: Shape) -> tuple[int, int] | None:
    """The samples, which stand after the layers or the timesteps, are to be the first axis: ``h.view(batch, -1)`` of the
    states of both directions. With a single layer, timestep or sample nothing is mixed."""
    if (
        x.roles is None
        or x.roles[:2] not in (("layer", "batch"), ("time", "batch"))
        or len(before) != 3
        or len(after) < 2
    ):
        return None
    wanted = _certain(cx, before[1], after[0]) and _other(cx, before[0], after[0])
    return (1, 0) if wanted and _other(cx, before[0], 1) and _other(cx, before[1], 1) else None


# -- softmax and losses -----------------------------------------------------------------------------------------------


def note_softmax(cx: Context, taker: str, x: Array, axis: int, implicit: bool) -> None:
    """A softmax over the samples of a batch; without ``dim``, over the first of three axes."""
    if x.shape is None or not 2 <= len(x.shape) <= 4 or not _other(cx, x.shape[axis], 1):
        return
    batch = x.roles is not None and x.roles[axis] == "batch"
    if not batch and not (implicit and len(x.shape) == 3):
        return
    from foreshape.faults.softmax_axis import SoftmaxAxis

    cx.note(SoftmaxAxis(None, values=(x,), taker=taker, axis=axis, got=x.shape, implicit=implicit))


def note_probabilities(cx: Context, loss: str, scores: Array, labels: Array) -> None:
    """A loss that applies a softmax or sigmoid itself is given the output of one; one that wants logarithms, probabilities."""
    source = _reshaped_from(scores)
    held = source.meta.get("softmax")
    given, wants = None, "scores"
    if held is not None and held[2] == scores.shape and loss in ("cross_entropy", "nll_loss", "kl_div"):
        if held[0] == "softmax":
            given = "softmax"
            wants = "scores" if loss == "cross_entropy" else "log-probabilities"
    elif "sigmoid" in source.meta and loss == "binary_cross_entropy_with_logits":
        given = "sigmoid"
    if held is not None and held[1] == 0 and scores.shape is not None and len(scores.shape) == 2:
        _note_over_samples(cx, scores, source, held[0], labels)
    if given is None:
        return
    from foreshape.faults.softmax_before_loss import SoftmaxBeforeLoss

    cx.note(SoftmaxBeforeLoss(None, values=(scores, labels), loss=loss, given=given, wants=wants))


def _note_over_samples(cx: Context, scores: Array, source: Array, taker: str, labels: Array) -> None:
    """A softmax whose axis the loss reads as the samples, where nothing said so before."""
    shape = scores.shape
    if shape is None or labels.shape is None or len(labels.shape) != 1 or scores is not source:
        return
    if (scores.roles is not None and scores.roles[0] == "batch") or not _other(cx, shape[0], 1):
        return
    from foreshape.faults.softmax_axis import SoftmaxAxis

    cx.note(SoftmaxAxis(None, values=(scores, labels), taker=taker, axis=0, got=shape, implicit=False))


def _reshaped_from(x: Array) -> Array:
    """What a tensor was before its axes were cut anew: ``torch.sigmoid(z).squeeze(1)``."""
    for _ in range(4):
        method = _called(x.origin.node) if x.origin is not None else None
        before = (
            next((one for one in x.origin.inputs if isinstance(one, Array)), None) if x.origin is not None else None
        )
        if method not in CUT_ANEW or before is None or before.kind != "torch":
            break
        x = before
    return x


# -- positions --------------------------------------------------------------------------------------------------------


def positions_added(cx: Context, left: Value, right: Value, made: Value) -> Value:
    """``x + table[:x.size(0)]`` with a table of (length, 1, features): the first axis of ``x`` is meant to be time."""
    if not (isinstance(left, Array) and isinstance(right, Array) and isinstance(made, Array)):
        return made
    x, table = (left, right) if _is_table(right) else (right, left)
    if not _is_table(table) or x.shape is None or table.shape is None or len(x.shape) != 3 or made.shape is None:
        return made
    if table.shape[1] != 1 or not _certain(cx, table.shape[0], x.shape[0]) or not _other(cx, x.shape[1], 1):
        return made
    if x.roles is not None and x.roles[0] == "batch":
        from foreshape.faults.positions_along_batch import PositionsAlongBatch

        cx.note(PositionsAlongBatch(None, values=(x, table), got=x.shape, table=table.shape, batch=0))
        return made
    if x.roles is None or x.roles[:2] == (None, None):
        last = x.roles[2] if x.roles is not None else None
        return made.replace(roles=("time", "batch", last))
    return made


def _is_table(value: Value) -> bool:
    """Whether it is the beginning of a longer table with an axis of one in the middle."""
    if not isinstance(value, Array) or value.shape is None or len(value.shape) != 3 or value.origin is None:
        return False
    node = value.origin.node
    if not isinstance(node, ast.Subscript):
        return False
    index = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) and node.slice.elts else node.slice
    if not isinstance(index, ast.Slice) or index.lower is not None or index.upper is None:
        return False
    whole = value.origin.inputs[0] if value.origin.inputs else None
    return isinstance(whole, Array) and whole.shape is not None and len(whole.shape) == 3 and whole.shape[1] == 1


# -- positions of the largest score ------------------------------------------------------------------------------------


def positions_meta(cx: Context, taker: str, x: Array, axes: SequenceOf[int] | None) -> dict[str, Any]:
    """A mark for positions that stand for samples: ``argmax(0)`` of scores (batch, classes)."""
    if x.roles is None or x.shape is None or len(x.shape) != 2 or x.roles[0] != "batch" or tuple(axes or ()) != (0,):
        return {}
    return {SAMPLES: (taker, x)} if _other(cx, x.shape[0], 1) and _other(cx, x.shape[1], 1) else {}


def note_compared(cx: Context, left: Array, right: Array) -> None:
    """Positions of samples are compared with labels."""
    marked, other = (left, right) if SAMPLES in left.meta else (right, left)
    if SAMPLES not in marked.meta or SAMPLES in other.meta or other.shape is None or len(other.shape) != 1:
        return
    from foreshape.faults.argmax_axis import ArgmaxAxis

    taker, scores = marked.meta[SAMPLES]
    cx.note(ArgmaxAxis(None, values=(marked, scores, other), taker=taker, got=scores.shape))
