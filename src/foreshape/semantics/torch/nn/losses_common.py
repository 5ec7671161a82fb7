"""What all losses share: reductions, shapes that are compared, labels that count classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.dim import Dim, DimLike, eq, variables
from foreshape.domain.values import Array, Const, Shape, Value, as_str
from foreshape.faults.label_shape import LabelShape
from foreshape.faults.silent_loss_broadcast import SilentLossBroadcast
from foreshape.semantics.shared.broadcast import broadcast_shapes
from foreshape.semantics.torch.nn.demands import asked_for, surely_plain
from foreshape.semantics.torch.support import broadcast, error, flag, given, invalid, result_dtype, tensor

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

DOC: Final = "https://docs.pytorch.org/docs/stable/generated/torch.nn."
REDUCTIONS: Final = ("none", "mean", "sum")


# -- reductions -------------------------------------------------------------------------------------------------------


def reduction_of(
    cx: Context,
    reduction: Value,
    size_average: Value | None = None,
    reduce: Value | None = None,
    message: str = "{} is not a valid value for reduction",
) -> str | None:
    """ "mean", "sum", "none"; None where it is not known. The two old flags win where they are given."""
    if given(size_average) or given(reduce):
        for old in (size_average, reduce):
            _check_truth(cx, old)
        averaged, reduced_ = flag(size_average, True), flag(reduce, True)
        if reduced_ is None or (reduced_ and averaged is None):
            return None
        return "none" if not reduced_ else "mean" if averaged else "sum"
    name = as_str(reduction)
    if name == "elementwise_mean":
        return "mean"
    if name not in REDUCTIONS and surely_plain(reduction) and isinstance(reduction, Const):
        raise invalid(cx, "ValueError", message.format(reduction.value), "reduction", repr(reduction.value))
    return name


def _check_truth(cx: Context, old: Value | None) -> None:
    """``nn.MSELoss(predictions, labels)`` hands tensors to the constructor, where flags stand."""
    if not isinstance(old, Array) or old.shape is None or single(old.shape):
        return
    from foreshape.faults.ambiguous_truth import AmbiguousTruth

    if all(isinstance(size, int) for size in old.shape):
        message = "Boolean value of Tensor with more than one value is ambiguous"
        raise AmbiguousTruth(error(cx, "RuntimeError", message), values=(old,), shape=old.shape)


def reduced(
    cx: Context,
    reduction: str | None,
    shape: Shape | None,
    dtype: str | None,
    *sources: Value | None,
    roles: tuple[str | None, ...] | None = None,
) -> Array:
    """The loss: a scalar, or one number per place with "none"."""
    if reduction in ("mean", "sum"):
        return tensor(cx, (), dtype, *sources)
    return tensor(cx, shape if reduction == "none" else None, dtype, *sources, roles=roles)


# -- arguments --------------------------------------------------------------------------------------------------------


def tensors(cx: Context, loss: str, *values: Value, attribute: str = "size") -> tuple[Array | None, ...]:
    """The tensors among the arguments; AttributeError for what has no ``size()``."""
    return tuple(asked_for(cx, value, loss, attribute) for value in values)


def shapes_of(*arrays: Array | None) -> bool:
    """Whether every shape is known."""
    return all(array is not None and array.shape is not None for array in arrays)


def same_shape(cx: Context, a: Shape, b: Shape) -> bool:
    """Whether two shapes may be the same; learnt where that depends."""
    return len(a) == len(b) and all(cx.equal(x, y) for x, y in zip(a, b))


def mismatch(
    cx: Context, exception: str, message: str, loss: str, labels: Array, predictions: Array, hint: str = "",
    recover: Value | None = None,
) -> LabelShape:  # fmt: skip
    """The fault for labels of a shape that a loss cannot compare."""
    return LabelShape(
        error(cx, exception, message), values=(labels, predictions), recover=recover, loss=loss,
        labels=labels.shape or (), predictions=predictions.shape or (), hint=hint,
    )  # fmt: skip


def promoted(cx: Context, *arrays: Array) -> str | None:
    """The dtype that they are computed in."""
    return result_dtype(cx, *arrays)


def together(cx: Context, loss: str, *arrays: Array) -> Shape | None:
    """The shape of tensors that are combined element by element, as a comparison of labels that failed where they do not."""
    from foreshape.faults.broadcast_mismatch import BroadcastMismatch

    try:
        return broadcast(cx, loss, *arrays)
    except BroadcastMismatch as fault:
        labels, predictions = (arrays[1], arrays[0]) if len(arrays) > 1 else (arrays[0], arrays[0])
        raises = fault.raises
        raise LabelShape(
            raises, values=(labels, predictions), loss=loss, labels=labels.shape or (),
            predictions=predictions.shape or (),
        ) from None  # fmt: skip


# -- silent broadcasting ----------------------------------------------------------------------------------------------


def note_broadcast(cx: Context, loss: str, predictions: Array, labels: Array) -> None:
    """Labels of another shape are stretched: PyTorch only warns."""
    a, b = labels.shape, predictions.shape
    if a is None or b is None or not stretched(cx, a, b):
        return
    result = broadcast_shapes(a, b, facts=cx.facts).shape
    cx.note(
        SilentLossBroadcast(
            None, values=(labels, predictions), loss=loss, labels=a, predictions=b, result=tuple(result)
        )
    )


def stretched(cx: Context, a: Shape, b: Shape) -> bool:
    """Whether one of the shapes is certainly stretched, and not just a single number compared with all."""
    if single(a) or single(b):
        return False
    rank = max(len(a), len(b))
    left = (1,) * (rank - len(a)) + tuple(a)
    right = (1,) * (rank - len(b)) + tuple(b)
    return any(
        _is_one(cx, x) != _is_one(cx, y) and None not in (_is_one(cx, x), _is_one(cx, y)) for x, y in zip(left, right)
    )


def single(shape: Shape) -> bool:
    """Whether it is one number."""
    return all(isinstance(size, int) and size == 1 for size in shape)


def _is_one(cx: Context, size: DimLike) -> bool | None:
    size = cx.resolve(size)
    truth = eq(size, 1, cx.facts)
    if truth.is_unknown and isinstance(size, Dim) and any(one.varying for one in variables(size)):
        return False  # the size of a batch is now this, now that
    return True if truth.is_yes else False if truth.is_no else None


# -- labels that count classes ----------------------------------------------------------------------------------------


def bad_label(cx: Context, labels: Array, classes: DimLike, ignored: int | None) -> DimLike | float | None:
    """A label below 0 or from ``classes`` on that the array holds, as far as is known."""
    from foreshape.semantics.shared.ranges import negative, reached

    if labels.shape is not None and any(isinstance(size, int) and size == 0 for size in labels.shape):
        return None
    data = labels.data
    if data and all(isinstance(item, (int, float)) for item in data):
        if not isinstance(classes, int):
            return None
        return next((item for item in data if item != ignored and not 0 <= item < classes), None)
    if ignored is not None and labels.lo == labels.hi and labels.lo == ignored:
        return None
    found = reached(cx, labels, classes)
    if found is None or found == ignored:
        found = negative(labels)
    return None if found is not None and found == ignored else found
