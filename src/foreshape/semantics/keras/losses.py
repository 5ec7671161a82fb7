"""Losses: how labels and predictions are compared, what raises, and what broadcasts without a word.

Follows ``keras/src/losses``, ``keras/src/backend/tensorflow/nn.py`` and their Keras 2 counterparts, as observed.
"""

from __future__ import annotations

from collections.abc import Sequence as SequenceOf
from typing import TYPE_CHECKING

from foreshape.domain.compare import eq
from foreshape.domain.dim import Dim, DimLike, lower, substitute
from foreshape.domain.values import Array, Const, Instance, Shape, Value
from foreshape.faults.base import Fault, Raises
from foreshape.faults.label_range import LabelRange
from foreshape.faults.label_shape import LabelShape
from foreshape.faults.silent_loss_broadcast import SilentLossBroadcast
from foreshape.semantics.keras.base import dims_text, error, is_keras3, same, undefined
from foreshape.semantics.keras.later import raise_later
from foreshape.semantics.keras.loss_names import (
    BINARY,
    CATEGORICAL,
    CLASSES,
    ELEMENTWISE,
    FUNCTIONS,
    SHORT,
    SHORT_2,
    SPARSE,
)
from foreshape.semantics.keras.names import process
from foreshape.semantics.keras.ranges import negative, reached
from foreshape.semantics.registry import library_type, rule

if TYPE_CHECKING:
    from foreshape.domain.polynomial import Var
    from foreshape.semantics.protocol import Context

GRAPH_ERROR = "Graph execution error:\n\n"


def found_by_graph(raises: Raises) -> None:
    """What the running graph raises."""
    raises.exception = "InvalidArgumentError"
    told_by_graph(raises)


def told_by_graph(raises: Raises) -> None:
    """What is raised while the graph runs, whatever its type."""
    if not raises.message.startswith(GRAPH_ERROR):
        raises.message = GRAPH_ERROR + raises.message


class Comparison:
    """One comparison of labels with predictions.

    ``sizes``: what the batch variable ``batch`` may be while it runs (the full batch, the shorter last one), () where
    that is not known or where shapes are static. ``eager``: called outside of ``fit``.
    """

    __slots__ = ("batch", "eager", "labels", "logits", "loss", "predictions", "sigmoid", "sizes")

    def __init__(
        self,
        loss: str,
        labels: Array,
        predictions: Array,
        *,
        batch: Var | None = None,
        sizes: SequenceOf[DimLike] = (),
        eager: bool = False,
        sigmoid: bool = False,
    ) -> None:
        self.loss = loss
        self.labels = labels
        self.predictions = predictions
        self.batch = batch
        self.sizes = tuple(sizes)
        self.eager = eager
        self.sigmoid = sigmoid


def compare(cx: Context, task: Comparison) -> Shape | None:
    """Raise or note what the comparison does; gives the shape of the losses per sample."""
    labels, predictions = task.labels.shape, task.predictions.shape
    if labels is None or predictions is None:
        return None
    new = is_keras3(cx)
    if task.loss in SPARSE:
        return _sparse(cx, task, labels, predictions)
    squeezed = squeeze_to_same_rank(cx, labels, predictions)
    if squeezed is None:
        return None
    labels, predictions = squeezed
    if task.loss in CATEGORICAL or (task.loss in BINARY and new):
        return _same_shape(cx, task, labels, predictions)
    if task.loss in BINARY:
        if task.sigmoid and predictions == task.predictions.shape:
            # straight from the sigmoid, Keras 2 compares the scores before it; a squeezed axis hides them
            return _same_shape(cx, task, labels, predictions)
        return _broadcast(cx, task, labels, predictions)
    if task.loss in ELEMENTWISE:
        return _broadcast(cx, task, labels, predictions)
    return None


def _is_one(dim: DimLike) -> bool | None:
    if isinstance(dim, int):
        return dim == 1
    low = lower(dim)
    return False if low is not None and low > 1 else None


def squeeze_to_same_rank(cx: Context, labels: Shape, predictions: Shape) -> tuple[Shape, Shape] | None:
    """``squeeze_or_expand_to_same_rank``: a last axis of 1 is dropped, or added to a vector. None: cannot be told."""
    new = is_keras3(cx)
    if len(labels) == len(predictions) + 1:
        one = _is_one(labels[-1])
        if one is None and not undefined(labels[-1]):
            return None
        if one:
            if len(predictions) == 1 and new:
                return labels, (*predictions, 1)
            return labels[:-1], predictions
    elif len(predictions) == len(labels) + 1:
        one = _is_one(predictions[-1])
        if one is None and not undefined(predictions[-1]):
            return None
        if one:
            if len(labels) == 1 and new:
                return (*labels, 1), predictions
            return labels, predictions[:-1]
    return labels, predictions


def _fault(
    cx: Context, task: Comparison, exception: str, message: str, labels: Shape, predictions: Shape, hint: str = ""
) -> LabelShape:
    if exception == "InvalidArgumentError" and not task.eager:
        message = GRAPH_ERROR + message
    return LabelShape(
        error(cx, exception, message),
        values=(task.labels, task.predictions),
        loss=task.loss,
        labels=task.labels.shape or labels,
        predictions=task.predictions.shape or predictions,
        hint=hint or _hint(task),
    )


def _hint(task: Comparison) -> str:
    labels, predictions = task.labels.shape, task.predictions.shape
    if labels is None or predictions is None or not predictions:
        return ""
    integers = task.labels.dtype is not None and "int" in task.labels.dtype
    fewer = len(labels) == len(predictions) - 1 or (len(labels) == len(predictions) and labels[-1] == 1)
    if task.loss in CATEGORICAL and fewer:
        return "sparse"
    if task.loss in SPARSE and len(labels) == len(predictions) and labels[-1] == predictions[-1]:
        return "one-hot"
    return "sparse" if integers and fewer and task.loss in BINARY else ""


def _same_shape(cx: Context, task: Comparison, labels: Shape, predictions: Shape) -> Shape | None:
    """Cross-entropies: same rank, same shape."""
    new = is_keras3(cx)
    text = f"Received: target.shape={dims_text(labels)}, output.shape={dims_text(predictions)}"
    if len(predictions) < 1:
        return None
    if len(labels) != len(predictions):
        if new:
            message = f"Arguments `target` and `output` must have the same rank (ndim). {text}"
        elif task.loss in BINARY:
            message = (
                f"`logits` and `labels` must have the same shape, received ({dims_text(predictions)} vs "
                f"{dims_text(labels)})."
            )
        else:
            message = f"Shapes {dims_text(labels)} and {dims_text(predictions)} are incompatible"
        raise _fault(cx, task, "ValueError", message, labels, predictions)
    for a, b in zip(labels, predictions):
        if not same(cx, a, b):
            if new:
                message = f"Arguments `target` and `output` must have the same shape. {text}"
            elif task.loss in BINARY:
                message = (
                    f"`logits` and `labels` must have the same shape, received ({dims_text(predictions)} vs "
                    f"{dims_text(labels)})."
                )
            else:
                message = f"Shapes {dims_text(labels)} and {dims_text(predictions)} are incompatible"
            raise _fault(cx, task, "ValueError", message, labels, predictions)
    _concrete(cx, task, labels, predictions, broadcast=False)
    return predictions[:-1]


def _sparse(cx: Context, task: Comparison, labels: Shape, predictions: Shape) -> Shape | None:
    """``sparse_categorical_crossentropy``: one whole number per score vector, in 0 .. classes-1."""
    new = is_keras3(cx)
    if not predictions:
        return None
    shown = labels
    if new and len(predictions) == len(labels) + 1 and len(labels) == 1 and _is_one(predictions[-1]):
        labels = (*labels, 1)
    elif new and len(predictions) == len(labels) + 1 and _is_one(predictions[-1]):
        predictions = predictions[:-1]
    if len(labels) == len(predictions) and labels and _is_one(labels[-1]):
        labels = labels[:-1]
    elif len(labels) == len(predictions) and labels and _is_one(labels[-1]) is None and not undefined(labels[-1]):
        return None
    if len(labels) != len(predictions) - 1:
        if new:
            message = (
                "Argument `output` must have rank (ndim) `target.ndim - 1`. "
                f"Received: target.shape={dims_text(shown)}, output.shape={dims_text(predictions)}"
            )
            raise _fault(cx, task, "ValueError", message, shown, predictions)
        return _sparse_2(cx, task, labels, predictions)
    for a, b in zip(labels[1:], predictions[1:-1]):
        if not same(cx, a, b):
            if new:
                message = (
                    "Arguments `target` and `output` must have the same shape up until the last dimension: "
                    f"target.shape={dims_text(labels)}, output.shape={dims_text(predictions)}"
                )
                raise _fault(cx, task, "ValueError", message, labels, predictions)
            return _sparse_2(cx, task, labels, predictions)
    _concrete(cx, task, labels, predictions[:-1], broadcast=False)
    label_range(cx, task, predictions[-1])
    return labels


def _sparse_2(cx: Context, task: Comparison, labels: Shape, predictions: Shape) -> Shape | None:
    """Keras 2 flattens both and lets the kernel compare the number of labels with the number of score vectors."""
    total: DimLike = 1
    for dim in labels:
        total = total * dim
    rows: DimLike = 1
    for dim in predictions[:-1]:
        rows = rows * dim
    for size in task.sizes or ((None,) if task.batch is None else ()):
        a = total if size is None else _at(total, task.batch, size)
        b = rows if size is None else _at(rows, task.batch, size)
        if eq(a, b, cx.facts).is_no:
            message = (
                "logits and labels must have the same first dimension, got logits shape "
                f"[{b},{predictions[-1]}] and labels shape [{a}]"
            )
            if task.batch is None and not undefined(a) and not undefined(b):
                message = (
                    "`labels.shape` must equal `logits.shape` except for the last dimension. Received: "
                    f"labels.shape=({a},) and logits.shape=({b}, {predictions[-1]})"
                )
                raise _fault(cx, task, "ValueError", message, labels, predictions)
            raise _fault(cx, task, "InvalidArgumentError", message, labels, predictions)
    if not task.sizes and task.batch is not None:
        d = total - rows
        if not isinstance(d, int) and set(_variables(d)) == {task.batch}:
            scale = substitute(d, {task.batch: 1})
            if isinstance(scale, int) and scale != 0 and substitute(d, {task.batch: 2}) == 2 * scale:
                message = (
                    "logits and labels must have the same first dimension, got logits shape "
                    f"[{rows},{predictions[-1]}] and labels shape [{total}]"
                )
                raise _fault(cx, task, "InvalidArgumentError", message, labels, predictions)
    return None


def _variables(d: DimLike) -> list[Var]:
    from foreshape.domain.dim import variables

    return list(variables(d))


def _at(d: DimLike, batch: Var | None, size: DimLike) -> DimLike:
    return substitute(d, {batch: size}) if batch is not None and isinstance(d, Dim) else d


def label_range(cx: Context, task: Comparison, classes: DimLike) -> None:
    """A label below 0 or from ``classes`` on: the CPU kernel raises."""
    if undefined(classes):
        return
    found = reached(cx, task.labels, classes)
    if found is None and task.labels.dtype is not None and "int" in task.labels.dtype:
        found = negative(task.labels)
    if found is not None:
        raise _range(cx, task, found, classes)


def _range(cx: Context, task: Comparison, label: DimLike | float, classes: DimLike) -> Fault:
    message = f"Received a label value of {label} which is outside the valid range of [0, {classes})."
    if not task.eager:
        message = GRAPH_ERROR + message
    return LabelRange(
        error(cx, "InvalidArgumentError", message),
        values=(task.labels, task.predictions),
        loss=task.loss,
        label=label,
        classes=classes,
    )


def _broadcast(cx: Context, task: Comparison, labels: Shape, predictions: Shape) -> Shape | None:
    """Element-wise losses: what broadcasts is computed, whether it was meant or not."""
    rank = max(len(labels), len(predictions))
    a = (1,) * (rank - len(labels)) + tuple(labels)
    b = (1,) * (rank - len(predictions)) + tuple(predictions)
    for x, y in zip(a, b):
        if undefined(x) or undefined(y):
            continue
        if eq(x, y, cx.facts).is_no and _is_one(x) is False and _is_one(y) is False:
            exception = "InvalidArgumentError" if task.eager else "ValueError"
            raise _fault(cx, task, exception, _unequal(labels, predictions, x, y), labels, predictions)
    made = _concrete(cx, task, labels, predictions, broadcast=True)
    if made is False:
        result = tuple(y if x == 1 else x for x, y in zip(a, b))
        cx.note(
            SilentLossBroadcast(
                None,
                values=(task.labels, task.predictions),
                loss=task.loss,
                labels=task.labels.shape or labels,
                predictions=task.predictions.shape or predictions,
                result=result,
            )
        )
    result = tuple(y if x == 1 else x for x, y in zip(a, b))
    return result[:-1]


def _unequal(labels: Shape, predictions: Shape, x: DimLike, y: DimLike) -> str:
    def bracket(shape: Shape) -> str:
        return "[" + ",".join("?" if undefined(dim) else str(dim) for dim in shape) + "]"

    return (
        f"Dimensions must be equal, but are {x} and {y} for the comparison of labels and predictions with input "
        "shapes: "
        f"{bracket(labels)}, {bracket(predictions)}."
    )


def _concrete(cx: Context, task: Comparison, labels: Shape, predictions: Shape, broadcast: bool) -> bool | None:
    """Hold the shapes against each other at each batch size that occurs.

    False: they differ but broadcast, in every batch. True: they are the same. None: not known."""
    outcomes: list[bool | None] = []
    for size in task.sizes or (None,):
        if size is None:
            outcomes.append(_outcome(cx, labels, predictions))
            continue
        a = tuple(_at(dim, task.batch, size) for dim in labels)
        b = tuple(_at(dim, task.batch, size) for dim in predictions)
        rank = max(len(a), len(b))
        if not broadcast and len(a) != len(b):
            return None
        x_all = (1,) * (rank - len(a)) + a
        y_all = (1,) * (rank - len(b)) + b
        for x, y in zip(x_all, y_all):
            differs = eq(x, y, cx.facts).is_no
            if differs and (not broadcast or (_is_one(x) is False and _is_one(y) is False)):
                message = f"Incompatible shapes: [{','.join(map(str, a))}] vs. [{','.join(map(str, b))}]"
                raise _fault(cx, task, "InvalidArgumentError", message, labels, predictions)
        outcomes.append(_outcome(cx, a, b))
    if all(outcome is True for outcome in outcomes):
        return True
    if outcomes and all(outcome is False for outcome in outcomes):
        return False
    return None


def _outcome(cx: Context, a: Shape, b: Shape) -> bool | None:
    """True: the same shape. False: certainly different, and broadcast. None: not known."""
    if len(a) != len(b):
        longer, shorter = (a, b) if len(a) > len(b) else (b, a)
        head = longer[: len(longer) - len(shorter)]
        # (n,) against (n, 7, 1): an axis is added in front, so that every label meets every prediction
        return False if all(_is_one(dim) is not True for dim in head) and shorter else None
    found: bool | None = True
    for x, y in zip(a, b):
        truth = eq(x, y, cx.facts)
        if truth.is_yes:
            continue
        if truth.is_no and (_is_one(x) or _is_one(y)):
            return False
        found = None
    return found


# -- losses as the program calls them ---------------------------------------------------------------------------------

library_type("keras.losses.Loss")
for _class in CLASSES:
    library_type(f"keras.losses.{_class}", "keras.losses.Loss")


@rule("keras.losses.Loss.__init__")
def loss_init(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """``from_logits``, ``reduction``, ``name`` and what a loss adds to them."""
    for key, value in kwargs.items():
        cx.set(self, key, value)
    if args:
        cx.set(self, "~args", tuple(args))
    return Const(None)


def reduction_of(self: Instance) -> str | None:
    """ "mean" for the default; "none" where the losses are kept per sample; None where it is not known."""
    found = self.fields.get("reduction")
    if found is None:
        return "mean"
    if isinstance(found, Const):
        return "none" if found.value in (None, "none") else "mean"
    name = getattr(found, "name", "")
    return "none" if isinstance(name, str) and name.endswith("NONE") else None


@rule("keras.losses.Loss.__call__")
def loss_call(cx: Context, self: Instance, y_true: Value, y_pred: Value, sample_weight: Value | None = None) -> Value:
    """A scalar; one number per sample with ``reduction="none"``."""
    own = cx.user_method(self, "call")
    if own is not None:
        result = cx.call(own, (y_true, y_pred), {})
        return Array("tensorflow", (), "float32") if reduction_of(self) == "mean" else result
    name = CLASSES.get((self.library_type or "").rpartition(".")[2])
    made = direct(cx, name, y_true, y_pred) if name is not None else None
    reduction = reduction_of(self)
    if reduction == "mean":
        return Array("tensorflow", (), "float32")
    if reduction is None or made is None:
        return cx.unknown("the reduction of the loss is not known")
    return Array("tensorflow", made, "float32")


def direct(cx: Context, name: str, y_true: Value, y_pred: Value) -> Shape | None:
    """A loss called by the program itself, at once or in a step that is traced as a graph: what only values forbid
    raises there when the graph runs."""
    labels, predictions = tensor(y_true), tensor(y_pred)
    if labels is None or predictions is None:
        return None
    traced = isinstance(process(cx).fields.get("tracing"), tuple)
    try:
        return compare(cx, Comparison(name, labels, predictions, eager=not traced))
    except (LabelRange, LabelShape) as fault:
        runs = fault.raises is not None and fault.raises.exception == "InvalidArgumentError"
        if not traced or not runs or not raise_later(cx, fault):
            raise
    return None


def tensor(value: Value) -> Array | None:
    """A tensor of a value, lists of numbers included where they are plain."""
    if isinstance(value, Array):
        return value
    return None


def _function(name: str) -> None:
    # ``tf.keras`` keeps the short names of Keras 2
    short = [text for text, meant in (*SHORT.items(), *SHORT_2.items()) if meant == name]

    @rule(*(f"keras.{module}.{text}" for text in (name, *short) for module in ("losses", "metrics")))
    def call(cx: Context, y_true: Value, y_pred: Value, *args: Value, **kwargs: Value) -> Value:
        """One number per sample."""
        made = direct(cx, name, y_true, y_pred)
        if made is None:
            return cx.unknown("the shapes of labels and predictions are not known")
        return Array("tensorflow", made, "float32")


for _name in FUNCTIONS:
    _function(_name)
