"""What trains, but not on what was meant: losses, ids, stored numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.explain.telling import Prose

if TYPE_CHECKING:
    from foreshape.explain.telling import Telling
    from foreshape.faults.leaked_target import LeakedTarget
    from foreshape.faults.logits_as_probabilities import LogitsAsProbabilities
    from foreshape.faults.negative_id import NegativeId
    from foreshape.faults.scaled_before_split import ScaledBeforeSplit
    from foreshape.faults.truncated_floats import TruncatedFloats


def logits_as_probabilities(told: Telling) -> Prose:
    """ "sparse_categorical_crossentropy takes probabilities, but dense has no activation and gives raw scores"."""
    fault: LogitsAsProbabilities = told.fault  # type: ignore[assignment]
    return Prose(
        f"{fault.loss} takes probabilities, but {fault.layer} gives raw scores",
        f"The layer has no activation. Give it {fault.activation}, or compile with a loss object and from_logits=True.",
    )


def negative_id(told: Telling) -> Prose:
    """ "ids holds -1, for which the Embedding takes its last row, 5"."""
    fault: NegativeId = told.fault  # type: ignore[assignment]
    name = told.name(told.value(), "the input")
    index = told.dim(fault.index)
    return Prose(
        f"{name} holds {index}, for which the Embedding takes row {told.dim(fault.row)}, counted from the end",
        "Nothing raises in Keras 3: whatever -1 was meant to be looks like that word. Keep an id of its own for it.",
        cause=told.origin(told.value()),
        cause_label=f"holds {index}",
    )


def truncated_floats(told: Telling) -> Prose:
    """ "pad_sequences stores gestures as int32: everything after the point is lost"."""
    fault: TruncatedFloats = told.fault  # type: ignore[assignment]
    name = told.name(told.value(), "the sequences")
    shown = ""
    if fault.example is not None:
        shown = f" ({fault.example:g} becomes {int(fault.example)})"
    if fault.scaler:
        called = name if len(name) <= 32 else "scaled data"
        return Prose(
            f"{fault.taker} stores {called} as {fault.dtype}, but what {fault.scaler} gives lies around 0: nearly all of it becomes 0",
            "A cast to integers cuts off what stands after the point. Scaled data stays float: leave the dtype out.",
        )
    return Prose(
        f"{fault.taker} stores {name if len(name) <= 32 else 'the sequences'} as {fault.dtype}: fractions are cut off{shown}",
        f'{fault.taker} is made for ids and gives int32 unless it is told otherwise. dtype="float32" keeps the numbers.',
    )


def scaled_before_split(told: Telling) -> Prose:
    """ "MinMaxScaler was fitted on all the data, the part for testing included"."""
    fault: ScaledBeforeSplit = told.fault  # type: ignore[assignment]
    scaled = fault.values[0]
    return Prose(
        f"{fault.scaler} was fitted on all the data, the part that the model is tried on here included",
        "Its range or mean then knows of the held-out rows, so the test is a little kinder than new data. Split first, "
        "fit_transform the training part, and only transform the rest. The shapes are fine.",
        subject=scaled,
        cause=scaled.origin,
        cause_label="fitted before the split",
    )


def leaked_target(told: Telling) -> Prose:
    """ "the target of each window is its own last step, so there is nothing to predict"."""
    fault: LeakedTarget = told.fault  # type: ignore[assignment]
    element = fault.values[-1]
    return Prose(
        "the target of each window is the last step of that window: the model only has to copy it",
        "A slice ends before its stop, so data[i:i + n] has the steps i to i + n - 1. The step after the window is data[i + n].",
        cause=element.origin,
        cause_label="this step is in the window",
    )
