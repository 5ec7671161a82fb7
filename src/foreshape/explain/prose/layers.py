"""Layers that get what they cannot take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.origin import Origin
from foreshape.domain.values import Shape, Value
from foreshape.explain.chain import RECURRENT, Step, changed_at
from foreshape.explain.telling import Prose, argument_of
from foreshape.explain.words import article, axes_count, axis_words, count, listed

if TYPE_CHECKING:
    from foreshape.explain.telling import Telling
    from foreshape.faults.embedding_range import EmbeddingRange
    from foreshape.faults.feature_mismatch import FeatureMismatch
    from foreshape.faults.layer_input_count import LayerInputCount
    from foreshape.faults.rank_mismatch import RankMismatch
    from foreshape.faults.state_shape import StateShape
    from foreshape.faults.stateful_batch import StatefulBatch
    from foreshape.faults.undefined_dimension import UndefinedDimension
    from foreshape.faults.weights_shape import WeightsShape
    from foreshape.faults.window_size import WindowSize


# -- number of axes -----------------------------------------------------------------------------------------------------


def rank_mismatch(told: Telling) -> Prose:
    """ "LSTM needs (batch, timesteps, features), but Flatten hands it (batch, 1600)"."""
    fault: RankMismatch = told.fault  # type: ignore[assignment]
    value, rank = told.value(), len(fault.got)
    needs = f"at least {axes_count(fault.needs)}" if fault.at_least else axes_count(fault.needs)
    wanted = axis_words(fault.axes) if fault.axes else needs
    shape = told.shape(fault.got, value)
    giver = told.giver(value)
    if told.from_data(value):
        head = f"{fault.taker} needs {wanted}, but {giver} is {shape}"
    else:
        head = (
            f"{fault.taker} needs {wanted}, but {giver} {'gives' if giver.startswith('the ') else 'hands it'} {shape}"
        )
    steps = told.steps(value)
    turn = _turn(steps, fault.needs, rank)
    prose = Prose(head, remark=f"needs {needs}, gets {rank}", fails=told.layer_origin(), fails_label="fails here")
    if turn is not None:
        _explain_turn(told, prose, fault, *turn)
    else:
        prose.cause = _data_of(told, value)
        prose.cause_label = f"{axes_count(rank)} here" if prose.cause is not None else ""
        prose.why = _why_rank(told, fault, value, rank)
        if prose.cause is not None and prose.cause.node is told.node:
            prose.cause = None
    raises = fault.raises
    if fault.axes == ("samples",) and rank == 2 and raises is not None and raises.by.startswith("scikit-learn"):
        from foreshape.explain.prose.metrics import one_each

        one_each(told, prose)
    elif fault.taker == "find_peaks":
        prose.headline = f"find_peaks looks for peaks in one signal, but {giver} is {shape}"
        prose.why = "It takes an array of one axis: a column at a time, x[:, 0]."
    return prose


def _turn(steps: list[Step], needs: int, rank: int) -> tuple[Step, Step] | None:
    """The two steps between which the number of axes stopped to fit."""
    for before, after in zip(reversed(steps[:-1]), reversed(steps[1:])):
        if before.shape is None or after.shape is None:
            return None
        if len(after.shape) != rank:
            return None
        if len(before.shape) == needs or (rank < needs < len(before.shape)):
            return before, after
    return None


def _explain_turn(told: Telling, prose: Prose, fault: RankMismatch, before: Step, after: Step) -> None:
    assert before.shape is not None and after.shape is not None
    prose.cause = after.origin
    lost = len(after.shape) < len(before.shape)
    sequence = "timesteps" in fault.axes
    prose.cause_label = (
        f"{axes_count(len(before.shape))} {'becomes' if len(before.shape) == 1 else 'become'} {len(after.shape)} here"
    )
    if after.maker in RECURRENT:
        prose.cause_label = "gives the last timestep only" if lost else "gives every timestep"
        prose.why = (
            f"{_a(after.maker)} gives its last output only unless it is made "
            f"with return_sequences=True: then it gives one per timestep, which is what {article(fault.taker)} reads."
            if lost
            else f"With return_sequences=True {_a(after.maker, False)} gives one output per timestep; without it, the last "
            "one only."
        )
        return
    if after.maker == "Flatten":
        prose.cause_label = "the time axis is lost here" if sequence else "the axes become one here"
        prose.why = (
            f"Flatten makes one row of numbers of each sample; {article(fault.taker)} reads a sequence of rows."
            if sequence
            else f"Flatten leaves two axes, (batch, numbers), and {fault.taker} needs {axes_count(fault.needs)}."
        )
        rows = _rows(before)
        if sequence and rows is not None:
            prose.why = rows
        return
    if sequence and len(before.shape) == 4 and not lost:
        prose.why = (
            "A recurrent layer reads rows of numbers, one per timestep: height and width have to become one axis."
        )
    elif sequence and lost:
        prose.why = (
            f"{_a(fault.taker)} reads a sequence: each sample has to keep an axis of timesteps and one of features."
        )


def _rows(before: Step) -> str | None:
    """What the sequence can be after convolutions over a picture."""
    shape = before.shape
    if shape is None or len(shape) != 4 or not all(isinstance(size, int) for size in shape[1:]):
        return None
    height, width, channels = shape[1:]
    return (
        "An LSTM reads a sequence. After the convolutions the rows of the feature map can be that sequence: "
        f"{height} rows of {width} x {channels} = {width * channels} numbers."
    )


def _a(noun: str, capital: bool = True) -> str:
    words = article(noun)
    return words[:1].upper() + words[1:] if capital else words


def _why_rank(told: Telling, fault: RankMismatch, value: Value | None, rank: int) -> str:
    if fault.axes and fault.axes[0] != "batch":
        return f"{fault.taker} reads the axes as {axis_words(fault.axes)}."
    if fault.needs == rank + 1 and fault.axes and fault.axes[-1] in ("features", "channels"):
        word = fault.axes[-1]
        single = "One number per timestep" if word == "features" else "A picture in grey"
        if rank >= 2:
            return (
                f"Keras reads the axes as {axis_words(fault.axes)}. {single} still needs the {word} axis, of size 1; and a "
                "single sample still needs the batch axis."
            )
    if fault.needs == rank + 1 and fault.axes:
        return f"Keras reads the axes as {axis_words(fault.axes)}; an axis of size 1 counts, too."
    if rank > fault.needs and fault.axes and not fault.at_least:
        return f"Keras reads the axes as {axis_words(fault.axes)}; there is no place for {axes_count(rank)}."
    return ""


def _data_of(told: Telling, value: Value | None) -> Origin | None:
    """Where the shape of data or of a declared input is decided."""
    shape = told.shape_of(value)
    for step in told.steps(value):
        if step.shape is not None and shape is not None and len(step.shape) == len(shape):
            return step.origin
    return told.origin(value)


# -- sizes ----------------------------------------------------------------------------------------------------------------


def feature_mismatch(told: Telling) -> Prose:
    """ "LSTM was built for 1 feature, but X_test is (20, 10, 3): 3 features"."""
    fault: FeatureMismatch = told.fault  # type: ignore[assignment]
    value = told.value()
    word = _axis_word(fault.taker, fault.axis)
    needs = _counted(told, fault.needs, word)
    whole = told.shape_of(value)
    if whole is None or len(whole) < -fault.axis or whole[fault.axis] != fault.got:
        whole = fault.shape
    part = fault.taker in RECURRENT and whole is not None and len(whole) < 3
    shape = told.shape(whole, value) if whole is not None and not part else ""
    giver = told.giver(value, "the data")
    got = told.dim(fault.got)
    verb = "is" if told.from_data(value) else "gives"
    built = "takes" if told.layer is None else "was built for"
    head = (
        f"{fault.taker} {built} {needs}, but {giver} {verb} {shape}"
        if shape
        else (f"{fault.taker} {built} {needs}, but {giver} has {got}")
    )
    if fault.taker == "LSTM state" or fault.taker.endswith(" state"):
        taker = fault.taker.split()[0]
        other = "another " if giver == taker else "the " if verb == "gives" else ""
        head = f"this {taker} has {told.dim(fault.needs)} units, but its initial state comes from {other}{giver} with {got}: {shape}"
    prose = Prose(head, remark=f"needs {needs}, gets {got}", fails=told.layer_origin())
    prose.fails_label = f"built for {told.dim(fault.needs)}"
    declared = told.declared_input(lambda shape: len(shape) >= -fault.axis and shape[fault.axis] == fault.needs)
    sizes = () if declared is None else declared.shape or ()
    start = changed_at(told.steps(value), fault.got, fault.axis)
    if declared is not None and len(sizes) >= -fault.axis and sizes[fault.axis] == fault.needs:
        prose.cause = declared.origin
        prose.cause_label = f"declares {needs}"
        if start is not None and start.origin.node is not told.node:
            prose.marks = ((start.origin, f"{got} here"),)
        prose.why = (
            "The weights of a layer are made for the number of features that it sees first, or that is declared for it; "
            "what comes later has to have as many."
        )
        if whole is not None and len(whole) == 3 and tuple(reversed(whole[1:])) == sizes[1:]:
            prose.why = (
                f"Timesteps and features are the other way round: (batch, {told.sizes.inside(sizes[1:])}) is "
                f"declared, {shape} comes. A transpose of the last two axes turns them; a reshape would mix them up."
            )
        return prose
    if start is not None and start.origin.node is not told.node:
        prose.cause = start.origin
        prose.cause_label = f"{got} {word} from here on" if isinstance(fault.got, int) else ""
    if told.layer is not None:
        prose.why = "A layer that was built, by its first call or by loaded weights, keeps its number of features."
    elif fault.axis == -1:
        prose.why = "What was fitted on one number of features takes only data with as many, in the same order."
    return prose


def _axis_word(taker: str, axis: int) -> str:
    if axis == -1:
        return "channels" if "Conv" in taker else "features"
    return f"in axis {axis}"


def _counted(told: Telling, size: object, word: str) -> str:
    text = told.dim(size)  # type: ignore[arg-type]
    return f"{text} {word[:-1] if text == '1' and word.endswith('s') else word}"


def window_size(told: Telling) -> Prose:
    """ "MaxPooling2D looks at 2 steps at a time, but Conv2D leaves only 1"."""
    fault: WindowSize = told.fault  # type: ignore[assignment]
    value = told.value()
    shape = told.shape(fault.shape, value) if fault.shape is not None else ""
    giver = told.giver(value)
    verb = "is" if told.from_data(value) else "gives"
    names = told.names(value, fault.shape)
    axis = names[fault.axis] if -len(names) <= fault.axis < len(names) and names[fault.axis] else f"axis {fault.axis}"
    head = f"the window of {fault.taker} spans {told.dim(fault.window)}, but {giver} {verb} {shape}: {axis} is {told.dim(fault.size)}"
    prose = Prose(
        head,
        'Every convolution without padding="same" and every pooling makes the picture or sequence shorter, until a window does '
        "not fit any more.",
        fails=told.layer_origin(),
        fails_label=f"needs at least {told.dim(fault.window)}",
        remark=f"needs at least {told.dim(fault.window)}, gets {told.dim(fault.size)}",
    )
    prose.cause = told.layer_origin()
    prose.cause_label, prose.fails_label = prose.fails_label, ""
    return prose


def undefined_dimension(told: Telling) -> Prose:
    """ "Dense needs to know the size of its last axis when the model is built, but Flatten gives (batch, None)"."""
    fault: UndefinedDimension = told.fault  # type: ignore[assignment]
    value = told.value()
    shape = told.sizes.shape(fault.shape, ("batch",))
    where = "last axis" if fault.axis in (-1, len(fault.shape) - 1) else f"axis {fault.axis}"
    prose = Prose(
        f"{fault.taker} needs a known size in its {where}, but {told.giver(value)} gives {shape}",
        "An axis that is None may differ from batch to batch, but weights are made once, for one size.",
        fails=told.layer_origin(),
        fails_label="fails here",
        remark=f"needs a number in its {where}",
    )
    steps = told.steps(value)
    first = next(
        (step for step in steps if step.shape is not None and told.sizes.inside(step.shape).count("None")), None
    )
    if first is not None:
        prose.cause = first.origin
        prose.cause_label = "the size is left open here"
    return prose


def state_shape(told: Telling) -> Prose:
    """ "LSTM has two states of (batch, 16), but initial_state is (2, 8)"."""
    fault: StateShape = told.fault  # type: ignore[assignment]
    needs = _shapes(told, fault.needs)
    got = _shapes(told, fault.got)
    label = f"needs {needs}"
    if len(fault.needs) != len(fault.got):
        head = f"{fault.layer} keeps {count(len(fault.needs), 'state')}, but initial_state gives it {len(fault.got)}"
        label = f"keeps {count(len(fault.needs), 'state')} of {needs}"
    else:
        head = f"{fault.layer} needs initial states of {needs}, but gets {got}"
    cause = next((value.origin for value in told.fault.values if value.origin is not None), None)
    return Prose(
        head,
        "An LSTM keeps two states, h and c, a GRU and a SimpleRNN one, each of (batch, units). A layer that starts from the "
        "states of another needs as many units.",
        cause=told.argument("initial_state") or cause,
        cause_label=got,
        fails=told.layer_origin(),
        fails_label=label,
        subject=told.fault.values[-1] if told.fault.values else None,
    )


def _shapes(told: Telling, shapes: tuple[Shape | None, ...]) -> str:
    texts = ["(batch, " + told.sizes.inside(shape[1:]) + ")" if shape else "unknown" for shape in shapes]
    return texts[0] if len(set(texts)) == 1 else listed(texts)


def stateful_batch(told: Telling) -> Prose:
    """ "lstm keeps states for batches of 32, but the last batch holds 4 samples"."""
    fault: StatefulBatch = told.fault  # type: ignore[assignment]
    layer = told.layer_text(told.layer) or fault.layer
    if fault.needs is None:
        head = f"{layer} with stateful=True needs a fixed batch size, and none is declared"
        why = "A stateful layer keeps one state per sample of the batch, so the batch size is part of the model."
        origin = told.layer_origin()
        if origin is None and told.value() is not None:
            origin = told.origin(told.value())
        return Prose(head, why, fails=origin, fails_label="stateful, without a batch size")
    got = "another number" if fault.got is None else told.dim(fault.got)
    head = f"{layer} keeps states for batches of {told.dim(fault.needs)}, but gets a batch of {got}"
    prose = Prose(
        head,
        "A stateful layer keeps one state per sample from batch to batch, so every batch has to be of the same size, the last "
        "one included: the number of samples has to be a multiple of the batch size.",
    )
    data = told.value()
    whole = told.shape_of(data)
    if data is not None and data.origin is not None and whole and told.from_data(data):
        prose.cause = data.origin
        samples = told.dim(whole[0])
        prose.cause_label = f"{samples} {'sample' if samples == '1' else 'samples'}"
    else:
        prose.cause = told.argument("batch_size")
    declared = told.declared_input(lambda shape: shape[:1] == (fault.needs,))
    if declared is not None and declared.origin is not None:
        prose.marks = ((declared.origin, f"batches of {told.dim(fault.needs)}"),)
    return prose


def layer_input_count(told: Telling) -> Prose:
    """ "Add takes 2 inputs, but gets 1"."""
    fault: LayerInputCount = told.fault  # type: ignore[assignment]
    taker = told.layer_text(told.layer) if told.layer is not None else fault.taker
    taker = {"Functional": "the model", "Sequential": "the model", "": fault.taker}.get(taker, taker)
    names = f": {listed(fault.names)}" if fault.names and len(fault.names) < 5 else ""
    return Prose(
        f"{taker} takes {count(fault.needs, 'input')}{names}, but gets {fault.got}",
        "A list is read as several inputs, one array as a single one.",
        remark=f"needs {fault.needs}, gets {fault.got}",
    )


def _class_weights(told: Telling, fault: WeightsShape) -> Prose:
    """Weights of a loss of PyTorch: one number for each class, or for each value that is compared."""
    value = told.value()
    needs, got = fault.needs, fault.got
    prose = Prose(
        f"{fault.layer} has weights of {told.shape(needs) if not isinstance(needs, int) else needs}, but is given "
        f"{told.shape(got) if not isinstance(got, int) else got}",
        "The weights of a loss have to fit what it compares.",
        subject=value,
        cause=told.made_before(value) or told.layer_origin(),
        cause_label="" if isinstance(got, int) else told.shape(got),
    )
    if fault.layer == "gaussian_nll_loss" and isinstance(needs, tuple) and isinstance(got, tuple):
        prose.headline = (
            f"gaussian_nll_loss needs one variance per prediction, {told.shape(needs)}, but {told.name(value, 'var')} is "
            f"{told.shape(got)}"
        )
        prose.why = "var holds the variance of each prediction, or of each sample with a last axis of size 1."
    elif isinstance(needs, tuple) and isinstance(got, tuple) and len(needs) == len(got) == 1:
        wanted, held = told.dim(needs[0]), told.dim(got[0])
        prose.headline = (
            f"{fault.layer} needs one weight for each of {wanted} classes, but {told.name(value, 'weight')} has {held}"
        )
        prose.why = (
            "The model gives one number per class, and the loss multiplies each by the weight of that class: classes that do not "
            "occur in the counts need a weight, too."
        )
        prose.cause_label = f"{held} weights"
    return prose


def weights_shape(told: Telling) -> Prose:
    """ "embedding has weights of (10, 8), but is given (10, 4)"."""
    fault: WeightsShape = told.fault  # type: ignore[assignment]
    if told.fault.raises is not None and told.fault.raises.by.startswith("torch"):
        return _class_weights(told, fault)
    if isinstance(fault.needs, int) or isinstance(fault.got, int):
        needs = fault.needs if isinstance(fault.needs, int) else 1
        got = fault.got if isinstance(fault.got, int) else 1
        head = f"{fault.layer} has {count(needs, 'array')} of weights, but is given {got}"
    else:
        head = f"{fault.layer} has weights of {told.shape(fault.needs)}, but is given {told.shape(fault.got)}"
    holder = next((value for value in told.fault.values if told.layer_text(value)), None)
    made = holder.origin if holder is not None else told.layer_origin()
    prose = Prose(
        head,
        "Weights are set one array per variable, in the order of get_weights(), each of exactly its shape.",
        subject=told.value(),
    )
    if told.called().endswith("load_weights"):
        prose.headline = (
            f"the file has weights of {told.shape(fault.got)} where {fault.layer} has {told.shape(fault.needs)}"  # type: ignore[arg-type]
        )
        prose.why = (
            "A file of weights holds no layers: it is read into a model that was built as the one that wrote it."
        )
    if fault.initial:
        prose.why = (
            "Constant(matrix) gives the table its first values when the layer is made: the matrix needs a row for each of "
            "input_dim ids, and a column for each of output_dim numbers."
        )
    if made is not None and made.node is not told.node:
        prose.cause = _deciding(made, fault) if fault.initial else made
        prose.cause_label = "the sizes of the weights are decided here"
    else:
        prose.cause = told.made_before(told.value()) or told.argument("weights", 0)
        prose.cause_label = "" if isinstance(fault.got, int) else told.shape(fault.got)
    return prose


def _deciding(made: Origin, fault: WeightsShape) -> Origin:
    """The argument of a table that says how many rows, or columns, it has."""
    assert isinstance(fault.needs, tuple) and isinstance(fault.got, tuple)
    columns = fault.needs[:1] == fault.got[:1]
    return argument_of(made.path, made.node, "output_dim" if columns else "input_dim", int(columns)) or made


def embedding_range(told: Telling) -> Prose:
    """ "ids reach 20, but Embedding(20, 8) has rows 0 to 19"."""
    fault: EmbeddingRange = told.fault  # type: ignore[assignment]
    value = told.value()
    size = fault.size
    last = told.dim(size - 1)
    name = told.name(value, "the input")
    index = told.dim(fault.index)
    head = f"{name} holds the id {index}, but the Embedding has rows 0 to {last} only"
    if isinstance(fault.index, (int, float)) and fault.index < 0:
        head = f"{name} holds the id {index}, and an Embedding has no rows below 0"
    prose = Prose(
        head,
        f"input_dim is the number of rows, so the largest id is one less than it. For ids up to {index} it has to be at least "
        f"{told.dim(fault.index + 1)}; ids that start at 1, or a 0 kept for padding, need one row more than there are words."
        if isinstance(fault.index, int) and fault.index >= 0
        else "Ids count from 0.",
        cause=told.layer_origin() or _made(told),
        cause_label=f"{told.dim(size)} rows",
    )
    if prose.cause is None:
        prose.cause = told.origin(value)
    return prose


def _made(told: Telling) -> Origin | None:
    """The constructor of the layer, where it is known."""
    layer = told.layer
    return None if layer is None else layer.origin
