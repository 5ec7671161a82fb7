"""Functions and modules of PyTorch that get what they cannot take, apart from sizes: dtypes, arguments, tuples, batches, views, joins."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from foreshape.domain.values import Array, Instance, Sequence, as_bool
from foreshape.explain.chain import maker_of
from foreshape.explain.prose.torch_modules import RECURRENT
from foreshape.explain.telling import Prose, items_of
from foreshape.explain.words import article, capital

if TYPE_CHECKING:
    from foreshape.explain.telling import Telling
    from foreshape.faults.cardinality import Cardinality
    from foreshape.faults.dtype_mismatch import DtypeMismatch
    from foreshape.faults.invalid_argument import InvalidArgument
    from foreshape.faults.join_mismatch import JoinMismatch
    from foreshape.faults.reshape_size import ReshapeSize
    from foreshape.faults.unsupported_data import UnsupportedData


def dtype_mismatch(told: Telling) -> Prose:
    """ "cross_entropy needs int64, but y is float32"."""
    from foreshape.explain.prose import elements

    fault: DtypeMismatch = told.fault  # type: ignore[assignment]
    prose = elements.dtype_mismatch(told)
    if fault.wanted is not None and (isinstance(told.node, ast.AugAssign) or fault.taker.endswith("_")):
        return prose  # what is stored in place: no conversion before it helps
    short = {"int64": ".long()", "float32": ".float()", "float64": ".double()", "bool": ".bool()"}.get(
        fault.wanted or "", ""
    )
    text = "PyTorch does not convert here: x.to(dtype), .float() or .long() do."
    if short:
        text = f"PyTorch does not convert here: {short} does."
    value = told.value()
    start = told.steps(value)[0].value if told.steps(value) else None
    if (
        fault.wanted == "float32"
        and fault.got[:1] == ("float64",)
        and isinstance(start, Array)
        and start.kind == "numpy"
    ):
        text = (
            "NumPy computes in float64, and torch keeps it in a tensor: .float() makes the float32 that modules have."
        )
    message = "" if fault.raises is None else fault.raises.message
    if "class probabilities" in message:
        text = (
            "A target of the shape of the scores holds probabilities, as floats: .float() makes them of one-hot rows; "
            ".argmax(-1) gives class numbers, which is what cross_entropy takes, too."
        )
    if fault.wanted == "int64" and fault.taker in ("cross_entropy", "nll_loss"):
        text = "Class numbers are int64: .long() converts them. Floats are taken for probabilities, one per class."
    if message.startswith("Subtraction, the `-` operator"):
        prose.headline = "a bool tensor cannot be subtracted"
        text = (
            "For the opposite of a mask write ~mask; to compute with it, .float() or .int() makes numbers of it first."
        )
    prose.why = text
    if value is not None and value.origin is not None and value.origin.what == "batches" and fault.wanted:
        name = told.argument_name("input", 0, "the batch")
        prose.headline = (
            f"{fault.taker} needs {fault.wanted}, but {name}, out of {told.name(value, 'a loader')}, is {fault.got[0]}"
        )
    if fault.got and prose.cause is not None:
        prose.cause_label = fault.got[0]
    return prose


def invalid_argument(told: Telling) -> Prose:
    """ "lengths have to fall, longest first, but are [10, 7, 9, 2]"."""
    from foreshape.explain.prose import program

    fault: InvalidArgument = told.fault  # type: ignore[assignment]
    prose = program.invalid_argument(told)
    message = "" if fault.raises is None else fault.raises.message
    if fault.argument == "lengths" and "must be sorted" in message:
        prose.headline = f"lengths have to fall, longest first, but are {fault.given}"
        prose.why = (
            "pack_padded_sequence takes the samples in the order of their lengths; with enforce_sorted=False it sorts them, "
            "and what it packs is put back into the old order later."
        )
    elif fault.argument == "lengths" and "<= 0" in message:
        prose.headline = f"every length has to be at least 1, but there is {fault.given}"
        prose.why = (
            "An empty sequence has no step to pack: such samples have to be left out or kept at one step of padding."
        )
    elif fault.argument == "size" and "float" in message:
        taker = told.layer_text(told.layer) or told.called().rpartition(".")[2]
        prose.headline = f"{taker} needs whole numbers for its sizes, but {fault.given} is a float"
        prose.why = "In Python / always gives a float, even where nothing is left over: // gives a whole number."
    elif isinstance(many := told.value(), (Sequence, Array)) and fault.argument in ("size", "shape", "dims", "repeats"):
        if any(
            mark in message for mark in ("1 positional argument but", "invalid combination", "to unpack the object")
        ):
            kind = many.kind if isinstance(many, Sequence) else "tensor"
            what = "axis numbers" if fault.argument == "dims" else "sizes"
            taker = told.called().rpartition(".")[2]
            prose.headline = (
                f"{taker} takes {what} one by one or in one list, but {fault.given} is a {kind} beside others"
            )
            prose.why = "x.shape and x.size() are the tuple of all sizes: x.shape[0] is the first of them."
    elif fault.argument == "size" and told.called().rpartition(".")[2] in ("randint", "normal"):
        taker = told.called().rpartition(".")[2]
        prose.headline = f"{taker} needs its sizes as one tuple at the end" + (
            f", but {fault.given} is none" if fault.given != "None" else ""
        )
        first = "low, high" if taker == "randint" else "mean, std"
        prose.why = f"torch.{taker}({first}, size) takes a tuple even for one axis: (3,)."
    elif fault.argument == "params" and "empty" in message:
        prose.headline = f"the optimizer gets no parameters: {fault.given} is empty"
        prose.why = "Only modules and parameters that are attributes of the model count; those in a plain list go into nn.ModuleList."
    elif "device type at start of device string" in message:
        prose.headline = f"no device is called {fault.given}"
        prose.why = 'PyTorch calls graphics cards of NVIDIA "cuda", those of Apple "mps".'
    elif message.startswith("batch_size should be") and isinstance(told.value(), (Array, Sequence)):
        prose.headline = f"DataLoader gets {fault.given} as its batch size"
        prose.why = "DataLoader takes one data set: TensorDataset(x, y) makes one of inputs and labels."
    elif "offsets[0] has to be 0" in message:
        prose.headline = f"the first bag has to begin at 0, but offsets begins with {fault.given}"
        prose.why = "Each offset says where a bag begins: the lengths before it, added up. The sum with its own is where it ends."
    elif message.startswith("Tried to step"):
        prose.headline = f"the schedule was made for {fault.given} steps, and this is step {message.split()[3]}"
        prose.why = (
            "A step is made for each batch: epochs * len(loader) of them, where the short last batch counts, too."
        )
    return prose


def unsupported_data(told: Telling) -> Prose:
    """ "Linear needs a tensor, but gets what LSTM gives: (output, (h, c))"."""
    from foreshape.explain.prose import models

    fault: UnsupportedData = told.fault  # type: ignore[assignment]
    prose = models.unsupported_data(told)
    prose.why = ""
    if fault.given.startswith(("csr_", "csc_", "coo_")):
        prose.why = "It is a sparse matrix of SciPy; X.toarray() is the array that it stands for."
        return prose
    if fault.given in ("DataFrame", "Series"):
        name = told.name(told.value()) or "it"
        prose.headline = f"torch.{fault.taker} takes arrays, but {name} is a pandas {fault.given}"
        prose.why = "The array in it is .values, or .to_numpy()."
        if fault.given == "Series" and "determine the shape" in (fault.raises.message if fault.raises else ""):
            prose.headline += " without a row labelled 0"
            prose.why = f"PyTorch reads a Series by its labels, 0, 1, 2, ...; these are others. {prose.why}"
        return prose
    value = told.value()
    first = next(iter(items_of(value)), value)
    maker = maker_of(value.origin) if value is not None else ""
    maker = maker if maker in RECURRENT or first is None else maker_of(first.origin)
    layer = told.layer_text(told.layer) or fault.taker
    if fault.taker.startswith("hx of") and fault.given == "tuple":
        name = fault.taker.removeprefix("hx of ")
        prose.headline = f"{capital(article(name))} has one state, h, but gets a tuple of states"
        prose.why = "Only an LSTM has a pair (h, c): a GRU or RNN takes h alone, gru(x, h)."
    elif fault.given in ("tuple", "PackedSequence") and maker in (*RECURRENT, "LSTMCell", "MultiheadAttention"):
        gives = {"LSTM": "(output, (h, c))", "LSTMCell": "(h, c)", "MultiheadAttention": "(output, weights)"}
        held = gives.get(maker, "(output, h)")
        prose.headline = f"{layer} needs a tensor, but gets all that {maker} gives: {held}"
        prose.why = (
            f"out, _ = ... takes the first part. In a Sequential, a module of your own has to take {held} apart."
        )
    elif fault.given == "PackedSequence":
        prose.headline = f"{layer} needs a tensor, but gets a PackedSequence"
        prose.why = "pad_packed_sequence makes a padded tensor of it; packed.data holds the steps of all samples."
    elif fault.given == "Tensor" and fault.raises is not None and "tuple of Tensors" in fault.raises.message:
        name = told.name(value, "it")
        prose.headline = f"{fault.taker} joins the tensors of a list or tuple, but {name} is one tensor"
        prose.why = "One tensor needs no joining: flatten, squeeze or reshape change its axes."
    elif fault.given in ("list", "tuple", "int", "float"):
        prose.why = "torch.tensor(...) makes a tensor of numbers, torch.stack(...) of a list of tensors."
    elif "ndarray" in fault.given:
        prose.why = "torch.from_numpy(x) makes a tensor of an array, with its dtype."
    elif fault.given == "NoneType":
        prose.headline = f"{fault.taker} gets None where it needs a tensor"
    return prose


def cardinality(told: Telling) -> Prose:
    """ "pack_padded_sequence reads 6 samples of x, but there are 3 lengths"."""
    from foreshape.explain.prose import models

    fault: Cardinality = told.fault  # type: ignore[assignment]
    message = "" if fault.raises is None else fault.raises.message
    prose = models.cardinality(told)
    if "len(lengths)" not in message or len(fault.sizes) != 2:
        return prose
    samples, lengths = (told.dim(size) for _, size in fault.sizes)
    name = told.name(told.value(), "the input")
    prose.headline = f"pack_padded_sequence reads {samples} samples in {name}, but there are {lengths} lengths"
    shape = told.shape_of(told.value())
    prose.why = "Without batch_first=True the axes are read as (timesteps, batch, features), with it as (batch, timesteps, features)."
    if shape is not None:
        prose.why = f"{name} is {told.sizes.shape(shape)}. {prose.why}"
    return prose


def reshape_size(told: Telling) -> Prose:
    """ "out.view(-1, 8) needs a contiguous tensor, and what LSTM gives with batch_first=True is none"."""
    from foreshape.explain.prose import shaping

    fault: ReshapeSize = told.fault  # type: ignore[assignment]
    message = "" if fault.raises is None else fault.raises.message
    prose = shaping.reshape_size(told)
    if "not compatible" in message:
        value = told.value()
        name = told.name(value, "the tensor")
        maker = next((step.maker for step in reversed(told.steps(value)) if step.maker), "")
        by = f", which {maker} gives," if maker else ""
        prose.headline = f"{name}{by} is not contiguous, so it cannot be viewed as {told.sizes.shape(fault.target)}"
        if len(prose.headline) > 110:
            prose.headline = f"{name} is not contiguous, so it cannot be viewed as {told.sizes.shape(fault.target)}"
        prose.why = (
            "A view only changes how the same memory is read, and here the axes stand in another order in memory: .reshape "
            "copies where it has to, and so does .contiguous() before .view."
        )
        prose.cause_label = ""
        if maker in RECURRENT or maker == "MultiheadAttention":
            prose.why += " With batch_first=True a module computes with time first and turns the result."
    elif fault.taker == "MultiheadAttention":
        query = told.shape_of(told.value(1)) or ()
        layer = told.layer
        flag = layer.fields.get("batch_first") if isinstance(layer, Instance) else None
        first = flag is not None and as_bool(flag) is True
        samples = told.dim(fault.shape[1])
        if len(query) == 3 and flag is not None:
            axis = 0 if first else 1
            prose.headline = f"the key holds {samples} samples (its axis {axis}), but the query {told.dim(query[axis])}"
        else:
            prose.headline = f"the key holds {samples} samples, and the query another number of them"
        prose.why = "Query, key and value need the same batch size: their axes are (length, batch, features) without batch_first."
    return prose


def join_mismatch(told: Telling) -> Prose:
    """ "Transformer needs src and tgt of one batch size, but src is (8, 10, 32) and tgt (8, 12, 32)"."""
    from foreshape.explain.prose import shaping

    fault: JoinMismatch = told.fault  # type: ignore[assignment]
    prose = shaping.join_mismatch(told)
    if fault.taker == "pad_sequence" and len(fault.shapes) == 2:
        shapes = " and ".join(told.sizes.shape(shape) for shape in fault.shapes)
        prose.headline = f"pad_sequence pads the first axis only, but two of the sequences are {shapes}"
        prose.why = "The first axis is the time; all others have to be the same in every sequence."
        return prose
    if fault.taker not in ("Transformer", "MultiheadAttention"):
        return prose
    first, second = (told.name(told.value(number), word) for number, word in ((0, "src"), (1, "tgt")))
    a, b = (told.sizes.shape(shape) for shape in fault.shapes[:2])
    if fault.taker == "Transformer":
        prose.headline = f"Transformer needs one batch size for both, but {first} is {a} and {second} is {b}"
        prose.why = (
            "Without batch_first=True the axes are read as (timesteps, batch, features): axis 1 counts the samples."
            if fault.differs == 1
            else "With batch_first=True the axes are read as (batch, timesteps, features): axis 0 counts the samples."
        )
    else:
        prose.headline = f"key and value have to belong together, but are {a} and {b}"
        prose.why = "There is one value for each key: both have the same length and batch size."
    return prose
