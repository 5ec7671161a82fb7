"""Labels and predictions."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from foreshape.domain.origin import Origin
from foreshape.domain.values import Array, Shape, Value
from foreshape.explain.chain import RECURRENT, Step, changed_at
from foreshape.explain.telling import Prose, is_layer_step
from foreshape.explain.words import count, fitting

if TYPE_CHECKING:
    from foreshape.explain.telling import Telling
    from foreshape.faults.label_range import LabelRange
    from foreshape.faults.label_shape import LabelShape
    from foreshape.faults.silent_loss_broadcast import SilentLossBroadcast


def _labels(told: Telling) -> str:
    name = told.name(told.value(0), "the labels")
    return name if len(name) <= 24 else "the labels"


def _is(name: str) -> str:
    return "are" if name == "the labels" else "is"


def _holds(name: str) -> str:
    return "hold" if name == "the labels" else "holds"


def _shape(told: Telling, dims: Shape, value: Value | None) -> str:
    """A shape with its first axis called batch."""
    fault: LabelShape | SilentLossBroadcast = told.fault  # type: ignore[assignment]
    names = ("batch", *told.names(value, dims)[1:]) if dims else ()
    text = told.sizes.shape(dims, names)
    aligned = fault.labels and fault.predictions and fault.labels[0] == fault.predictions[0] == dims[0]
    if aligned and told.called().rpartition(".")[2] in ("fit", "evaluate") and len(dims) > 1:
        return "(batch, " + text.partition(", ")[2]
    return text


def label_shape(told: Telling) -> Prose:
    """ "categorical_crossentropy needs one-hot labels, (batch, 3), but y_train holds class numbers, (batch,)"."""
    fault: LabelShape = told.fault  # type: ignore[assignment]
    labels, predictions = told.value(0), told.value(1)
    name = _labels(told)
    left = _shape(told, fault.labels, labels)
    right = _shape(told, fault.predictions, predictions)
    hint = fault.hint.replace("1 arrays", "1 array")
    if hint and hint not in ("one-hot", "sparse"):
        return Prose(
            f"fit gets {hint}",
            "Each output of the model is compared with an array of labels of its own.",
            cause=told.argument("y", 1),
            cause_label=hint,
            subject=labels,
        )
    last = _last_layer(told, predictions)
    if _of_fixed_batch(fault) and told.called().rpartition(".")[2] in ("fit", "evaluate"):
        size = told.dim(fault.predictions[0])
        return Prose(
            f"the model was built for batches of {size}, but the last batch of {name} is smaller",
            f"Every batch has to hold {size} samples where the batch size is fixed (batch_shape, batch_input_shape): as many samples "
            f"as a multiple of {size}, or drop_remainder=True in a dataset.",
            cause=last.origin if last is not None else told.origin(labels),
            cause_label=f"gives {right}",
            marks=_mark(told, labels, f"labels {left}"),
            subject=labels,
        )
    if fault.hint == "sparse" and "categorical" in fault.loss and not _one_for_all(fault, labels):
        return Prose(
            f"{fault.loss} needs one-hot labels, {right}, but {name} {_holds(name)} class numbers, {left}",
            f"{fault.loss} compares two vectors per sample. For one class number per sample there is "
            "sparse_categorical_crossentropy; keras.utils.to_categorical makes one-hot labels of class numbers.",
            cause=told.loss_argument() or told.origin(labels),
            cause_label="compares vectors with vectors",
            marks=_mark(told, labels, f"labels {left}"),
            subject=labels,
        )
    if fault.hint == "one-hot":
        return Prose(
            f"{fault.loss} needs one class number per sample, but {name} {_is(name)} one-hot, {left}",
            "The sparse loss looks up one score by the class number. For one-hot labels there is categorical_crossentropy.",
            cause=told.loss_argument() or told.origin(labels),
            cause_label="takes class numbers",
            marks=_mark(told, labels, f"labels {left}"),
            subject=labels,
        )
    prose = Prose(
        fitting(
            f"the model gives {right}, but {name} {_is(name)} {left}: {fault.loss} cannot compare them",
            f"the model gives {right}, but {name} {_is(name)} {left}",
        ),
        subject=predictions if last is not None else labels,
    )
    step = last
    if len(fault.predictions) > len(fault.labels):
        step = _keeps_time(told, predictions) or last
    elif len(fault.predictions) == len(fault.labels):
        step = _decides(told, fault, predictions) or last
    if step is not None:
        prose.cause = step.origin
        prose.cause_label = f"gives {right}" if step is last else "decides the size that differs"
        if step.maker in RECURRENT and len(fault.predictions) > len(fault.labels):
            prose.cause_label = "return_sequences=True keeps the timesteps"
            prose.why = (
                "With return_sequences=True there is one prediction per timestep, and so a label is needed for each."
            )
    if not prose.why:
        prose.why = _why(told, fault)
    prose.marks = _mark(told, labels, f"labels {left}")
    return prose


def _of_fixed_batch(fault: LabelShape) -> bool:
    """Whether the last batch alone is at fault: it is smaller than the one that the model was built for."""
    held, made = fault.labels, fault.predictions
    if not held or not made or not isinstance(made[0], int) or held[0] == made[0]:
        return False
    return held[1:] == made[1:] or (len(held) == 1 and made[1:] == (1,))


def _one_for_all(fault: LabelShape, labels: Value | None) -> bool:
    """One label for a whole sequence, where the model gives one prediction per timestep."""
    a, b = fault.labels, fault.predictions
    whole = isinstance(labels, Array) and labels.dtype is not None and "int" in labels.dtype
    return len(b) == len(a) + 1 > 2 and a[-1] == b[-1] and not whole


def _why(told: Telling, fault: LabelShape) -> str:
    if len(fault.labels) != len(fault.predictions):
        return "Labels and predictions need the same axes: one label for each number that the model gives."
    units = fault.predictions[-1] if fault.predictions else None
    wanted = fault.labels[-1] if fault.labels else None
    if len(fault.labels) > 2 and sorted(map(str, fault.labels[1:])) == sorted(map(str, fault.predictions[1:])):
        return "The sizes are the same, but the axes are in another order: a transpose of one of the two turns them."
    if isinstance(units, int) and isinstance(wanted, int) and units != wanted:
        return (
            f"The model gives {count(units, 'number')} in the last axis, and the labels have {wanted}: "
            "one of the two has to change."
        )
    return "Labels and predictions are compared number by number, so their shapes have to be the same."


def _mark(told: Telling, value: Value | None, label: str) -> tuple[tuple[Origin, str], ...]:
    found = told.origin(value)
    return () if found is None or found.node is told.node else ((found, label),)


def _last_layer(told: Telling, predictions: Value | None) -> Step | None:
    return next((step for step in reversed(told.steps(predictions)) if is_layer_step(step) and step.maker), None)


def _keeps_time(told: Telling, predictions: Value | None) -> Step | None:
    for step in reversed(told.steps(predictions)):
        if isinstance(step.value, Array) and step.value.kind == "torch":
            return None  # a recurrent module of PyTorch always gives all timesteps
        if step.maker in RECURRENT and step.shape is not None and len(step.shape) == 3:
            return step
    return None


def _decides(told: Telling, fault: LabelShape, predictions: Value | None) -> Step | None:
    """The layer that gives the axis in which predictions differ from labels its size."""
    for axis in range(-1, -len(fault.labels), -1):
        if fault.labels[axis] != fault.predictions[axis]:
            step = changed_at(told.steps(predictions), fault.predictions[axis], axis)
            return step if step is not None and step.maker and is_layer_step(step) else None
    return None


def label_range(told: Telling) -> Prose:
    """ "y_train holds the class 3, but the model has outputs for 0 to 2 only"."""
    fault: LabelRange = told.fault  # type: ignore[assignment]
    labels, predictions = told.value(0), told.value(1)
    classes = told.dim(fault.classes)
    label = told.dim(fault.label)
    last = _last_layer(told, predictions)
    one = fault.classes == 1
    outputs = (
        "one output only, for class 0" if one else f"outputs for the classes 0 to {told.dim(fault.classes - 1)} only"
    )
    prose = Prose(
        f"{_labels(told)} {_holds(_labels(told))} the class {label}, but the model has {outputs}",
        "Class numbers count from 0, and the last layer needs as many units as there are classes. Labels that count from 1 "
        "need one unit more, or 1 taken off.",
        subject=labels,
        cause_label=f"{classes} outputs" if not one else "1 output",
    )
    if one:
        prose.why = (
            "A single output with a sigmoid goes with binary_crossentropy. sparse_categorical_crossentropy needs one unit per "
            "class."
        )
    if last is not None:
        prose.cause = last.origin
        prose.marks = _mark(told, labels, f"class {label} is among these")
    else:
        prose.cause = told.origin(labels)
        prose.cause_label = f"class {label} is among these"
    return prose


def _why_silent(fault: SilentLossBroadcast) -> str:
    crossed = fault.values[2].origin if len(fault.values) > 2 else None
    if crossed is not None and isinstance(crossed.node, ast.Compare):
        return (
            "Nothing raises, but each prediction is compared with the labels of all samples: the count means nothing."
        )
    why = "The loss is one number either way, so training runs, but"
    predicted = fault.values[1] if len(fault.values) > 1 else None
    if isinstance(predicted, Array) and predicted.kind == "numpy" and len(fault.labels) != len(fault.predictions):
        return (
            "The mean of it is one number either way, but each prediction meets the labels of all samples, so that number says "
            "nothing. .squeeze(-1) or [:, 0] takes the axis of size 1 off the predictions."
        )
    a, b = fault.labels, fault.predictions
    if len(a) == len(b) and a[:1] == b[:1]:
        short, long = ("prediction", "labels") if b[-1] == 1 or a[-1] != 1 else ("label", "predictions")
        return f"{why} the {short} of a sample is compared with each of its {long}."
    return f"{why} each prediction is compared with the labels of other samples, too: the model learns their mean."


def silent_loss_broadcast(told: Telling) -> Prose:
    """ "mse compares every label with every prediction: labels (batch,), predictions (batch, 10, 1); nothing raises"."""
    fault: SilentLossBroadcast = told.fault  # type: ignore[assignment]
    labels, predictions = told.value(0), told.value(1)
    left = _shape(told, fault.labels, labels)
    right = _shape(told, fault.predictions, predictions)
    result = told.sizes.shape(fault.result)
    prose = Prose(
        fitting(
            f"{fault.loss} silently stretches labels {left} and predictions {right} to {result}",
            f"labels {left} and predictions {right} are silently stretched to {result}",
        ),
        _why_silent(fault),
        subject=predictions if isinstance(predictions, Array) else labels,
        marks=_mark(told, labels, f"labels {left}"),
    )
    step = _keeps_time(told, predictions) if len(fault.predictions) > len(fault.labels) else None
    step = step or _last_layer(told, predictions)
    if step is not None and step.maker not in RECURRENT and step.shape != fault.predictions:
        step = None
    if step is not None:
        prose.cause = step.origin
        prose.cause_label = "return_sequences=True keeps the timesteps" if step.maker in RECURRENT else f"gives {right}"
    elif (made := told.made_before(predictions)) is not None:
        prose.cause = made
        prose.cause_label = f"gives {right}"
    return prose
