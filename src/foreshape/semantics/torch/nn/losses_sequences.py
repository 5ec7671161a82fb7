"""``ctc_loss``: scores per timestep against labels of another length.

Follows ``aten/src/ATen/native/LossCTC.cpp``. (time, batch, classes) or (time, classes); targets are (batch, longest) or all
labels one behind the other, with a length per sample for both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Sequence, Value, as_dim, as_int
from foreshape.faults.label_shape import LabelShape
from foreshape.faults.rank_mismatch import RankMismatch
from foreshape.semantics.registry import rule
from foreshape.semantics.torch.nn.base import FALSE, ZERO, follows
from foreshape.semantics.torch.nn.demands import MEAN
from foreshape.semantics.torch.nn.losses_common import DOC, reduced, reduction_of
from foreshape.semantics.torch.support import (
    error,
    invalid,
    is_floating,
    is_integral,
    not_implemented,
    numbers,
    required,
    scalar_name,
    wrong_dtype,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

NAME: Final = "ctc_loss"


class Lengths:
    """``input_lengths`` or ``target_lengths``."""

    __slots__ = ("count", "known", "value")

    def __init__(self, value: Value, count: DimLike | None, known: tuple[int, ...] | None) -> None:
        self.value = value
        self.count = count
        self.known = known


def _lengths(value: Value) -> Lengths:
    if isinstance(value, Array) and value.kind == "torch":
        count: DimLike | None = None
        if value.shape is not None:
            count = 1 if not value.shape else value.shape[0]
        data = value.data
        if (
            data is None
            and isinstance(value.lo, int)
            and value.lo == value.hi
            and isinstance(count, int)
            and count < 4096
        ):
            data = (value.lo,) * count
        known = tuple(int(item) for item in data) if data and numbers(data) and _plain(data) else None
        return Lengths(value, count, known)
    if isinstance(value, Sequence):
        items = value.contents.items(4096)
        sizes = None if items is None else tuple(as_int(item) for item in items)
        known = None if sizes is None or None in sizes else tuple(size for size in sizes if size is not None)
        return Lengths(value, value.contents.length, known)
    return Lengths(value, None, None)


def _plain(data: tuple[object, ...]) -> bool:
    return all(isinstance(item, (int, float)) for item in data)


@rule("torch.nn.functional.ctc_loss", "torch.ctc_loss", doc=f"{DOC}functional.ctc_loss.html")
def ctc_loss(
    cx: Context, log_probs: Value, targets: Value, input_lengths: Value, target_lengths: Value, blank: Value = ZERO,
    reduction: Value = MEAN, zero_infinity: Value = FALSE,
) -> Value:  # fmt: skip
    """One loss per sample."""
    how = None if as_dim(reduction) is not None else reduction_of(cx, reduction)
    x = required(cx, log_probs, NAME, "log_probs", 1)
    y = required(cx, targets, NAME, "targets", 2)
    if x is None or y is None:
        return follows(cx, log_probs, targets)
    if x.shape is None or y.shape is None:
        return reduced(cx, how, None, x.dtype, x, y)
    lengths, labels = _lengths(input_lengths), _lengths(target_lengths)
    for one in (lengths, labels):
        if isinstance(one.value, Array) and one.value.dtype is not None and not is_integral(one.value.dtype):
            name = "input_lengths" if one is lengths else "target_lengths"
            message = f"{name} must be integral"
            raise wrong_dtype(cx, "RuntimeError", message, NAME, one.value, wanted="int64")
    if x.dtype is not None and x.dtype not in ("float32", "float64"):
        if not is_floating(x.dtype) or x.dtype == "float16":
            raise not_implemented(cx, "ctc_loss_cpu", x, NAME)
    if y.dtype not in (None, "int64", "int32") and is_floating(y.dtype):
        message = f"Expected tensor to have scalar type Long or Int but got {scalar_name(y.dtype)}"
        raise wrong_dtype(cx, "RuntimeError", message, NAME, y, wanted="int64")
    return _checked(cx, x, y, lengths, labels, as_int(blank), how)


def _checked(
    cx: Context, x: Array, y: Array, lengths: Lengths, labels: Lengths, blank: int | None, how: str | None
) -> Value:
    shape = x.shape or ()
    if len(shape) not in (2, 3):
        message = "log_probs tensor must be 2-D or 3-D"
        raise RankMismatch(
            error(cx, "RuntimeError", message), values=(x,), taker=NAME, needs=3,
            axes=("timesteps", "batch", "classes"), got=shape,
        )  # fmt: skip
    time, classes = shape[0], shape[-1]
    batch: DimLike = shape[1] if len(shape) == 3 else 1
    if blank is not None and (blank < 0 or not cx.at_least(classes - 1, blank)):
        raise invalid(cx, "RuntimeError", "blank must be in label range", "blank", blank, x)
    for one, name in ((lengths, "input_lengths"), (labels, "target_lengths")):
        if one.count is not None and not cx.equal(one.count, batch):
            raise _fault(cx, f"{name} must be of size batch_size", y, x)
    return reduced(
        cx, how, (batch,) if len(shape) == 3 else (), x.dtype, x, y, roles=("batch",) if len(shape) == 3 else None
    ) if time is not None else follows(cx, x)  # fmt: skip


def _fault(cx: Context, message: str, labels: Array, predictions: Array) -> LabelShape:
    return LabelShape(
        error(cx, "RuntimeError", message), values=(labels, predictions), loss=NAME, labels=labels.shape or (),
        predictions=predictions.shape or (),
    )  # fmt: skip
