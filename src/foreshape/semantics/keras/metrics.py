"""Metrics of a compiled model: what they raise in training, their number and their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import (
    Array,
    Const,
    DictValue,
    Function,
    Instance,
    LibraryRef,
    Sequence,
    Unknown,
    Value,
    as_str,
    is_none,
)
from foreshape.faults.label_shape import LabelShape
from foreshape.semantics.keras.base import error, is_keras3
from foreshape.semantics.keras.compiling import Step, traced_call
from foreshape.semantics.keras.config import invalid
from foreshape.semantics.keras.foreign import refused
from foreshape.semantics.keras.functional import graph_of
from foreshape.semantics.keras.loss_names import (
    CONFUSION,
    ELEMENTWISE,
    SPARSE,
    is_metric,
    loss_name,
)
from foreshape.semantics.keras.losses import Comparison, compare, squeeze_to_same_rank
from foreshape.semantics.shared.structure import children, flatten, is_nested

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def apply_metrics(cx: Context, self: Instance, step: Step) -> None:
    """Metrics compare, too: what raises in them is raised by ``fit`` and ``evaluate``."""
    metrics: Value | None = self.fields.get("~metrics")
    if metrics is None or is_none(metrics) or isinstance(metrics, Unknown):
        return
    outputs = flatten(step.y_pred)
    labels = flatten(step.y)
    new = is_keras3(cx)
    found = flatten(metrics)
    for one in found:
        text = as_str(one)
        if text is not None and not is_metric(text, new):
            message = (
                f"Could not interpret metric identifier: {text}"
                if new
                else f"Unknown metric function: '{text}'. Please ensure you are using a "
                "`keras.utils.custom_object_scope` and that this object is included in the scope."
            )
            raise invalid(cx, "ValueError", message, "metrics", one)
    if len(outputs) > 1:
        if new and isinstance(metrics, Sequence) and _is_flat(metrics) and len(found) not in (0, len(outputs)):
            message = (
                f"tuple arity mismatch; expected: {len(outputs)}, got: {len(found)}; tuple: ...\nInvalid `metrics`. "
                "`metrics` should contain metrics objects and either be a dict or a list matching the output "
                "names of the "
                "functional model or match the output structure of the model."
            )
            raise invalid(cx, "ValueError", message, "metrics", metrics)
        return
    if len(labels) != 1 or not isinstance(labels[0], Array) or not isinstance(outputs[0], Array):
        return
    if labels[0].tainted or outputs[0].tainted:
        return
    for one in found:
        refused(cx, self, one)
        _metric(cx, one, labels[0], outputs[0], step)


def _is_flat(value: Sequence) -> bool:
    return not any(is_nested(child) for child in children(value))


def _metric(cx: Context, metric: Value, label: Array, prediction: Array, step: Step) -> None:
    new = is_keras3(cx)
    if isinstance(metric, Function):
        result = traced_call(cx, metric, label, prediction)
        if new and isinstance(result, Array) and result.shape is None and result.meta.get("unranked"):
            from foreshape.faults.invalid_argument import InvalidArgument

            message = "Cannot take the length of shape with unknown rank."
            given = f"{metric.name}(), of unknown rank"
            raise InvalidArgument(error(cx, "ValueError", message), values=(metric,), argument="metrics", given=given)
        return
    own = cx.user_method(metric, "update_state") if isinstance(metric, Instance) else None
    if own is not None:
        traced_call(cx, own, label, prediction)
        return
    word = as_str(metric)
    if isinstance(metric, (Instance, LibraryRef)):
        name = metric.cls.name if isinstance(metric, Instance) else metric.name
        if not name.startswith("keras."):
            return
        word = name.rpartition(".")[2]
    if word is None or label.shape is None or prediction.shape is None:
        return
    if word in F_SCORES:
        _f_score(cx, word, label, prediction)
    found = loss_name(word, new)
    if found in ELEMENTWISE and found != "cosine_similarity":
        return  # broadcast again, silently: the loss has said it
    if found in SPARSE:
        compare(cx, Comparison(found, label, prediction, batch=step.batch, sizes=step.sizes))
        return
    confusion = word in CONFUSION or (new and any(snake_of(name) == word for name in CONFUSION))
    multi_label = isinstance(metric, Instance) and (
        "multi_label" in metric.fields or "class_id" in metric.fields or "top_k" in metric.fields
    )
    if confusion and not multi_label:
        _confusion(cx, word, label, prediction, step)


F_SCORES = ("F1Score", "FBetaScore", "f1_score", "fbeta_score")


def _f_score(cx: Context, word: str, label: Array, prediction: Array) -> None:
    """Takes one-hot labels: Keras 3 refuses a vector of class numbers, Keras 2 whole numbers."""
    assert label.shape is not None and prediction.shape is not None
    new = is_keras3(cx)
    numbers = label.shape[-1:] == (1,) and (label.dtype or "").startswith("int")
    if not (len(label.shape) == 1 if new else numbers):
        return
    if len(prediction.shape) != 2 or prediction.shape[-1] == 1:
        return
    message = (
        "FBetaScore expects 2D inputs with shape (batch_size, output_dim)."
        if new
        else f"Tensor conversion requested dtype float32 for Tensor with dtype {label.dtype}"
    )
    raise LabelShape(
        error(cx, "ValueError", message),
        values=(label, prediction),
        loss=word,
        labels=label.shape,
        predictions=prediction.shape,
    )


def snake_of(name: str) -> str:
    """The snake-case alias of a metric class."""
    from foreshape.semantics.keras.names import snake_case

    return snake_case(name)


def _confusion(cx: Context, word: str, label: Array, prediction: Array, step: Step) -> None:
    """``Precision``, ``AUC``, ... count true and false ones element by element: sparse labels do not fit scores per
    class."""
    from foreshape.semantics.keras.base import dims_text, undefined
    from foreshape.semantics.keras.losses import GRAPH_ERROR

    assert label.shape is not None and prediction.shape is not None
    made = squeeze_to_same_rank(cx, label.shape, prediction.shape)
    if made is None:
        return
    labels, predictions = made
    if not labels or not predictions:
        return
    classes = predictions[-1]
    if len(predictions) != 2 or not isinstance(classes, int) or classes == 1:
        return
    sparse = len(labels) == 1 or (len(labels) == 2 and labels[-1] == 1)
    if not sparse or undefined(classes):
        return
    if is_keras3(cx):
        message = f"{GRAPH_ERROR}required broadcastable shapes: {dims_text(labels)} and {dims_text(predictions)}"
        raised = error(cx, "InvalidArgumentError", message)
    else:
        message = f"Shapes {dims_text(predictions)} and {dims_text((labels[0], 1))} are incompatible"
        raised = error(cx, "ValueError", message)
    raise LabelShape(
        raised, values=(label, prediction), loss=word, labels=label.shape, predictions=prediction.shape, hint="sparse"
    )


def metric_count(cx: Context, self: Instance, outputs: int) -> int | None:
    """How many numbers ``evaluate`` gives besides the loss; None where it is not known."""
    metrics: Value | None = self.fields.get("~metrics")
    if metrics is None or is_none(metrics):
        return 0
    if not is_nested(metrics):
        return 1 if isinstance(metrics, (Const, Function, Instance, LibraryRef)) else None
    found = flatten(metrics)
    if any(isinstance(one, Unknown) for one in found):
        return None
    if outputs > 1 and not is_keras3(cx) and isinstance(metrics, Sequence) and _is_flat(metrics):
        return len(found) * outputs
    return len(found)


def metric_names(cx: Context, self: Instance) -> list[str] | None:
    """The keys of a history besides "loss", for a model with one output; None where they are not known."""
    if not self.fields.get("~compiled") or self.tainted or overridden_step(cx, self):
        return None
    graph = graph_of(self)
    if graph is None or len(graph.outputs) != 1 or isinstance(graph.outputs_struct, DictValue):
        return None
    loss: Value | None = self.fields.get("~loss")
    if isinstance(loss, (Sequence, DictValue)):
        return None
    metrics: Value | None = self.fields.get("~metrics")
    if metrics is None or is_none(metrics):
        return []
    if not isinstance(metrics, Sequence) or not _is_flat(metrics):
        return None
    found: list[str] = []
    for one in flatten(metrics):
        name = _metric_name(cx, one)
        if name is None or name in found:
            return None
        found.append(name)
    return found


def overridden_step(cx: Context, self: Instance) -> bool:
    """Whether the program has its own training step."""
    return any(cx.user_method(self, name) is not None for name in ("train_step", "test_step", "compute_metrics"))


def _metric_name(cx: Context, metric: Value) -> str | None:
    text = as_str(metric)
    if text is not None:
        return text if is_keras3(cx) or text in ("accuracy", "acc", "mse", "mae", "mape", "msle") else None
    if isinstance(metric, Function):
        return metric.name if metric.name != "<lambda>" else None
    if (
        isinstance(metric, Instance)
        and isinstance(metric.cls, LibraryRef)
        and metric.cls.name.startswith("keras.metrics.")
    ):
        given = metric.fields.get("name")
        if isinstance(given, Value):
            return as_str(given)
        if "~args" in metric.fields:
            return None
        plain = ("MeanSquaredError", "MeanAbsoluteError", "RootMeanSquaredError", "BinaryAccuracy",
                 "CategoricalAccuracy",
                 "SparseCategoricalAccuracy")  # fmt: skip
        word = metric.cls.name.rpartition(".")[2]
        return snake_of(word) if word in plain else None
    return None
