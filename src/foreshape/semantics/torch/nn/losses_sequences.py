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
from foreshape.faults.unsupported_data import UnsupportedData
from foreshape.semantics.registry import rule
from foreshape.semantics.torch.nn.base import FALSE, ZERO, follows
from foreshape.semantics.torch.nn.demands import MEAN
from foreshape.semantics.torch.nn.losses_common import DOC, reduced, reduction_of
from foreshape.semantics.torch.support import (
    error,
    invalid,
    is_integral,
    not_implemented,
    numbers,
    python_type,
    required,
    wrong_dtype,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

NAME: Final = "ctc_loss"
WHILE: Final = "(while checking arguments for ctc_loss_allocate_outputs)"
TARGETS: Final = f"for argument #2 'targets' {WHILE}"


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
    _check_kinds(cx, lengths, labels)
    shape = x.shape
    if len(shape) not in (2, 3):
        rank = len(shape) + 1 if len(shape) != 3 else 3
        message = (
            f"Expected 3-dimensional tensor, but got {rank}-dimensional tensor for argument #1 'log_probs' {WHILE}"
        )
        raise RankMismatch(
            error(cx, "RuntimeError", message), values=(x,), taker=NAME, needs=3,
            axes=("timesteps", "batch", "classes"), got=shape,
        )  # fmt: skip
    if x.dtype is not None and x.dtype not in ("float32", "float64"):
        raise not_implemented(cx, "ctc_loss_cpu", x, NAME)
    batched = len(shape) == 3
    batch: DimLike = shape[1] if batched else 1
    made = reduced(cx, how, (batch,) if batched else (), x.dtype, x, y, roles=("batch",) if batched else None)
    _check_sizes(cx, x, y, lengths, labels, batch, as_int(blank))
    return made


def _check_kinds(cx: Context, lengths: Lengths, labels: Lengths) -> None:
    """Both are tensors of integers, or both tuples or lists."""
    first, second = lengths.value, labels.value
    kinds = {isinstance(one, Array) for one in (first, second) if isinstance(one, (Array, Sequence))}
    if len(kinds) == 2:
        names = f"{python_type(first)}, {python_type(second)}"
        message = (
            f"ctc_loss() received an invalid combination of arguments - got (Tensor, Tensor, {names}, int, int, bool)"
        )
        odd = second if isinstance(first, Array) else first
        given = f"{python_type(first)} and {python_type(second)}"
        raise UnsupportedData(error(cx, "TypeError", message), values=(odd,), taker=NAME, given=given)
    for one, name in ((first, "input_lengths"), (second, "target_lengths")):
        if isinstance(one, Array) and one.dtype is not None and not is_integral(one.dtype):
            raise wrong_dtype(cx, "RuntimeError", f"{name} must be integral", NAME, one, wanted="int64")


def _check_sizes(
    cx: Context, x: Array, y: Array, lengths: Lengths, labels: Lengths, batch: DimLike, blank: int | None
) -> None:
    shape, target = x.shape or (), y.shape or ()
    if len(target) > 2:
        message = (
            f"Expected 1 to 2 dimensions, but got {len(target)}-dimensional tensor for argument #2 'targets' {WHILE}"
        )
        raise RankMismatch(
            error(cx, "RuntimeError", message), values=(y,), taker="targets of ctc_loss", needs=2, got=target
        )
    if blank is not None and (blank < 0 or not cx.at_least(shape[-1] - 1, blank)):
        raise invalid(cx, "RuntimeError", "blank must be in label range", "blank", blank, x)
    for one, name in ((lengths, "input_lengths"), (labels, "target_lengths")):
        if one.count is not None and not cx.equal(one.count, batch):
            raise _fault(cx, f"{name} must be of size batch_size", y, x)
    known = labels.known
    if len(target) == 1 and len(shape) == 3 and known is not None and not cx.equal(sum(known), target[0]):
        message = f"Expected tensor to have size {sum(known)} at dimension 0, but got size {target[0]} {TARGETS}"
        raise _fault(cx, message, y, x)
    if len(target) == 2:
        if not cx.equal(target[0], batch):
            message = f"Expected tensor to have size {batch} at dimension 0, but got size {target[0]} {TARGETS}"
            raise _fault(cx, message, y, x)
        if known and not cx.at_least(target[1], max(known)):
            message = (
                f"Expected tensor to have size at least {max(known)} at dimension 1, but got size {target[1]} {TARGETS}"
            )
            raise _fault(cx, message, y, x)
    longest = next((one for one in lengths.known or () if not cx.at_least(shape[0], one)), None)
    if longest is not None:
        message = f"Expected input_lengths to have value at most {shape[0]}, but got value {longest} {WHILE}"
        raise _fault(cx, message, y, x)


def _fault(cx: Context, message: str, labels: Array, predictions: Array) -> LabelShape:
    return LabelShape(
        error(cx, "RuntimeError", message), values=(labels, predictions), loss=NAME, labels=labels.shape or (),
        predictions=predictions.shape or (),
    )  # fmt: skip
