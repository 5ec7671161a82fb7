"""Losses over pairs and triples, and margins per element: ``cosine_embedding_loss``, ``margin_ranking_loss``,
``triplet_margin_loss``, ``hinge_embedding_loss``, ``soft_margin_loss``, ``multilabel_soft_margin_loss``.

Follows ``torch/nn/functional.py`` and ``aten/src/ATen/native/Loss.cpp``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import Array, Value, is_none
from foreshape.faults.rank_mismatch import RankMismatch
from foreshape.semantics.registry import rule
from foreshape.semantics.torch.nn.base import FALSE, follows
from foreshape.semantics.torch.nn.demands import E_6, MEAN, NOUGHT, TWO_F, UNIT, asked_for, number, size_text
from foreshape.semantics.torch.nn.losses_common import (
    DOC,
    mismatch,
    note_broadcast,
    promoted,
    reduced,
    reduction_of,
    same_shape,
    together,
)
from foreshape.semantics.torch.support import (
    error,
    float_result,
    given,
    invalid,
    real_dtype,
    required,
    shown,
    tensor,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


# -- per element ------------------------------------------------------------------------------------------------------


@rule("torch.nn.functional.hinge_embedding_loss", doc=f"{DOC}functional.hinge_embedding_loss.html")
def hinge_embedding_loss(
    cx: Context, input: Value, target: Value, margin: Value = UNIT, size_average: Value | None = None,
    reduce: Value | None = None, reduction: Value = MEAN,
) -> Value:  # fmt: skip
    """Distances against targets of 1 or -1; they are broadcast against each other."""
    how = reduction_of(cx, reduction, size_average, reduce)
    x = required(cx, input, "hinge_embedding_loss", "input", 1)
    y = required(cx, target, "hinge_embedding_loss", "target", 2)
    if x is None or y is None:
        return follows(cx, input, target)
    shape = together(cx, "hinge_embedding_loss", y, x)
    note_broadcast(cx, "hinge_embedding_loss", x, y)
    return reduced(cx, how, shape, promoted(cx, x, y), x, y, roles=x.roles if x.shape == shape else None)


@rule("torch.nn.functional.soft_margin_loss", doc=f"{DOC}functional.soft_margin_loss.html")
def soft_margin_loss(
    cx: Context, input: Value, target: Value, size_average: Value | None = None, reduce: Value | None = None,
    reduction: Value = MEAN,
) -> Value:  # fmt: skip
    """Scores against targets of 1 or -1, stretched to the shape of the scores."""
    how = reduction_of(cx, reduction, size_average, reduce)
    x = required(cx, input, "soft_margin_loss", "input", 1)
    y = required(cx, target, "soft_margin_loss", "target", 2)
    if x is None or y is None:
        return follows(cx, input, target)
    shape = together(cx, "soft_margin_loss", x, y)
    if shape is not None and x.shape is not None and not same_shape(cx, shape, x.shape):
        message = f"output with shape {shown(x.shape)} doesn't match the broadcast shape {shown(shape)}"
        raise mismatch(cx, "RuntimeError", message, "soft_margin_loss", y, x)
    note_broadcast(cx, "soft_margin_loss", x, y)
    return reduced(cx, how, shape, promoted(cx, x, y), x, y, roles=x.roles)


@rule("torch.nn.functional.multilabel_soft_margin_loss", doc=f"{DOC}functional.multilabel_soft_margin_loss.html")
def multilabel_soft_margin_loss(
    cx: Context, input: Value, target: Value, weight: Value | None = None, size_average: Value | None = None,
    reduce: Value | None = None, reduction: Value = MEAN,
) -> Value:  # fmt: skip
    """Scores (batch, classes) against targets of 0 or 1 of the same shape: one loss per sample."""
    x, y = required(cx, input, "log_sigmoid", "input", 1), target if isinstance(target, Array) else None
    if x is None or y is None or x.shape is None:
        return follows(cx, input, target)
    name = "multilabel_soft_margin_loss"
    shape = together(cx, name, y, x)
    note_broadcast(cx, name, x, y)
    dtype = promoted(cx, x, y)
    held = weight if given(weight) and isinstance(weight, Array) else None
    if held is not None and shape is not None:
        whole = tensor(cx, shape, dtype, x, y)
        whole.origin = x.origin
        shape = together(cx, name, whole, held)
        dtype = promoted(cx, whole, held)
    how = reduction_of(cx, reduction, size_average, reduce, "{} is not valid")
    axis = len(x.shape) - 1
    rest = None if shape is None or not x.shape else shape[:axis] + shape[axis + 1 :]
    return reduced(cx, how, rest, dtype, x, y, held, roles=x.roles[:-1] if x.roles else None)


# -- pairs ------------------------------------------------------------------------------------------------------------


@rule("torch.nn.functional.cosine_embedding_loss", doc=f"{DOC}functional.cosine_embedding_loss.html")
def cosine_embedding_loss(
    cx: Context, input1: Value, input2: Value, target: Value, margin: Value = NOUGHT, size_average: Value | None = None,
    reduce: Value | None = None, reduction: Value = MEAN,
) -> Value:  # fmt: skip
    """(batch, features) twice and (batch,), or (features,) twice and a single target."""
    how = reduction_of(cx, reduction, size_average, reduce)
    name = "cosine_embedding_loss"
    a = required(cx, input1, name, "input1", 1)
    b = required(cx, input2, name, "input2", 2)
    y = required(cx, target, name, "target", 3)
    if a is None or b is None or y is None:
        return follows(cx, input1, input2, target)
    if a.shape is None or b.shape is None or y.shape is None:
        return reduced(cx, how, None, float_result(cx, promoted(cx, a, b)), a, b, y)
    rank = len(y.shape)
    if rank > 1:
        message = "0D or 1D target tensor expected, multi-target not supported"
        raise mismatch(cx, "RuntimeError", message, name, y, a)
    if len(a.shape) != rank + 1 or len(b.shape) != rank + 1:
        message = (
            f"{rank}D target tensor expects {rank + 1}D input tensors, but found inputs with sizes {shown(a.shape)} and "
            f"{shown(b.shape)}."
        )
        raise mismatch(cx, "RuntimeError", message, name, y, a)
    shape = together(cx, name, a, b) or ()
    rows = tensor(cx, shape[:-1], promoted(cx, a, b), a, b)
    rows.origin = a.origin
    out = together(cx, name, y, rows)
    return reduced(cx, how, out, float_result(cx, promoted(cx, a, b)), a, b, y)


@rule("torch.nn.functional.margin_ranking_loss", doc=f"{DOC}functional.margin_ranking_loss.html")
def margin_ranking_loss(
    cx: Context, input1: Value, input2: Value, target: Value, margin: Value = NOUGHT, size_average: Value | None = None,
    reduce: Value | None = None, reduction: Value = MEAN,
) -> Value:  # fmt: skip
    """Two scores and a target of 1 or -1 each; all of the same rank."""
    name = "margin_ranking_loss"
    how = reduction_of(cx, reduction, size_average, reduce)
    a, b, y = (asked_for(cx, value, name) for value in (input1, input2, target))
    if a is None or b is None or y is None:
        return follows(cx, input1, input2, target)
    if a.shape is None or b.shape is None or y.shape is None:
        return reduced(cx, how, None, float_result(cx, promoted(cx, a, b, y)), a, b, y)
    if len(a.shape) != len(b.shape) or len(a.shape) != len(y.shape):
        message = (
            "margin_ranking_loss : All input tensors should have same dimension but got sizes: input1: "
            f"{size_text(a.shape)}, input2: {size_text(b.shape)}, target: {size_text(y.shape)} "
        )
        raise mismatch(cx, "RuntimeError", message, name, y, a)
    shape = together(cx, name, a, b) or ()
    difference = tensor(cx, shape, promoted(cx, a, b), a, b)
    difference.origin = a.origin
    out = together(cx, name, y, difference)
    return reduced(cx, how, out, float_result(cx, promoted(cx, a, b, y)), a, b, y)


# -- triples ----------------------------------------------------------------------------------------------------------


def _ranks(cx: Context, name: str, *arrays: Array) -> None:
    ranks = [len(array.shape or ()) for array in arrays]
    if len(set(ranks)) > 1:
        message = (
            "The anchor, positive, and negative tensors are expected to have the same number of dimensions, but got: "
            f"anchor {ranks[0]}D, positive {ranks[1]}D, and negative {ranks[2]}D inputs"
        )
        odd = next(array for array in arrays if len(array.shape or ()) != ranks[0])
        raise RankMismatch(
            error(cx, "RuntimeError", message), values=(odd, *arrays), taker=name, needs=ranks[0], got=odd.shape or ()
        )


def _distance(cx: Context, name: str, a: Array, b: Array) -> Array:
    """``pairwise_distance``: the last axis goes."""
    shape = together(cx, name, a, b) or ()
    made = tensor(cx, shape[:-1], real_dtype(float_result(cx, promoted(cx, a, b))), a, b)
    made.origin = a.origin
    return made


def _check_margin(cx: Context, margin: Value) -> None:
    known = number(margin)
    if known is not None and known <= 0 and cx.targets.at_least("torch", "2.4"):
        message = f"margin must be greater than 0, got {known}"
        raise invalid(cx, "ValueError", message, "margin", known)


@rule("torch.nn.functional.triplet_margin_loss", doc=f"{DOC}functional.triplet_margin_loss.html")
def triplet_margin_loss(
    cx: Context, anchor: Value, positive: Value, negative: Value, margin: Value = UNIT, p: Value = TWO_F,
    eps: Value = E_6, swap: Value = FALSE, size_average: Value | None = None, reduce: Value | None = None,
    reduction: Value = MEAN,
) -> Value:  # fmt: skip
    """(batch, features) three times: one loss per sample."""
    name = "triplet_margin_loss"
    how = reduction_of(cx, reduction, size_average, reduce)
    _check_margin(cx, margin)
    arrays = [required(cx, value, name, key, place + 1) for place, (key, value) in enumerate(
        (("anchor", anchor), ("positive", positive), ("negative", negative))
    )]  # fmt: skip
    found = [array for array in arrays if array is not None]
    if len(found) < 3:
        return follows(cx, anchor, positive, negative)
    if any(array.shape is None for array in found):
        return reduced(cx, how, None, None, *found)
    _ranks(cx, name, *found)
    return _triples(cx, name, found, how)


def _triples(cx: Context, name: str, found: list[Array], how: str | None) -> Value:
    first = _distance(cx, name, found[0], found[1])
    second = _distance(cx, name, found[0], found[2])
    shape = together(cx, name, first, second)
    dtype = promoted(cx, first, second)
    roles = found[0].roles[:-1] if found[0].roles else None
    return reduced(cx, how, shape, dtype, *found, roles=roles)


@rule(
    "torch.nn.functional.triplet_margin_with_distance_loss",
    doc=f"{DOC}functional.triplet_margin_with_distance_loss.html",
)
def triplet_margin_with_distance_loss(
    cx: Context, anchor: Value, positive: Value, negative: Value, *, distance_function: Value | None = None,
    margin: Value = UNIT, swap: Value = FALSE, reduction: Value = MEAN,
) -> Value:  # fmt: skip
    """As ``triplet_margin_loss``, with any function of two tensors as the distance."""
    name = "triplet_margin_with_distance_loss"
    how = reduction_of(cx, reduction)
    _check_margin(cx, margin)
    found = [value for value in (anchor, positive, negative) if isinstance(value, Array) and value.shape is not None]
    if len(found) < 3:
        return follows(cx, anchor, positive, negative)
    _ranks(cx, name, *found)
    if is_none(distance_function) or distance_function is None:
        return _triples(cx, name, found, how)
    first = cx.call(distance_function, (anchor, positive))
    second = cx.call(distance_function, (anchor, negative))
    if not isinstance(first, Array) or not isinstance(second, Array):
        return follows(cx, first, second)
    return reduced(cx, how, together(cx, name, first, second), promoted(cx, first, second), first, second)
