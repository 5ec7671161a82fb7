"""What runs, but computes something else: axes that are read as others, losses that are fed the wrong thing."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from foreshape.domain.values import Array
from foreshape.explain.telling import Prose
from foreshape.explain.words import fitting

if TYPE_CHECKING:
    from foreshape.domain.values import Shape
    from foreshape.explain.telling import Telling
    from foreshape.faults.argmax_axis import ArgmaxAxis
    from foreshape.faults.batch_element_taken import BatchElementTaken
    from foreshape.faults.batch_time_swapped import BatchTimeSwapped
    from foreshape.faults.final_state import FinalState
    from foreshape.faults.inverted_mask import InvertedMask
    from foreshape.faults.padded_last_step import PaddedLastStep
    from foreshape.faults.positions_along_batch import PositionsAlongBatch
    from foreshape.faults.reshape_mixes_axes import ReshapeMixesAxes
    from foreshape.faults.softmax_axis import SoftmaxAxis
    from foreshape.faults.softmax_before_loss import SoftmaxBeforeLoss


def _plain(told: Telling, shape: Shape) -> str:
    return told.sizes.shape(shape)


def batch_time_swapped(told: Telling) -> Prose:
    """ "this LSTM reads the 32 samples as timesteps and the 50 timesteps as samples"."""
    fault: BatchTimeSwapped = told.fault  # type: ignore[assignment]
    samples, steps = told.dim(fault.got[fault.batch]), told.dim(fault.got[1 - fault.batch])
    first = fault.batch == 0
    made = told.fault.values[1].origin if len(told.fault.values) > 1 else None
    return Prose(
        f"this {fault.taker} reads the {samples} samples as timesteps and the {steps} timesteps as samples",
        "The sizes fit, so training runs, but information flows between the samples of a batch instead of along time.",
        cause=made if made is not None and made.node is not told.node else None,
        cause_label="batch_first is False: it reads (time, batch, features)"
        if first
        else "batch_first=True: it reads (batch, time, features)",
        remark="the batch comes first here" if first else "time comes first here",
    )


def batch_element_taken(told: Telling) -> Prose:
    """ "-1 on axis 1 of the state takes the last sample: its axes are (layers, batch, features)"."""
    fault: BatchElementTaken = told.fault  # type: ignore[assignment]
    state = fault.what == "state"
    axes = (
        "(layers, batch, features)"
        if state
        else "(batch, time, features)"
        if fault.axis == 0
        else "(time, batch, features)"
    )
    right = "h[-1]" if state else "out[:, -1]" if fault.axis == 0 else "out[-1]"
    meant = "layer" if state else "timestep"
    return Prose(
        f"-1 is the last sample of the batch here, not the last {meant}: the {fault.what} is {axes}",
        f"The last {meant} of every sample is {right}. What is left here has no batch axis.",
        remark=f"axis {fault.axis} of {_plain(told, fault.got)} is the batch",
    )


def reshape_mixes_axes(told: Telling) -> Prose:
    """ "a reshape of (10, 40, 6) to (10, 6, 40) does not move the axis of 40: it cuts the rows anew"."""
    fault: ReshapeMixesAxes = told.fault  # type: ignore[assignment]
    before, after = _plain(told, fault.before), _plain(told, fault.after)
    size = told.dim(fault.size)
    return Prose(
        fitting(
            f"reshaping {before} to {after} does not move the axis of {size}: it mixes the numbers of different rows",
            f"this reshape does not move the axis of {size}: it mixes the numbers of different rows",
        ),
        f"A reshape keeps the numbers in their order and only cuts it anew. {_mover(told)}",
        remark=f"axis {fault.source} would become axis {fault.target}",
    )


def _mover(told: Telling) -> str:
    """What moves axes, in the words of the library."""
    value = told.value()
    if isinstance(value, Array) and value.kind == "torch":
        return "permute and transpose move axes."
    return "A transpose moves axes; in a Keras model, Permute does."


def softmax_axis(told: Telling) -> Prose:
    """ "softmax over axis 0, the batch: each sample's probabilities depend on the others"."""
    fault: SoftmaxAxis = told.fault  # type: ignore[assignment]
    if fault.implicit:
        return Prose(
            f"{fault.taker} without dim runs over axis {fault.axis} of {_plain(told, fault.got)}, not over the last one",
            "For three axes PyTorch chooses the first one, which is usually the batch. dim=-1 is the last axis.",
            cause_label="no dim",
        )
    word = "axis" if told.argument("axis", 99) or fault.taker == "Softmax" else "dim"
    # over a last axis of size 1 each softmax is 1: the scores of timesteps stand in the axis before
    meant = (
        f"{word}=1 is the axis of the timesteps"
        if len(fault.got) == 3 and fault.got[-1] == 1
        else f"{word}=-1 is the last axis"
    )
    return Prose(
        f"{fault.taker} runs over axis {fault.axis} of {_plain(told, fault.got)}, which holds the samples of the batch",
        f"The numbers of all samples together add up to 1, so that each sample depends on the others. {meant}.",
        cause=told.argument("axis", 99) or told.argument("dim", 0 if _method(told) else 1),
        cause_label="the batch axis",
    )


def _method(told: Telling) -> bool:
    """Whether the tensor stands before the dot."""
    owner = told.called().rpartition(".")[0]
    return owner not in ("F", "torch", "functional", "nn.functional", "torch.nn.functional")


def softmax_before_loss(told: Telling) -> Prose:
    """ "cross_entropy applies a softmax itself, and is given the output of one"."""
    fault: SoftmaxBeforeLoss = told.fault  # type: ignore[assignment]
    cause = told.made_before(told.value(0))
    if fault.wants == "log-probabilities":
        return Prose(
            f"{fault.loss} wants log-probabilities, but is given the probabilities of a {fault.given}",
            "It takes the number at the place of the label as it is. log_softmax gives what it wants.",
            cause=cause,
            cause_label="gives probabilities",
        )
    own = "a logarithmic softmax" if fault.given == "softmax" else f"the {fault.given}"
    return Prose(
        f"{fault.loss} applies {own} itself, but is given what went through a {fault.given} already",
        "Applied twice, the scores lie between 0 and 1: the loss cannot come near 0 and the gradients are small.",
        cause=cause,
        cause_label=f"to leave out: the loss has its own {fault.given}",
    )


def padded_last_step(told: Telling) -> Prose:
    """ "out[:, -1] is padding for all but the longest sequence"."""
    fault: PaddedLastStep = told.fault  # type: ignore[assignment]
    return Prose(
        f"the last of {told.dim(fault.got[fault.axis])} timesteps is padding for all but the longest sequence",
        "The sequences were filled up to the longest by pad_sequence. The last step of each is at lengths - 1; of packed sequences "
        "the module gives it as its last state.",
        remark=f"padded by {fault.padder}",
    )


def positions_along_batch(told: Telling) -> Prose:
    """ "positions (16, 1, 32) are added along the 16 samples of the batch, not along time"."""
    fault: PositionsAlongBatch = told.fault  # type: ignore[assignment]
    table, got = _plain(told, fault.table), _plain(told, fault.got)
    return Prose(
        fitting(
            f"the positions {table} are added along the batch axis of {got}, not along time",
            f"the positions {table} are added along the batch axis, not along time",
        ),
        "Every timestep of a sample gets the same vector. A table of (1, length, features), cut with x.size(1), runs along time.",
    )


def final_state(told: Telling) -> Prose:
    """ "h[0] is the state of layer 1 of 2: the last layer's is h[-1]"."""
    fault: FinalState = told.fault  # type: ignore[assignment]
    piece = told.origin(told.value(0))
    name = _indexed(piece)
    written = " and ".join(f"{name}[{index}]" for index in fault.index)
    top = f"{name}[-1]" if fault.directions == 1 else f"{name}[-2] and {name}[-1] together"
    cause = told.made_before(told.value(0))
    stand = "The states are (layers * directions, batch, features): the first layer first, forward before backward."
    if fault.what == "one-direction":
        which = "forward" if (fault.index[0] % 2) == 0 else "backward"
        return Prose(
            f"{written} is the end of the {which} direction alone: half of this bidirectional module",
            f"{stand} Both directions of the last layer are {top}.",
            cause=cause,
            cause_label=f"the {which} direction",
        )
    if fault.what == "no-directions":
        return Prose(
            f"{written} are two layers of a module of one direction, not its two directions",
            f"{stand} bidirectional is False here: the end of the sequence is {name}[-1], which has read everything.",
            cause=cause,
            cause_label="a layer below the last one",
        )
    number = fault.index[0] % (fault.depth * fault.directions) // fault.directions + 1
    verb = "is the state" if len(fault.index) == 1 else "are states"
    return Prose(
        f"{written} {verb} of layer {number} of {fault.depth}: the last layer is {top}",
        f"{stand} What the layers above found is left out.",
        cause=cause,
        cause_label="not the last layer",
    )


def inverted_mask(told: Telling) -> Prose:
    """ "mask is True where the tokens are: attention leaves them out and reads the padding"."""
    fault: InvertedMask = told.fault  # type: ignore[assignment]
    made = told.origin(told.value(0))
    name = made.name if made is not None and made.name else "the padding mask"
    which = "below the length of a sample" if fault.lengths else "where a token stands"
    return Prose(
        f"{name} is True where the tokens are: attention leaves those out and reads the padding",
        "In a key_padding_mask True means: leave this out. Nothing raises, but the model sees padding only, and a sample "
        "without padding gives nan.",
        cause=made if made is not None and made.node is not told.node else None,
        cause_label=f"True {which}",
    )


def half_read_step(told: Telling) -> Prose:
    """ "the backward half of the last step has read that step only: it ends at the first step"."""
    piece = told.origin(told.value(0))
    name = _indexed(piece)
    return Prose(
        "the backward half of the last step has read that step only: it ends at the first step",
        f"The output has the forward direction in its first half and the backward one in its second: {name} at the first step "
        "is where the backward direction has read everything. The states h[-2] and h[-1] are both ends.",
        cause=told.made_before(told.value(0)),
        cause_label="the last step of both directions",
    )


def _indexed(piece: object) -> str:
    """What is indexed, as it is written; "h" where that is long."""
    node = getattr(piece, "node", None)
    text = ast.unparse(node.value) if isinstance(node, ast.Subscript) else "h"
    return text if len(text) <= 20 else "h"


def argmax_axis(told: Telling) -> Prose:
    """ "argmax over axis 0 of (10, 10) gives a sample for each class, and is compared with the labels"."""
    fault: ArgmaxAxis = told.fault  # type: ignore[assignment]
    return Prose(
        f"{fault.taker} over axis 0 of {_plain(told, fault.got)} gives a sample for each class, not a class for each sample",
        "Axis 0 holds the samples of the batch. There are as many of them as classes, so that the comparison with the "
        "labels runs. The class of each sample is along axis 1.",
        cause=told.made_before(told.value(0)),
        cause_label="the batch axis",
    )
