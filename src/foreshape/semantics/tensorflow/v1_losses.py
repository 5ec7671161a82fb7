"""Losses of TensorFlow 1 (``tf.losses``): one number, whose two sides must have compatible shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.dim import is_none as undefined
from foreshape.domain.values import Array, Value
from foreshape.semantics.registry import rule
from foreshape.semantics.tensorflow.convert import as_tensor
from foreshape.semantics.tensorflow.support import failed, given, joined, tensor, tuple_text, unknown_tensor

if TYPE_CHECKING:
    from foreshape.domain.values import Shape
    from foreshape.semantics.protocol import Context

COMPARED: Final = {
    "softmax_cross_entropy": ("onehot_labels", "logits"),
    "sigmoid_cross_entropy": ("multi_class_labels", "logits"),
    "mean_squared_error": ("labels", "predictions"),
    "absolute_difference": ("labels", "predictions"),
    "huber_loss": ("labels", "predictions"),
    "log_loss": ("labels", "predictions"),
    "hinge_loss": ("labels", "logits"),
}
"""Loss: the names of its two sides."""


def _compatible(cx: Context, labels: Shape, predictions: Shape) -> bool:
    if len(labels) != len(predictions):
        return False
    return all(undefined(a) or undefined(b) or joined(cx, a, b) is not None for a, b in zip(labels, predictions))


def _number(kwargs: dict[str, Value], y: Array, z: Array) -> Value:
    """One number; a loss for each element where another reduction is asked for, of which nothing is said."""
    return Array("tensorflow", None, "float32") if given(kwargs.get("reduction")) else tensor((), "float32", y, z)


def _declare(name: str, sides: tuple[str, str]) -> None:
    def apply(cx: Context, *args: Value, **kwargs: Value) -> Value:
        """The shapes of both sides must be compatible, axis by axis; nothing is broadcast."""
        left = args[0] if args else kwargs.get(sides[0])
        right = args[1] if len(args) > 1 else kwargs.get(sides[1])
        if left is None or right is None:
            return cx.unknown("the two sides of a loss")
        y, z = as_tensor(cx, left), as_tensor(cx, right)
        if y is None or z is None or y.shape is None or z.shape is None:
            return unknown_tensor(cx, left, right)
        if not _compatible(cx, y.shape, z.shape):
            from foreshape.faults.label_shape import LabelShape

            message = f"Shapes {tuple_text(z.shape)} and {tuple_text(y.shape)} are incompatible"
            raise LabelShape(
                failed("ValueError", message), values=(y, z), loss=name, labels=y.shape, predictions=z.shape
            )
        return _number(kwargs, y, z)

    rule(f"tensorflow.losses.{name}")(apply)


for _name, _sides in COMPARED.items():
    _declare(_name, _sides)


@rule("tensorflow.losses.sparse_softmax_cross_entropy")
def sparse_softmax_cross_entropy(
    cx: Context, labels: Value, logits: Value, weights: Value | None = None, *args: Value, **kwargs: Value
) -> Value:
    """Labels have one axis less than the logits; one axis of size 1 too many is taken off."""
    y, z = as_tensor(cx, labels), as_tensor(cx, logits)
    if y is None or z is None or y.shape is None or z.shape is None:
        return unknown_tensor(cx, labels, logits)
    if len(y.shape) == len(z.shape) and y.shape and y.shape[-1] == 1:
        y = tensor(y.shape[:-1], y.dtype, y)
    cx.rule("tensorflow.nn.sparse_softmax_cross_entropy_with_logits", y, z)
    return _number(kwargs, y, z)


@rule("tensorflow.nn.nce_loss", "tensorflow.nn.sampled_softmax_loss")
def sampled_loss(
    cx: Context,
    weights: Value,
    biases: Value,
    labels: Value,
    inputs: Value,
    num_sampled: Value,
    num_classes: Value,
    *args: Value,
    **kwargs: Value,
) -> Value:
    """A loss for each row: weights (classes, width) against inputs (batch, width)."""
    w, x = as_tensor(cx, weights), as_tensor(cx, inputs)
    if w is None or x is None or w.shape is None or x.shape is None or len(w.shape) != 2 or len(x.shape) != 2:
        return unknown_tensor(cx, inputs)
    left, right = x.shape[1], w.shape[1]
    if not undefined(left) and not undefined(right) and joined(cx, left, right) is None:
        from foreshape.faults.matmul_mismatch import MatmulMismatch

        message = f"Dimensions must be equal, but are {left} and {right} for 'MatMul'"
        raise MatmulMismatch(
            failed("ValueError", message),
            values=(x, w),
            taker="nce_loss",
            left=x.shape,
            right=w.shape,
            left_axis=1,
            right_axis=1,
        )
    return tensor(x.shape[:1], "float32", x)
