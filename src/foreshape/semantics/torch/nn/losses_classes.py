"""``cross_entropy``, ``nll_loss``, ``multi_margin_loss``, ``multilabel_margin_loss``: scores per class.

Follows ``aten/src/ATen/native/LossNLL.cpp`` and its neighbours. Scores are (batch, classes, ...) or (classes,); targets are
class numbers (batch, ...), or for ``cross_entropy`` probabilities of the very shape of the scores.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.dim import DimLike, eq
from foreshape.domain.values import Array, Const, Shape, Value, as_int
from foreshape.faults.label_range import LabelRange
from foreshape.faults.weights_shape import WeightsShape
from foreshape.semantics.registry import rule
from foreshape.semantics.torch.nn.base import ONE, follows
from foreshape.semantics.torch.nn.demands import IGNORED, MEAN, NOUGHT, UNIT, number
from foreshape.semantics.torch.nn.losses_common import (
    DOC,
    bad_label,
    mismatch,
    promoted,
    reduced,
    reduction_of,
    same_shape,
)
from foreshape.semantics.torch.recorded import UNFIT
from foreshape.semantics.torch.silent import note_probabilities
from foreshape.semantics.torch.support import (
    axis_in,
    error,
    invalid,
    is_floating,
    not_implemented,
    required,
    scalar_name,
    shown,
    wrong_dtype,
    wrong_rank,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


SINGLE: Final = "0D or 1D target tensor expected, multi-target not supported"


class Call:
    """One call of a loss over classes."""

    __slots__ = ("ignored", "name", "reduction", "scores", "target", "weight")

    def __init__(
        self, name: str, scores: Array, target: Array, weight: Array | None, reduction: str | None, ignored: int | None
    ) -> None:
        self.name = name
        self.scores = scores
        self.target = target
        self.weight = weight
        self.reduction = reduction
        self.ignored = ignored


# -- cross entropy ----------------------------------------------------------------------------------------------------


@rule("torch.nn.functional.cross_entropy", doc=f"{DOC}functional.cross_entropy.html")
def cross_entropy(
    cx: Context, input: Value, target: Value, weight: Value | None = None, size_average: Value | None = None,
    ignore_index: Value = IGNORED, reduce: Value | None = None, reduction: Value = MEAN,
    label_smoothing: Value = NOUGHT,
) -> Value:  # fmt: skip
    """``log_softmax`` over axis 1 and ``nll_loss``: scores go in, no softmax before."""
    how = reduction_of(cx, reduction, size_average, reduce)
    scores = required(cx, input, "cross_entropy_loss", "input", 1)
    labels = required(cx, target, "cross_entropy_loss", "target", 2)
    held = _weight(cx, weight, "cross_entropy_loss")
    if scores is None or labels is None:
        return follows(cx, input, target)
    ignored = as_int(ignore_index)
    call = Call("cross_entropy", scores, labels, held, how, ignored)
    if scores.shape is None or labels.shape is None:
        return reduced(cx, how, None, scores.dtype, scores, labels)
    note_probabilities(cx, "cross_entropy", scores, labels)
    if _may_be_same(cx, scores, labels):
        return _probabilities(cx, call, ignored)
    smoothing = number(label_smoothing)
    if smoothing is not None and smoothing > 1:
        message = f"label_smoothing must be between 0.0 and 1.0. Got: {smoothing}"
        raise invalid(cx, "RuntimeError", message, "label_smoothing", smoothing)
    _floating(cx, call)
    made = classes(cx, call)
    if smoothing and len(scores.shape) == 1 and len(labels.shape) == 1:
        message = "output with shape [] doesn't match the broadcast shape [1]"
        raise mismatch(cx, "RuntimeError", message, "cross_entropy", labels, scores)
    return made


def _may_be_same(cx: Context, scores: Array, labels: Array) -> bool:
    """Whether scores and target have the same shape; of integers only where that is certain."""
    a, b = scores.shape or (), labels.shape or ()
    if len(a) != len(b):
        return False
    truths = [eq(cx.resolve(x), cx.resolve(y), cx.facts) for x, y in zip(a, b)]
    if all(truth.is_yes for truth in truths):
        return True
    return is_floating(labels.dtype) and same_shape(cx, a, b)


def _floating(cx: Context, call: Call) -> None:
    """``log_softmax`` takes floats, along axis 1 (0 of a single row of scores)."""
    scores = call.scores
    if scores.shape is not None:
        axis_in(cx, call.name, 0 if len(scores.shape) == 1 else 1, len(scores.shape), scores)
    if scores.dtype is None or is_floating(scores.dtype):
        return
    last = scores.shape is not None and len(scores.shape) <= 2
    kernel = "log_softmax_lastdim_kernel_impl" if last else "log_softmax_kernel_impl"
    raise not_implemented(cx, kernel, scores, call.name)


def _probabilities(cx: Context, call: Call, ignored: int | None) -> Value:
    """A probability per class: the target has the shape of the scores."""
    scores, target = call.scores, call.target
    shape = scores.shape or ()
    if target.dtype is not None and not is_floating(target.dtype):
        message = f"Expected floating point type for target with class probabilities, got {scalar_name(target.dtype)}"
        raise wrong_dtype(cx, "RuntimeError", message, call.name, target, wanted=scores.dtype)
    if ignored is not None and ignored >= 0:
        message = "ignore_index is not supported for floating point target"
        raise invalid(cx, "RuntimeError", message, "ignore_index", ignored)
    axis = 0 if len(shape) == 1 else 1
    if not shape:
        message = "Dimension specified as 1 but tensor has no dimensions"
        raise mismatch(cx, "IndexError", message, call.name, target, scores)
    _floating(cx, call)
    if shape:
        _check_weight(cx, call, shape[axis], "cross_entropy: ")
    dtype = promoted(cx, *(one for one in (scores, target, call.weight) if one is not None))
    rest = shape[:axis] + shape[axis + 1 :]
    roles = scores.roles[:axis] + scores.roles[axis + 1 :] if scores.roles is not None else None
    return reduced(cx, call.reduction, rest, dtype, scores, target, call.weight, roles=roles)


# -- nll_loss ---------------------------------------------------------------------------------------------------------


@rule("torch.nn.functional.nll_loss", doc=f"{DOC}functional.nll_loss.html")
def nll_loss(
    cx: Context, input: Value, target: Value, weight: Value | None = None, size_average: Value | None = None,
    ignore_index: Value = IGNORED, reduce: Value | None = None, reduction: Value = MEAN,
) -> Value:  # fmt: skip
    """Minus the log-probability of the target's class."""
    how = reduction_of(cx, reduction, size_average, reduce)
    scores = required(cx, input, "nll_loss_nd", "input", 1)
    labels = required(cx, target, "nll_loss_nd", "target", 2)
    held = _weight(cx, weight, "nll_loss_nd")
    if scores is None or labels is None:
        return follows(cx, input, target)
    if scores.shape is None or labels.shape is None:
        return reduced(cx, how, None, scores.dtype, scores, labels)
    note_probabilities(cx, "nll_loss", scores, labels)
    return classes(cx, Call("nll_loss", scores, labels, held, how, as_int(ignore_index)))


def _weight(cx: Context, weight: Value | None, name: str) -> Array | None:
    if weight is None or (isinstance(weight, Const) and weight.value is None):
        return None
    return required(cx, weight, name, "weight", 3)


def classes(cx: Context, call: Call) -> Value:
    """``nll_loss_nd``: by the number of axes."""
    shape, labels = call.scores.shape or (), call.target.shape or ()
    if not shape:
        message = "Expected 1 or more dimensions (got 0)"
        raise wrong_rank(cx, "ValueError", message, call.name, call.scores, 1, at_least=True)
    if len(shape) != 1:
        batch: DimLike = labels[0] if labels else 0
        if not labels and isinstance(shape[0], int) and shape[0] == 0:
            _check_target(cx, call)
            message = "Dimension specified as 0 but tensor has no dimensions"
            raise mismatch(cx, "IndexError", message, call.name, call.target, call.scores)
        # labels with more axes never fit; that is said where the samples are known to be as many
        other = len(shape) == 2 and len(labels) > 1 and not eq(cx.resolve(shape[0]), batch, cx.facts).is_yes
        if not labels or other or not cx.equal(shape[0], batch):
            message = f"Expected input batch_size ({shape[0]}) to match target batch_size ({batch})."
            raise mismatch(cx, "ValueError", message, call.name, call.target, call.scores, hint_of(call))
    if len(shape) <= 2:
        return _flat(cx, call)
    out = (shape[0], *shape[2:])
    if len(shape) == 4:
        if len(labels) != 3:
            message = (
                f"only batches of spatial targets supported (3D tensors) but got targets of dimension: {len(labels)}"
            )
            raise mismatch(cx, "RuntimeError", message, call.name, call.target, call.scores, hint_of(call))
        _check_weight(cx, call, shape[1])
        if not same_shape(cx, out, labels):
            message = f"size mismatch (got input: {shown(shape)} , target: {shown(labels)}"
            raise mismatch(cx, "RuntimeError", message, call.name, call.target, call.scores, hint_of(call))
    elif not same_shape(cx, out, labels):
        message = f"Expected target size {shown(out)}, got {shown(labels)}"
        raise mismatch(cx, "RuntimeError", message, call.name, call.target, call.scores, hint_of(call))
    else:
        _check_weight(cx, call, shape[1])
    roles = call.scores.roles
    return _compared(cx, call, out, shape[1], None if roles is None else (roles[0], *roles[2:]))


def _flat(cx: Context, call: Call) -> Value:
    shape, labels = call.scores.shape or (), call.target.shape or ()
    if len(labels) > 1:
        raise mismatch(cx, "RuntimeError", SINGLE, call.name, call.target, call.scores, hint_of(call))
    _check_target(cx, call)
    if len(shape) == 1 and len(labels) == 1 and not cx.equal(labels[0], 1):
        message = f"For 1D input, 1D target must have size 1, but got target size: {labels[0]}"
        raise mismatch(cx, "ValueError", message, call.name, call.target, call.scores)
    _check_weight(cx, call, shape[-1])
    roles = call.scores.roles
    made = _compared(cx, call, shape[:-1], shape[-1], None if roles is None else roles[:-1])
    if len(shape) == 1 and len(labels) == 1 and isinstance(made, Array):
        # only the backward pass asks for as many labels as there are rows of scores, and counts the classes for it
        message = f"size mismatch (got input: {shown(shape)}, target: {shown(labels)})"
        later = mismatch(cx, "RuntimeError", message, call.name, call.target, call.scores, hint_of(call))
        made.meta = {**made.meta, UNFIT: later}
    return made


def hint_of(call: Call) -> str:
    """ "one-hot" where one row of numbers per sample stands for a class number."""
    a, b = call.target.shape or (), call.scores.shape or ()
    return (
        "one-hot"
        if len(a) == len(b) and a and b and str(a[-1]) == str(b[-1]) and not is_floating(call.target.dtype)
        else ""
    )


def _check_weight(cx: Context, call: Call, count: DimLike, before: str = "") -> None:
    weight = call.weight
    if weight is None or weight.shape is None:
        return
    if len(weight.shape) != 1 or not cx.equal(weight.shape[0], count):
        message = "weight tensor should be defined either for all or no classes"
        if before or len(call.scores.shape or ()) <= 2:
            message = (
                f"{before}weight tensor should be defined either for all {count} classes or no classes but got weight tensor "
                f"of shape: {shown(weight.shape)}"
            )
        raise WeightsShape(
            error(cx, "RuntimeError", message), values=(weight, call.scores), layer=call.name, needs=(count,),
            got=weight.shape,
        )  # fmt: skip


def _compared(cx: Context, call: Call, shape: Shape, count: DimLike, roles: tuple[str | None, ...] | None) -> Value:
    """What the kernel checks: dtypes, and every label."""
    scores, target = call.scores, call.target
    made = reduced(cx, call.reduction, shape, scores.dtype, scores, target, call.weight, roles=roles)
    _check_target(cx, call, made)
    if scores.dtype is not None and not is_floating(scores.dtype):
        kernel = "nll_loss2d_forward_out_frame" if len(scores.shape or ()) > 2 else "nll_loss_out_frame"
        raise not_implemented(cx, kernel, scores, call.name)
    weight = call.weight
    if weight is not None and None not in (weight.dtype, scores.dtype) and weight.dtype != scores.dtype:
        message = f"expected scalar type {scalar_name(scores.dtype)} but found {scalar_name(weight.dtype)}"
        raise wrong_dtype(cx, "RuntimeError", message, f"weight of {call.name}", weight, wanted=scores.dtype)
    bad = bad_label(cx, target, count, call.ignored)
    if bad is not None:
        raise LabelRange(
            error(cx, "IndexError", f"Target {bad} is out of bounds."), values=(target, scores), recover=made,
            loss=call.name, label=bad, classes=count,
        )  # fmt: skip
    return made


def _check_target(cx: Context, call: Call, recover: Value | None = None) -> None:
    target = call.target
    if target.dtype not in (None, "int64", "uint8"):
        message = f"expected target dtype to be Long or Byte, but got {scalar_name(target.dtype)}"
        raise wrong_dtype(cx, "RuntimeError", message, call.name, target, wanted="int64", recover=recover)


# -- margins over classes ---------------------------------------------------------------------------------------------


@rule("torch.nn.functional.multi_margin_loss", doc=f"{DOC}functional.multi_margin_loss.html")
def multi_margin_loss(
    cx: Context, input: Value, target: Value, p: Value = ONE, margin: Value = UNIT,
    weight: Value | None = None, size_average: Value | None = None, reduce: Value | None = None, reduction: Value = MEAN,
) -> Value:  # fmt: skip
    """(batch, classes) or (classes,) against one class number per sample."""
    how = reduction_of(cx, reduction, size_average, reduce)
    power = number(p)
    if power is not None and power not in (1, 2):
        raise invalid(cx, "ValueError", "only p == 1 and p == 2 supported", "p", power)
    held = weight if isinstance(weight, Array) else None
    if held is not None and held.shape is not None and len(held.shape) != 1:
        raise wrong_rank(cx, "ValueError", "weight must be one-dimensional", "multi_margin_loss", held, 1)
    scores = required(cx, input, "multi_margin_loss", "input", 1)
    labels = required(cx, target, "multi_margin_loss", "target", 2)
    if scores is None or labels is None:
        return follows(cx, input, target)
    if scores.shape is None or labels.shape is None:
        return reduced(cx, how, None, scores.dtype, scores, labels)
    shape = scores.shape
    _vector_or_matrix(cx, scores)
    samples: DimLike = shape[0] if len(shape) == 2 else 1
    count: DimLike = shape[-1] if shape else 1
    fits = len(labels.shape) <= 1 and cx.equal(labels.shape[0] if labels.shape else 1, samples)
    if not fits:
        message = (
            "multi_margin_loss: target tensor should be 1-D with size equal to the number of input samples (batch size). "
            f"Expected target size [{samples}], but got {shown(labels.shape)}. Input has shape {shown(shape)}."
        )
        raise mismatch(cx, "RuntimeError", message, "multi_margin_loss", labels, scores)
    if held is not None and held.shape is not None and not cx.equal(held.shape[0], count):
        message = f"inconsistent weight size, expected {count} but got {shown(held.shape)}"
        raise WeightsShape(
            error(cx, "RuntimeError", message), values=(held, scores), layer="multi_margin_loss", needs=(count,),
            got=held.shape,
        )  # fmt: skip
    made = reduced(cx, how, labels.shape, scores.dtype, scores, labels)
    _long(cx, "multi_margin_loss", labels)
    bad = bad_label(cx, labels, count, None)
    if bad is not None:
        raise LabelRange(
            error(cx, "RuntimeError", "target out of range"), values=(labels, scores), recover=made,
            loss="multi_margin_loss", label=bad, classes=count,
        )  # fmt: skip
    return made


def _vector_or_matrix(cx: Context, scores: Array) -> None:
    if len(scores.shape or ()) > 2:
        message = f"Expected non-empty vector or matrix with optional 0-dim batch size, but got: {shown(scores.shape)}"
        raise wrong_rank(cx, "RuntimeError", message, "margin loss", scores, 2)


def _long(cx: Context, loss: str, labels: Array) -> None:
    if labels.dtype not in (None, "int64"):
        message = f"expected scalar type Long but found {scalar_name(labels.dtype)}"
        raise wrong_dtype(cx, "RuntimeError", message, loss, labels, wanted="int64")


@rule("torch.nn.functional.multilabel_margin_loss", doc=f"{DOC}functional.multilabel_margin_loss.html")
def multilabel_margin_loss(
    cx: Context, input: Value, target: Value, size_average: Value | None = None, reduce: Value | None = None,
    reduction: Value = MEAN,
) -> Value:  # fmt: skip
    """(batch, classes) against class numbers of the same shape, filled up with -1."""
    how = reduction_of(cx, reduction, size_average, reduce)
    scores = required(cx, input, "multilabel_margin_loss", "input", 1)
    labels = required(cx, target, "multilabel_margin_loss", "target", 2)
    if scores is None or labels is None:
        return follows(cx, input, target)
    if scores.shape is None or labels.shape is None:
        return reduced(cx, how, None, scores.dtype, scores, labels)
    shape = scores.shape
    _vector_or_matrix(cx, scores)
    count: DimLike = shape[-1] if shape else 1
    flat = len(shape) <= 1 and len(labels.shape) <= 1
    fits = cx.equal(labels.shape[0] if labels.shape else 1, count) if flat else same_shape(cx, labels.shape, shape)
    if not fits:
        message = f"inconsistent target size: {shown(labels.shape)} for input of size: {shown(shape)}"
        raise mismatch(cx, "RuntimeError", message, "multilabel_margin_loss", labels, scores)
    made = reduced(cx, how, shape[:-1], scores.dtype, scores, labels)
    _long(cx, "multilabel_margin_loss", labels)
    bad = bad_label(cx, labels, count, -1)
    if bad is not None:
        message = "argument #2 'target' is out of range"
        raise LabelRange(
            error(cx, "RuntimeError", message), values=(labels, scores), recover=made, loss="multilabel_margin_loss",
            label=bad, classes=count,
        )  # fmt: skip
    return made
