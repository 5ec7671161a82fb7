"""Losses of ``tf.nn`` that compare labels with logits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import Array, Const, Value, as_int
from foreshape.faults.label_shape import LabelShape
from foreshape.semantics.tensorflow.convert import as_tensor
from foreshape.semantics.tensorflow.declare import op
from foreshape.semantics.tensorflow.elementwise import binary, mismatch
from foreshape.semantics.tensorflow.support import (
    failed,
    given,
    graph_mode,
    joined,
    raises,
    shown,
    tensor,
    tuple_text,
    unknown_tensor,
    wrong_dtype,
)

if TYPE_CHECKING:
    from foreshape.faults.base import Fault
    from foreshape.semantics.protocol import Context


def _labels(exception: str, name: str, message: str, cx: Context, labels: Array, logits: Array) -> Fault:
    raised = failed(exception, message) if exception else raises(cx, message, labels, logits)
    return LabelShape(
        raised, values=(labels, logits), loss=name, labels=labels.shape or (), predictions=logits.shape or ()
    )


def _both(cx: Context, labels: Value | None, logits: Value | None, cast: bool) -> tuple[Array, Array] | None:
    if labels is None or logits is None:
        return None
    scores = as_tensor(cx, logits)
    found = as_tensor(
        cx, labels, scores.dtype if cast and scores is not None and not isinstance(labels, Array) else None
    )
    return None if found is None or scores is None else (found, scores)


@op("tensorflow.nn.softmax_cross_entropy_with_logits")
def softmax_cross_entropy(
    cx: Context, labels: Value, logits: Value, axis: Value | None = None, name: Value | None = None
) -> Value:
    """One loss per sample: the last axis goes. The labels are cast."""
    parts = _both(cx, labels, logits, True)
    place = -1 if not given(axis) else as_int(axis)
    if parts is None or parts[0].shape is None or parts[1].shape is None or place is None:
        return unknown_tensor(cx, labels, logits)
    y, z = parts
    left, right = y.shape or (), z.shape or ()
    fits = len(left) == len(right) and all(
        (isinstance(a, int) and a == 1) or (isinstance(b, int) and b == 1) or joined(cx, a, b) is not None
        for a, b in zip(left, right)
    )
    if len(left) != len(right) and (not left or not right or joined(cx, left[-1], right[-1]) is not None):
        # both become matrices first: what the sizes multiply to decides
        return tensor(right[:-1], z.dtype, y, z) if len(right) == 2 and len(left) == 1 else unknown_tensor(cx, labels)
    if not fits:
        message = f"logits and labels must be broadcastable: logits_size={shown(right)} labels_size={shown(left)}"
        if graph_mode(cx, y, z):
            message = f"Dimensions must be equal, but are {right[-1]} and {left[-1]}"
        raise _labels("", "softmax_cross_entropy_with_logits", message, cx, y, z)
    at = place % len(right) if right and -len(right) <= place < len(right) else len(right) - 1
    return tensor(tuple(dim for i, dim in enumerate(right) if i != at), z.dtype, y, z)


@op("tensorflow.nn.softmax_cross_entropy_with_logits_v2")
def softmax_cross_entropy_v2(
    cx: Context,
    labels: Value,
    logits: Value,
    axis: Value | None = None,
    name: Value | None = None,
    dim: Value | None = None,
) -> Value:
    """The same, as TensorFlow 1 named it."""
    return softmax_cross_entropy(cx, labels, logits, axis if given(axis) else dim)


@op("tensorflow.nn.sparse_softmax_cross_entropy_with_logits")
def sparse_cross_entropy(cx: Context, labels: Value, logits: Value, name: Value | None = None) -> Value:
    """One loss per sample; a label past the classes raises on the CPU."""
    from foreshape.semantics.keras.losses import Comparison, label_range

    parts = _both(cx, labels, logits, False)
    if parts is None or parts[0].shape is None or parts[1].shape is None:
        return unknown_tensor(cx, labels, logits)
    y, z = parts
    left, right = y.shape or (), z.shape or ()
    loss = "sparse_softmax_cross_entropy_with_logits"
    if len(left) != len(right) - 1:
        message = (
            "`labels.shape.rank` must equal `logits.shape.rank - 1`. Received: "
            f"labels.shape={tuple_text(left)} of rank {len(left)} and "
            f"logits.shape={tuple_text(right)} of rank {len(right)}"
        )
        raise _labels("ValueError", loss, message, cx, y, z)
    if any(joined(cx, a, b) is None for a, b in zip(left, right)):
        message = (
            "`labels.shape` must equal `logits.shape` except for the last dimension. Received: "
            f"labels.shape={tuple_text(left)} and logits.shape={tuple_text(right)}"
        )
        raise _labels("ValueError", loss, message, cx, y, z)
    if y.dtype is not None and y.dtype not in ("int32", "int64"):
        raise wrong_dtype(
            cx, "SparseSoftmaxCrossEntropyWithLogits", y, y.dtype, ("int32", "int64"), "labels", "Tlabels"
        )
    if right:
        label_range(cx, Comparison(loss, y, z, eager=True), right[-1])
    return tensor(left, z.dtype, y, z)


@op("tensorflow.nn.sigmoid_cross_entropy_with_logits", "tensorflow.nn.weighted_cross_entropy_with_logits")
def sigmoid_cross_entropy(
    cx: Context,
    labels: Value | None = None,
    logits: Value | None = None,
    pos_weight: Value | None = None,
    name: Value | None = None,
) -> Value:
    """One loss per element: equal shapes and dtypes."""
    parts = _both(cx, labels, logits, True)
    if parts is None:
        return cx.unknown("labels or logits are not known")
    y, z = parts
    if y.shape is not None and z.shape is not None:
        fits = len(y.shape) == len(z.shape) and all(joined(cx, a, b) is not None for a, b in zip(y.shape, z.shape))
        if not fits:
            message = (
                f"`logits` and `labels` must have the same shape, received ({tuple_text(z.shape)} vs "
                f"{tuple_text(y.shape)})."
            )
            raise _labels("ValueError", "sigmoid_cross_entropy_with_logits", message, cx, y, z)
    if (
        y.dtype is not None
        and z.dtype is not None
        and y.dtype != z.dtype
        and isinstance(labels, Array)
        and labels.kind != "numpy"
    ):
        raise mismatch(cx, "Mul", z, y)
    return tensor(z.shape, z.dtype, y, z)


@op("tensorflow.nn.log_poisson_loss")
def log_poisson_loss(cx: Context, targets: Value, log_input: Value, *args: Value, **kwargs: Value) -> Value:
    """One loss per element."""
    return binary(cx, "*", targets, log_input)


@op("tensorflow.nn.ctc_loss")
def ctc_loss(
    cx: Context,
    labels: Value,
    logits: Value | None = None,
    label_length: Value | None = None,
    logit_length: Value | None = None,
    logits_time_major: Value | None = None,
    *args: Value,
    **kwargs: Value,
) -> Value:
    """One loss per sample. TensorFlow 1 names ``inputs`` and ``sequence_length``."""
    if logits is None or "inputs" in kwargs or "sequence_length" in kwargs:
        return cx.unknown("the losses of sequences")
    x = as_tensor(cx, logits)
    if x is None or x.shape is None or len(x.shape) != 3:
        return unknown_tensor(cx, logits)
    first = isinstance(logits_time_major, Const) and logits_time_major.value is False
    return tensor((x.shape[0 if first else 1],), x.dtype, x)
