"""Modules, losses and masks of PyTorch that get what they cannot take: in PyTorch's own words where Keras has others."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from foreshape.domain.origin import Origin
from foreshape.domain.values import Array, Instance, Shape, as_bool
from foreshape.explain.chain import Step, changed_at, elsewhere, joined_axes
from foreshape.explain.telling import Prose, is_layer_step
from foreshape.explain.words import article, axes_count, axis_words, count, fitting

if TYPE_CHECKING:
    from foreshape.explain.telling import Telling
    from foreshape.faults.embedding_range import EmbeddingRange
    from foreshape.faults.feature_mismatch import FeatureMismatch
    from foreshape.faults.label_shape import LabelShape
    from foreshape.faults.mask_shape import MaskShape
    from foreshape.faults.rank_mismatch import RankMismatch
    from foreshape.faults.state_shape import StateShape

RECURRENT: Final = ("LSTM", "GRU", "RNN")
SIZES: Final = {
    "Linear": "in_features", "Bilinear": "in1_features", "LazyLinear": "in_features", "LSTM": "input_size",
    "GRU": "input_size", "RNN": "input_size", "LSTMCell": "input_size", "GRUCell": "input_size", "RNNCell": "input_size",
    "MultiheadAttention": "embed_dim", "TransformerEncoderLayer": "d_model", "TransformerDecoderLayer": "d_model",
    "Transformer": "d_model", "Conv1d": "in_channels", "Conv2d": "in_channels", "Conv3d": "in_channels",
    "ConvTranspose1d": "in_channels", "ConvTranspose2d": "in_channels", "BatchNorm1d": "num_features",
    "BatchNorm2d": "num_features", "BatchNorm3d": "num_features", "LayerNorm": "normalized_shape",
}  # fmt: skip
"""The first argument of a module: how many features it is made for."""


def by_torch(told: Telling) -> bool:
    """Whether PyTorch raises it."""
    raises = told.fault.raises
    return raises is not None and raises.by.startswith("torch")


def _given(origin: Origin | None, name: str, position: int | None = None) -> Origin | None:
    """An argument of the call that stands there."""
    node = None if origin is None else origin.node
    if origin is None or not isinstance(node, ast.Call):
        return None
    for keyword in node.keywords:
        if keyword.arg == name:
            return Origin(origin.path, keyword.value)
    return Origin(origin.path, node.args[position]) if position is not None and position < len(node.args) else None


def _maker(step: Step | None) -> Instance | None:
    """The module that made a value."""
    if step is None:
        return None
    return next((given for given in step.origin.inputs if isinstance(given, Instance) and _module(given)), None)


def _module(value: Instance) -> bool:
    return (value.library_type or "").startswith("torch.nn.")


def _doubled(told: Telling, maker: Instance | None) -> tuple[int, int] | None:
    """(hidden_size, directions) of a recurrent module that reads both ways."""
    if maker is None or (maker.library_type or "").rpartition(".")[2] not in RECURRENT:
        return None
    if not as_bool(maker.fields.get("bidirectional")):
        return None
    size = told.field(maker, "proj_size") or told.field(maker, "hidden_size")
    return (size, 2) if isinstance(size, int) else None


# -- sizes ------------------------------------------------------------------------------------------------------------


def feature_mismatch(told: Telling) -> Prose:
    """ "Linear expects 64 features, but the LSTM before it gives 128 (hidden_size 64, both directions)"."""
    fault: FeatureMismatch = told.fault  # type: ignore[assignment]
    value = told.value()
    taker = fault.taker
    word = (
        "channels" if "Conv" in taker or taker.startswith(("BatchNorm", "InstanceNorm", "PixelShuffle")) else "features"
    )
    needs, got = told.dim(fault.needs), told.dim(fault.got)
    whole = told.shape_of(value) if value is not None else fault.shape
    whole = fault.shape if whole is None or not whole or -fault.axis > len(whole) else whole
    shape = told.shape(whole, value) if whole is not None else ""
    step = told.layer_before(value)
    maker = _maker(step)
    doubled = _doubled(told, maker)
    named = f"{needs} {word[:-1] if needs == '1' else word}"
    if taker.startswith("PixelShuffle"):
        named = f"a multiple of {needs} channels"
    start = changed_at(told.steps(value), fault.got, fault.axis)
    if step is not None and start is not None and is_layer_step(start) and start.maker[:1].isupper():
        step, doubled = start, doubled or _doubled(told, _maker(start))
        maker = _maker(start)
    if step is not None and step.maker[:1].islower():
        step = None  # batches of a loader, not a module
    lacking = _lacks_channels(whole, fault)
    joined = joined_axes(told.steps(value), start, fault.got) if fault.axis == -1 else ""
    if joined:
        head = f"{taker} expects {named}, but {start.maker if start is not None else 'flatten'} gives {got}{joined}"
    elif lacking and shape:
        head = f"{taker} expects {named}, but {told.name(value, 'its input')} has no axis of channels: {shape}"
    elif step is not None and not told.from_data(value):
        giver = f"the {step.maker} before it" if step.maker else "what comes before it"
        more = f" (hidden_size {doubled[0]}, both directions)" if doubled is not None else ""
        head = fitting(
            f"{taker} expects {named}, but {giver} gives {got}{more}",
            f"{taker} expects {named}, but {giver} gives {got}",
        )
    else:
        name = told.name(value, "the input")
        head = f"{taker} expects {named}, but {name} has {got}: {shape}" if shape else (
            f"{taker} expects {named}, but {name} has {got}"
        )  # fmt: skip
    remark = f"needs {needs} in the last axis, gets {got}" if fault.axis == -1 else f"needs {needs}, gets {got}"
    if taker.startswith("PixelShuffle"):
        remark = f"needs a multiple of {needs}, gets {got}"
    prose = Prose(
        head, remark=f"needs {axes_count(len(whole or ()) + 1)}, gets {len(whole or ())}" if lacking else remark
    )
    made = told.layer_origin()
    argument = SIZES.get(taker, "")
    prose.cause = (_given(made, argument, 0) if argument else None) or made
    prose.cause_label = f"{argument}, to become {got}" if prose.cause is not made else f"made for {named}"
    if (
        lacking
        or elsewhere(whole, fault.needs, fault.axis)
        or (argument == "embed_dim" and "MultiheadAttention" in taker)
    ):
        prose.cause_label = f"made for {named}"
    if prose.cause is None:
        prose.cause, prose.cause_label = told.origin(value), f"{got} {word}"
    prose.why = _why_features(told, fault, taker, argument, doubled)
    if doubled is not None and maker is not None and maker.origin is not None:
        size, directions = doubled
        place = _given(maker.origin, "bidirectional") or maker.origin
        prose.marks = ((place, f"doubles the last axis: {directions} x {size} = {directions * size}"),)
    elif (
        start is not None
        and start.origin.node is not told.node
        and start.origin.node is not getattr(prose.cause, "node", None)
    ):
        prose.marks = ((start.origin, "no axis of channels" if lacking else f"{got} {word} from here on"),)
    prose.also = _folded(told, fault.shape)
    return prose


def _lacks_channels(whole: Shape | None, fault: FeatureMismatch) -> bool:
    """Samples without an axis of channels, given to a convolution for one channel."""
    found = re.fullmatch(r"Conv([123])d", fault.taker)
    return found is not None and whole is not None and fault.needs == 1 and len(whole) == int(found[1]) + 1


def _why_features(
    told: Telling, fault: FeatureMismatch, taker: str, argument: str, doubled: tuple[int, int] | None
) -> str:
    whole, needs = fault.shape, fault.needs
    if taker.startswith("PixelShuffle"):
        return "PixelShuffle(r) makes one channel of every r x r of them, in a picture r times as high and wide."
    if doubled is not None and doubled[0] == needs:
        return (
            "A bidirectional module gives the outputs of both directions side by side in the last axis, so what follows gets "
            "twice hidden_size."
        )
    if whole is not None and len(whole) > 2 and fault.axis == -1 and needs in whole[1:-1]:
        place = list(whole).index(needs)
        return (
            f"{taker} reads the last axis, and the {told.dim(needs)} it was made for stand in axis {place}: a transpose (or "
            "permute) brings them there; a view or reshape would mix the values up."
        )
    if _lacks_channels(whole, fault):
        return (
            f"{taker} reads (samples, channels, ...); with an axis less it takes the first one for the channels of a single "
            "sample. x.unsqueeze(1) gives each sample its one channel."
        )
    place = elsewhere(whole, needs, fault.axis)
    if place and fault.axis != -1 and whole is not None:
        order = (0, place, *(axis for axis in range(1, len(whole)) if axis != place))
        return (
            f"{taker} reads its {told.dim(needs)} channels in axis 1, and here they stand in axis {place}: "
            f"x.permute{order} brings them there; a view or reshape would mix the values up."
        )
    if taker == "MultiheadAttention":
        return "Query, key and value have embed_dim features each; where keys and values have others, kdim and vdim say how many."
    if argument:
        return f"{argument}, the first argument of nn.{taker}, has to be the size of the axis that it reads."
    return "The weights of a module are made once, for one number of features."


def _folded(told: Telling, shape: Shape | None) -> tuple[str, ...]:
    """ "240 in torch's message is 8 x 30"."""
    raises = told.fault.raises
    if raises is None or shape is None or len(shape) < 3 or not all(isinstance(size, int) for size in shape):
        return ()
    found = re.search(r"cannot be multiplied \((\d+)x", raises.message)
    rows = 1
    for size in shape[:-1]:
        rows = rows * size  # type: ignore[assignment]
    if found is None or int(found[1]) != rows:
        return ()
    fault: FeatureMismatch = told.fault  # type: ignore[assignment]
    text = " x ".join(str(size) for size in shape[:-1])
    return (f"{rows} in torch's message is {text}: {fault.taker} folds all axes but the last together.",)


def rank_mismatch(told: Telling) -> Prose:
    """ "LSTM reads (batch, timesteps, features), but images is (32, 1, 28, 28)"."""
    from foreshape.explain.prose import layers

    fault: RankMismatch = told.fault  # type: ignore[assignment]
    prose = layers.rank_mismatch(told)
    if fault.taker in RECURRENT and fault.axes:
        other = "batch_first=True" if fault.axes[0] == "batch" else "batch_first=False"
        prose.why = (
            f"With {other} {article(fault.taker)} reads {axis_words(fault.axes)}, or one sequence alone as (timesteps, "
            "features)."
        )
        if len(fault.got) == 4:
            prose.why += " The rows of a picture can be the timesteps: x.squeeze(1) drops a single channel, x.flatten(2) joins axes."
        elif len(fault.got) < 2:
            prose.why += " x.unsqueeze(-1) makes a feature axis of one number per timestep."
    elif "Keras" in prose.why or "return_sequences" in prose.why:
        prose.why = ""
    if fault.taker in ("gather", "take_along_dim") or fault.taker.startswith("scatter"):
        prose.why = (
            "The index needs as many axes as the tensor that it reads or writes: it names a place for each element of the "
            "result, which has the shape of the index."
        )
        made = told.made_before(told.value())
        if made is not None:
            prose.cause, prose.cause_label = made, f"{axes_count(len(fault.got))} here"
    return prose


# -- states -----------------------------------------------------------------------------------------------------------


def state_shape(told: Telling) -> Prose:
    """ "LSTM needs states of (2, 32, 64), but gets (1, 32, 64)"."""
    fault: StateShape = told.fault  # type: ignore[assignment]
    value = told.value()
    made = told.layer_origin()
    cause = told.origin(value)
    if cause is not None and cause.node is told.node:
        cause = None
    if not fault.needs or (len(fault.got) != len(fault.needs) and fault.layer.startswith("LSTM")):
        given = count(len(fault.got), "tensor")
        return Prose(
            f"{fault.layer} takes its states as a pair (h, c), but gets {given}",
            "An LSTM carries two states from step to step, h and c: they are handed over as one tuple, lstm(x, (h, c)).",
            cause=told.argument("hx", 1) or cause,
            cause_label=f"{given} instead of (h, c)",
            subject=value,
        )
    needs, got = fault.needs[0], fault.got[0]
    wanted = told.sizes.shape(needs) if needs is not None else "another shape"
    held = told.sizes.shape(got) if got is not None else "another one"
    cell = fault.layer.endswith("Cell")
    name = told.name(value, "the state")
    return Prose(
        f"{fault.layer} needs {'a state' if cell else 'states'} of {wanted}, but {name} is {held}",
        "(batch, hidden_size), as many samples as the input has." if cell else _why_states(told, needs, got),
        cause=cause,
        cause_label=held,
        fails=made,
        fails_label=f"needs {wanted}",
        subject=value,
    )


def _why_states(told: Telling, needs: Shape | None, got: Shape | None) -> str:
    layer = told.layer
    layers, directions = told.field(layer, "num_layers"), 2 if told.field(layer, "bidirectional") else 1
    words = "(layers x directions, batch, hidden_size)"
    parts = ""
    if isinstance(layers, int) and needs is not None and len(needs) == 3:
        parts = f": {count(layers, 'layer')} x {count(directions, 'direction')} = {layers * directions}"
    text = f"States are {words}{parts}. batch_first does not turn them."
    if needs is not None and got is not None and len(needs) == len(got) == 3 and needs[1] != got[1]:
        held, wanted = told.dim(got[1]), told.dim(needs[1])
        place = 0 if told.field(layer, "batch_first") else 1
        text += f" The batch has {wanted} samples here, the state is for {held}: zeros made with x.size({place}) fit any batch."
    return text


# -- losses -----------------------------------------------------------------------------------------------------------


def label_shape(told: Telling) -> Prose:
    """ "cross_entropy needs classes in axis 1: (8, 5, 30) for labels (8, 30), but the model gives (8, 30, 5)"."""
    fault: LabelShape = told.fault  # type: ignore[assignment]
    labels, predictions = told.value(0), told.value(1)
    name = told.name(labels, "the target")
    if fault.loss not in ("cosine_embedding_loss", "margin_ranking_loss"):
        # as it is called where it is handed over, not where it comes from (a loader)
        name = told.argument_name("target", 1, name)
    name = name if len(name) <= 24 else "the target"
    a, b = fault.labels, fault.predictions
    left, right = told.sizes.shape(a), told.sizes.shape(b)
    giver = told.name(predictions, "the model") if predictions is not None else "the model"
    giver = giver if len(giver) <= 24 and told.layer_before(predictions) is None else "the model"
    verb = "is" if giver != "the model" else "gives"
    prose = Prose(
        fitting(
            f"{fault.loss}: {giver} {verb} {right}, but {name} is {left}",
            f"{fault.loss} cannot compare {right} with {left}",
        ),
        subject=predictions if isinstance(predictions, Array) else labels,
    )
    _explain_classes(told, fault, prose, name)
    made = told.made_before(labels)
    if made is not None:
        prose.marks = ((made, f"target {left}"),)
    step = told.layer_before(predictions)
    if step is not None:
        prose.cause = step.origin
        prose.cause_label = f"gives {right}"
    return prose


def _explain_classes(told: Telling, fault: LabelShape, prose: Prose, name: str) -> None:
    a, b = fault.labels, fault.predictions
    if fault.loss == "ctc_loss":
        message = "" if fault.raises is None else fault.raises.message
        prose.headline = f"ctc_loss: {message.partition(' (while')[0]}"
        prose.why = (
            f"log_probs are read as (timesteps, batch, classes): {told.sizes.shape(b, ('timesteps', 'batch', 'classes'))} here. "
            "input_lengths and target_lengths have one number per sample, the targets are (batch, longest)."
        )
        return
    if fault.loss not in ("cross_entropy", "nll_loss"):
        prose.why = "Input and target are compared number by number, so their shapes have to be the same."
        if len(a) == len(b) - 1 and b[-1] == 1:
            prose.why += (
                f" The last axis of size 1 is in the way: .squeeze(-1) drops it, {name}.unsqueeze(-1) adds one."
            )
        return
    if not b:
        return
    wanted = told.sizes.shape((b[0], *b[2:]) if len(b) > 1 else ())
    if len(a) == len(b) - 1 and list(map(str, a)) == list(map(str, b[:-1])):
        prose.why = (
            "The classes have to stand in axis 1, before the timesteps: .transpose(1, 2) brings them there; or both are "
            "flattened, .reshape(-1, classes) and .reshape(-1)."
        )
        return
    recurrent = next((step for step in reversed(told.steps(told.value(1))) if step.maker in RECURRENT), None)
    if len(b) == len(a) + 2 and recurrent is not None:
        maker = _maker(recurrent)
        last = "out[:, -1]" if maker is not None and as_bool(maker.fields.get("batch_first")) else "out[-1]"
        prose.why = (
            f"The {recurrent.maker} gives an output for every timestep, "
            f"and there is one label per sequence: {last} is the output of the last timestep."
        )
        return
    if len(a) == len(b) == 1 and str(a[0]) == "1":
        prose.why = (
            "These are the scores of one sample without the axis of the batch, and the label has it: .unsqueeze(0) of the "
            "scores gives it back."
        )
        if fault.raises is not None and fault.raises.message.startswith("size mismatch"):
            prose.why += " PyTorch finds out in the backward pass."
    elif len(a) == len(b) and a and a[-1] == 1:
        prose.why = f"One class number per sample is (batch,): {name}.squeeze(-1) drops the axis of size 1."
    elif fault.hint == "one-hot":
        prose.why = (
            "The target holds class numbers, or probabilities as floats: one-hot rows of integers are neither. "
            f"{name}.argmax(-1) gives the numbers, {name}.float() probabilities."
        )
    else:
        prose.why = f"For scores (batch, classes, ...) the target holds one class number per place: {wanted}."


# -- the rest ---------------------------------------------------------------------------------------------------------


def embedding_range(told: Telling) -> Prose:
    """ "ids holds the id 1000, but the Embedding has rows 0 to 999 only"."""
    from foreshape.explain.prose import layers

    fault: EmbeddingRange = told.fault  # type: ignore[assignment]
    prose = layers.embedding_range(told)
    if fault.layer == "one_hot":
        name = told.name(told.value(), "the input")
        prose.headline = (
            f"one_hot makes {told.dim(fault.size)} classes, but {name} holds the class {told.dim(fault.index)}"
        )
        prose.why = "Classes count from 0: with num_classes = n they are 0 to n - 1."
        prose.cause_label = ""
        return prose
    prose.why = prose.why.replace("input_dim is the number", "num_embeddings, the first argument, is the number")
    if told.layer is not None:
        prose.cause = _given(told.layer_origin(), "num_embeddings", 0) or prose.cause
    return prose


def mask_shape(told: Telling) -> Prose:
    """ "attn_mask is (32, 32), but this attention needs (20, 20): (target, source)"."""
    from foreshape.explain.prose import indexing

    fault: MaskShape = told.fault  # type: ignore[assignment]
    raises = told.fault.raises
    message = "" if raises is None else raises.message
    if "mask" not in message or ("attn_mask" not in message and "key_padded" not in message):
        return indexing.mask_shape(told)
    padding = "key_padded" in message
    value = told.value()
    name = told.name(value, "key_padding_mask" if padding else "attn_mask")
    needs, got = told.sizes.shape(fault.shape), told.sizes.shape(fault.mask)
    words = "(batch, source timesteps)" if padding else "(target timesteps, source timesteps)"
    if not padding and len(fault.shape) == 3:
        words = "(batch x heads, target timesteps, source timesteps)"
    why = f"This mask is {words}."
    first = told.field(told.layer, "batch_first")
    if first is not None and not padding:
        order = "(batch, timesteps, features)" if first else "(timesteps, batch, features)"
        why += f" With batch_first={first} the input is read as {order}."
    elif padding:
        why += " One row per sample, True where a key is padding; batch_first does not turn it."
    return Prose(
        f"{name} is {got}, but this attention needs {needs}", why,
        cause=told.made_before(value), cause_label=got, subject=value,
    )  # fmt: skip
