"""Cross-entropies of logits: shapes of labels and logits, and the range of labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import Array, Shape, Value, as_int
from foreshape.faults.label_shape import LabelShape
from foreshape.semantics.keras.losses import Comparison, label_range
from foreshape.semantics.tensorflow.convert import as_tensor
from foreshape.semantics.tensorflow.declare import op
from foreshape.semantics.tensorflow.support import given, joined, raises, shown, tensor, unknown_tensor

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def _cross_shapes(cx: Context, a: Value, b: Value) -> tuple[Array, Array, Shape, Shape] | None:
    labels, logits = as_tensor(cx, a), as_tensor(cx, b)
    if labels is None or logits is None or labels.shape is None or logits.shape is None:
        return None
    return labels, logits, labels.shape, logits.shape


def _label_fault(cx: Context, name: str, message: str, labels: Array, logits: Array) -> Exception:
    return LabelShape(
        raises(cx, message, labels, logits), values=(labels, logits), loss=name, labels=labels.shape or (),
        predictions=logits.shape or (),
    )


def softmax_cross_core(cx: Context, a: Value, b: Value) -> Value:
    """``tf.nn.softmax_cross_entropy_with_logits``: the same shape, the last axis goes."""
    found = _cross_shapes(cx, a, b)
    if found is None:
        return unknown_tensor(cx, a, b)
    labels, logits, left, right = found
    fits = len(left) == len(right) and all(
        x == 1 or y == 1 or joined(cx, x, y) is not None for x, y in zip(left, right)
    )
    if not fits:
        message = f"logits and labels must be broadcastable: logits_size={shown(right)} labels_size={shown(left)}"
        raise _label_fault(cx, "softmax_cross_entropy_with_logits", message, labels, logits)
    return tensor(right[:-1], logits.dtype, labels, logits)


def sparse_cross_core(cx: Context, a: Value, b: Value) -> Value:
    """``tf.nn.sparse_softmax_cross_entropy_with_logits``: one whole number per score vector."""
    found = _cross_shapes(cx, a, b)
    if found is None:
        return unknown_tensor(cx, a, b)
    labels, logits, left, right = found
    fits = len(left) == len(right) - 1 and all(joined(cx, x, y) is not None for x, y in zip(left, right))
    if not fits:
        message = (
            f"`labels.shape` must equal `logits.shape` except for the last dimension. Received: labels.shape={shown(left)} "
            f"and logits.shape={shown(right)}"
        )
        fault = _label_fault(cx, "sparse_softmax_cross_entropy_with_logits", message, labels, logits)
        fault.raises.exception = "ValueError"  # type: ignore[attr-defined]
        raise fault
    if right:
        label_range(cx, Comparison("sparse_softmax_cross_entropy_with_logits", labels, logits, eager=True), right[-1])
    return tensor(left, logits.dtype, labels, logits)


def sigmoid_cross_core(cx: Context, a: Value, b: Value) -> Value:
    """``tf.nn.sigmoid_cross_entropy_with_logits``: the same shape."""
    found = _cross_shapes(cx, a, b)
    if found is None:
        return unknown_tensor(cx, a, b)
    labels, logits, left, right = found
    if len(left) != len(right) or any(joined(cx, x, y) is None for x, y in zip(left, right)):
        message = f"`logits` and `labels` must have the same shape, received ({shown(right)} vs {shown(left)})."
        fault = _label_fault(cx, "sigmoid_cross_entropy_with_logits", message, labels, logits)
        fault.raises.exception = "ValueError"  # type: ignore[attr-defined]
        raise fault
    return tensor(right, logits.dtype, labels, logits)


@op("tensorflow.nn.softmax_cross_entropy_with_logits")
def softmax_cross_entropy(
    cx: Context, labels: Value, logits: Value, axis: Value | None = None, name: Value | None = None
) -> Value:
    """One loss per sample."""
    if given(axis) and as_int(axis) != -1:
        return cx.unknown("a cross-entropy along another axis")
    return softmax_cross_core(cx, labels, logits)


@op("tensorflow.nn.sparse_softmax_cross_entropy_with_logits")
def sparse_cross_entropy(cx: Context, labels: Value, logits: Value, name: Value | None = None) -> Value:
    """One loss per sample."""
    return sparse_cross_core(cx, labels, logits)


@op("tensorflow.nn.sigmoid_cross_entropy_with_logits")
def sigmoid_cross_entropy(
    cx: Context, labels: Value | None = None, logits: Value | None = None, name: Value | None = None
) -> Value:
    """One loss per element."""
    if labels is None or logits is None:
        return cx.unknown("labels or logits are missing")
    return sigmoid_cross_core(cx, labels, logits)
