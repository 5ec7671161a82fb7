"""Models: what they are fed, and what they are asked before they are ready."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from foreshape.domain.dim import product
from foreshape.explain.chain import maker_of
from foreshape.explain.telling import Prose
from foreshape.explain.words import article, axes_count, ordinal

if TYPE_CHECKING:
    from foreshape.domain.values import Value
    from foreshape.explain.telling import Telling
    from foreshape.faults.cardinality import Cardinality
    from foreshape.faults.declared_shape import DeclaredShape
    from foreshape.faults.layer_name import LayerName
    from foreshape.faults.missing_super_init import MissingSuperInit
    from foreshape.faults.no_data import NoData
    from foreshape.faults.optimizer_reuse import OptimizerReuse
    from foreshape.faults.single_unit_softmax import SingleUnitSoftmax
    from foreshape.faults.single_value_norm import SingleValueNorm
    from foreshape.faults.state_dict_mismatch import StateDictMismatch
    from foreshape.faults.unbuilt_model import UnbuiltModel
    from foreshape.faults.uncompiled_model import UncompiledModel
    from foreshape.faults.unfitted_estimator import UnfittedEstimator
    from foreshape.faults.unsupported_data import UnsupportedData


def model_name(told: Telling, otherwise: str = "the model") -> str:
    """The variable that the model of the failing call is in."""
    called = told.called()
    head, dot, _ = called.rpartition(".")
    if dot and head != "self" and head.replace("_", "a").replace(".", "a").isalnum() and len(head) < 30:
        return head
    return called if called.replace("_", "a").isalnum() and called and called[0].islower() else otherwise


def declared_shape(told: Telling) -> Prose:
    """ "model takes (batch, 10), but X is (4, 10, 3)"."""
    fault: DeclaredShape = told.fault  # type: ignore[assignment]
    value = told.value()
    declared = ("batch", *(told.dim(size) for size in fault.declared[1:])) if fault.declared else ()
    takes = f"({', '.join(declared)}{',' if len(declared) == 1 else ''})"
    got = told.shape(fault.got, value)
    name = told.name(value, "the data")
    name = name if len(name) <= 32 else "the data"
    if fault.model in ("set_shape", "ensure_shape", "input_signature"):
        says = ", ".join("None" if size is None else told.dim(size) for size in fault.declared)
        says = f"({says}{',' if len(fault.declared) == 1 else ''})"
        return Prose(
            f"{fault.model} says {says}, but {name} is {got}",
            remark=f"says {says}",
            cause=told.origin(value),
            cause_label=f"is {got}",
        )
    if fault.model == "placeholder":
        key = fault.values[-1]
        called = told.name(key) or ""
        prose = Prose(
            f"the placeholder {called} takes {takes}, but {name} is {got}".replace("  ", " "),
            "What is fed has to have every axis of the placeholder, and its size wherever the placeholder does not say None.",
            remark=f"{called or 'the placeholder'} takes {takes}",
            cause=told.origin(value),
            cause_label=f"is {got}",
        )
        made = told.origin(key)
        if made is not None:
            prose.marks = ((made, f"takes {takes}"),)
        return prose
    model = model_name(told)
    tail = tuple(fault.declared[1:])
    origin = told.declared_input(
        lambda shape: len(shape) == len(tail) + 1 and all(a is None or a == b for a, b in zip(tail, shape[1:])),
        fault.input_name,
    )
    prose = Prose(
        f"{model} takes {takes}, but {name} is {got}",
        remark=f"takes {takes}",
    )
    if tuple(fault.got) == tuple(fault.declared[1:]) and fault.got:
        prose.headline = f"{model} takes {takes}, but {name} is {got}: one sample without its batch axis"
        prose.why = "Keras always takes the first axis for the batch. A single sample is a batch of one: x[None] or np.expand_dims(x, 0)."
        start = told.start(value)
        prose.cause = told.argument("x", 0) or start
        prose.cause_label = f"{got}, has to become ({', '.join(('1', *map(told.dim, fault.got)))})"
    elif origin is not None and origin.origin is not None:
        prose.cause = origin.origin
        prose.cause_label = f"declares {takes}"
        prose.why = _why_declared(fault, told)
    else:
        prose.cause = told.origin(value)
        prose.cause_label = f"is {got}"
    return prose


def _why_declared(fault: DeclaredShape, told: Telling) -> str:
    if len(fault.declared) == len(fault.got) == 3 and tuple(reversed(fault.got[1:])) == tuple(fault.declared[1:]):
        return (
            "The last two axes are the other way round. A transpose of them turns them; a reshape would only cut the numbers "
            "into other rows."
        )
    if len(fault.declared) == len(fault.got):
        return "Every size that is declared has to be met by the data; None in its place takes any."
    sample = told.sizes.shape(fault.declared[1:])
    why = (
        f"The declared shape is that of one sample, {sample}, and the batch axis comes in front of it: the data needs "
        f"{axes_count(len(fault.declared))} and has {len(fault.got)}."
    )
    wanted = [size for size in fault.declared[1:] if isinstance(size, int)]
    each = product(fault.got[1:])
    if len(wanted) == len(fault.declared) - 1 and isinstance(each, int) and each == product(wanted):
        target = ", ".join(["-1", *map(str, wanted)])
        why += f" A sample has {each} numbers either way: reshape({target}) cuts them so."
    elif len(fault.got) == len(fault.declared) - 1:
        why += " An axis of size 1 counts, too."
    return why


def cardinality(told: Telling) -> Prose:
    """ "x holds 90 samples, but y holds 100"."""
    fault: Cardinality = told.fault  # type: ignore[assignment]
    parts = []
    named = dict(zip([name for name, _ in fault.sizes], told.fault.values))
    words = []
    for name, size in fault.sizes:
        value = named.get(name)
        shown = told.name(value, name)
        words.append((shown if shown != name else name, told.dim(size)))
        if value is not None and value.origin is not None and value.origin.node is not told.node:
            parts.append((value.origin, f"{told.dim(size)} samples"))
    differing = _two_that_differ(words)
    (one, held), (other, holds) = differing
    if one == other:
        numbers = [k for k, word in enumerate(words) if word in differing]
        one, other = (f"the {ordinal(k + 1)} array" for k in (numbers[0], numbers[-1]))
    head = f"{one} holds {held} {'sample' if held == '1' else 'samples'}, but {other} holds {holds}"
    prose = Prose(
        head,
        "The first axis counts the samples, and each sample needs its label: what is cut, windowed or filtered in the one has "
        "to be in the other.",
        marks=tuple(parts[:1]),
    )
    if len(parts) > 1:
        prose.cause, prose.cause_label = parts[1]
    elif parts:
        prose.cause, prose.cause_label = parts[0]
        prose.marks = ()
    if any(size == "1" for _, size in words):
        prose.why = "The first axis counts the samples. One sample that lacks its batch axis looks like many, or like another number of them."
    return prose


def _two_that_differ(words: list[tuple[str, str]]) -> tuple[tuple[str, str], tuple[str, str]]:
    first = words[0]
    other = next((each for each in words[1:] if each[1] != first[1]), words[-1])
    return first, other


def no_data(told: Telling) -> Prose:
    """ "fit has no batch to work on: x holds 0 samples"."""
    fault: NoData = told.fault  # type: ignore[assignment]
    value = told.value()
    held = "" if fault.samples is None else f": {told.name(value, 'the data')} holds {told.dim(fault.samples)} samples"
    if fault.taker == "validation_split":
        head = f"validation_split leaves nothing to train on or to validate with{held}"
    else:
        head = f"{fault.taker} has no batch to work on{held}"
    return Prose(
        head,
        "A window longer than the data, a filter that nothing passes, or drop_remainder with too few samples leaves no batch.",
        cause=told.made_before(value),
    )


def uncompiled_model(told: Telling) -> Prose:
    """ "model.fit comes before model.compile, so there is no loss"."""
    fault: UncompiledModel = told.fault  # type: ignore[assignment]
    name = model_name(told)
    if fault.raises is not None and fault.raises.message.startswith("No loss"):
        return Prose(
            f"{name}.compile was given no loss, so {fault.method} has nothing to compute",
            'compile("adam", "mse") sets one; only layers and training steps that add a loss of their own do without.',
            fails_label="needs a loss",
        )
    return Prose(
        f"{name}.{fault.method} comes before {name}.compile, so the model has no loss"
        if name != "the model"
        else f"{fault.method} comes before compile, so the model has no loss",
        "fit and evaluate need the loss that compile sets; predict does not.",
        fails_label="not compiled yet",
    )


def optimizer_reuse(told: Telling) -> Prose:
    """ "this Adam was made for the variables of another model"."""
    fault: OptimizerReuse = told.fault  # type: ignore[assignment]
    name = told.name(told.value(), f"this {fault.optimizer}")
    if fault.count == fault.total:
        headline = f"{name} already trains another model, and knows none of the {fault.total} variables of this one"
    else:
        headline = f"{name} does not know {fault.count} of the {fault.total} variables that it is to train now"
    return Prose(
        headline,
        "An optimizer makes its moments for the variables of its first step and takes no others later: each model, and "
        "each time that more layers are trained, needs a new one.",
        fails_label=f"{fault.optimizer} has no moments for {fault.variable}",
        cause=told.origin(told.value()),
        cause_label="one for both",
    )


def missing_super_init(told: Telling) -> Prose:
    """ "Scale is a Layer, but its __init__ does not call super().__init__() first"."""
    fault: MissingSuperInit = told.fault  # type: ignore[assignment]
    return Prose(
        f"{fault.cls} is a {fault.base}, but its __init__ does not call super().__init__() first",
        f"{fault.base}.__init__ makes the name and the lists of variables that everything after it writes to.",
    )


def single_unit_softmax(told: Telling) -> Prose:
    """ "softmax over the single unit of dense is always 1"."""
    fault: SingleUnitSoftmax = told.fault  # type: ignore[assignment]
    return Prose(
        f"softmax over the single unit of {fault.layer} always gives 1, so the model predicts 1 whatever it sees",
        "Softmax shares 1 out among the units of the last axis. For two classes: one unit with sigmoid, or two with softmax.",
    )


def single_value_norm(told: Telling) -> Prose:
    """ "BatchNorm1d gets one value per channel, from which it cannot compute a variance"."""
    fault: SingleValueNorm = told.fault  # type: ignore[assignment]
    why = "A variance needs at least two values per channel. Call eval() before you feed one sample, or use larger batches."
    if any(step.maker == "batches" for step in told.steps(told.value())):
        why = (
            "A variance needs at least two values per channel. The last batch of a loader holds what is left over, and here that is "
            "one sample: drop_last=True leaves it out."
        )
    return Prose(
        f"{fault.taker} gets a single value per channel in training: {told.shape(fault.shape)} has nothing to average over",
        why,
    )


def state_dict_mismatch(told: Telling) -> Prose:
    """ "the saved 2.weight is (5, 32), Sequential has (3, 32) there"."""
    fault: StateDictMismatch = told.fault  # type: ignore[assignment]
    parts: list[str] = []
    if fault.sizes:
        key, saved, own = fault.sizes[0]
        parts.append(f"the saved {key} is {told.shape(saved)}, {fault.module} has {told.shape(own)} there")
    if fault.missing:
        parts.append(f"{_listed(fault.missing)} {'is' if len(fault.missing) == 1 else 'are'} not in what is loaded")
    if fault.unexpected:
        parts.append(f"{fault.module} has no {_listed(fault.unexpected)}")
    return Prose(
        "; ".join(parts[:2]),
        "Parameters are looked up by name, as the modules are nested. strict=False lets names differ, never shapes.",
    )


def _listed(keys: tuple[str, ...]) -> str:
    return keys[0] if len(keys) == 1 else f"{keys[0]} (and {len(keys) - 1} more)"


def unbuilt_model(told: Telling) -> Prose:
    """ "output_shape is asked of a model that has not seen an input shape yet"."""
    fault: UnbuiltModel = told.fault  # type: ignore[assignment]
    prose = Prose(
        f"{fault.asked} is asked of {fault.model}, which has not seen an input shape yet",
        "Weights and shapes exist once the sizes are known: after an Input in front, a call of build, or a first call on data.",
    )
    made = told.made_before(told.value())
    if made is not None:
        prose.cause = made
        prose.cause_label = "made here, without an input shape"
    if fault.raises is not None and "has never been called" in fault.raises.message:
        # A Sequential with an Input has weights, but only a call gives it an output.
        prose.headline = f"{fault.asked} is asked of {fault.model}, which has never been called"
        prose.why = "In Keras 3 a model has an input and an output of its own once it was called: y = model(keras.Input(shape))."
        prose.cause_label = "made here" if prose.cause is not None else ""
    return prose


YIELDED = {
    "a generator that yields no tuple": (
        "{taker} needs a generator that yields tuples, (inputs, targets), but this one yields no tuple",
        "Keras 3 tells inputs and targets apart by their place in a tuple: yield x, y. Keras 2 also took a list.",
    ),
    "a generator that yields a list of arrays": (
        "{taker} needs a tuple of several inputs or targets from a generator, but this one yields a list of them",
        "Keras 3 hands what a generator yields to tf.data, which takes nested tuples and dicts, but no lists: "
        "yield (a, b), y. Keras 2 took a list.",
    ),
}
"""How data of a generator is told that Keras 3 does not take."""


def unsupported_data(told: Telling) -> Prose:
    """ "fit gets a Python list for y, but takes arrays"."""
    fault: UnsupportedData = told.fault  # type: ignore[assignment]
    value = told.value()
    given = fault.given
    name = told.name(value)
    if name and len(name) < 24 and name not in given:
        kind = _plain(given)
        given = f"{name}, {kind}" if " " in kind or kind.startswith(("a ", "an ", "no ")) else f"{name}, of type {kind}"
    prose = Prose(
        f"{fault.taker} cannot take {_plain(given)}" if "," not in given else f"{fault.taker} cannot take {given}",
        "Keras takes arrays, tensors and datasets, and a list of arrays only as several inputs. np.array(...) makes an array of "
        "a list.",
    )
    if fault.given == "no labels":
        prose.headline = f"{fault.taker} gets {name or 'inputs'}, but no labels"
        prose.why = (
            "The compiled loss compares predictions with labels, so training needs both: fit(x, y), or a generator, Sequence or "
            "dataset whose every batch is (x, y)."
        )
    elif fault.given == "tensors of a traced step":
        prose.headline = (
            f"{fault.taker} of scikit-learn needs numbers, but the step of Keras is traced with tensors that have none"
        )
        prose.why = (
            "Losses and metrics of compile are made of TensorFlow or Keras functions (keras.metrics has most scores); scikit-learn's "
            "are asked after model.predict."
        )
    elif fault.given.startswith("nothing: call"):
        prose.headline = "the call of the model returns nothing, so there is no prediction that the loss could compare"
        prose.why = "A function without return gives None: the last line of call has to be return."
    elif fault.given == "a tensor where its settings go":
        prose.headline = f"{fault.taker}({name or 'x'}) gives {fault.taker} a tensor where its settings go"
        prose.why = (
            f"A layer is made with its settings first, and called on a tensor then: {fault.taker}(...)({name or 'x'})."
        )
    elif fault.given == "a symbolic Keras tensor":
        prose.headline, prose.why = _symbolic(
            fault.taker, name or "it", maker_of(value.origin) if value is not None else ""
        )
    elif fault.given in YIELDED:
        prose.headline, prose.why = (text.format(taker=fault.taker) for text in YIELDED[fault.given])
    elif fault.taker == "from_generator":
        prose.headline = f"the generator yields {fault.given}"
        prose.why = "output_signature (or output_types and output_shapes) says what each yield gives: a tuple for a tuple, one shape for each part."
    elif fault.taker == "batch":
        prose.headline = f"batch stacks elements into one tensor, but these differ in length: {fault.given}"
        prose.why = "padded_batch fills the shorter ones of each batch up with zeros; ragged_batch keeps the lengths."
    elif fault.given == "a symbolic tensor":
        prose.headline, prose.why = _traced(told, fault.taker, value)
        return prose
    elif "strings" in given or "object" in given:
        prose.why = (
            "Keras computes with numbers: classes that are words need class numbers first (np.unique(..., "
            "return_inverse=True) gives them), and rows of different lengths have to be padded."
        )
    elif "symbolic" in given:
        prose.why = (
            "What Input gives has a shape but no numbers, so only layers and keras.ops take it; TensorFlow's own functions work "
            "inside the call of a layer or a Lambda."
        )
    elif fault.taker == "optimizer" and "torch.nn.modules" in given:
        prose.headline = "the optimizer takes the parameters of a model, but it is given the model itself"
    elif "layer" in fault.taker.lower() or fault.taker == "Sequential.add":
        prose.why = "A Sequential model takes layers: objects such as Dense(8), not classes, numbers or tensors."
    start = told.made_before(value)
    if start is not None:
        prose.cause = start
    return prose


def _traced(told: Telling, taker: str, value: Value | None) -> tuple[str, str]:
    """A tensor of a graph, for which NumPy asks for the numbers."""
    node = told.node
    called = told.called() if isinstance(node, ast.Call) else ""
    given = told.sources.text(told.path, node.args[0], 32) if isinstance(node, ast.Call) and node.args else ""
    head = f"{called or taker} cannot take {given or told.name(value, 'it')}, a symbolic tensor"
    return head, (
        "This code is traced once, before there is a batch: its tensors have a shape and a dtype, but no numbers for NumPy. "
        "TensorFlow's functions and keras.ops compute with them."
    )


def _symbolic(taker: str, name: str, maker: str) -> tuple[str, str]:
    """What a symbolic tensor is not, and what computes with it."""
    headline = f"{taker} cannot take {name}, a symbolic Keras tensor"
    if taker == "a loop or an unpacking":
        headline = f"{name} is one symbolic Keras tensor: it cannot be looped over or unpacked"
        if maker in ("LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional"):
            return headline, f"{maker} gives one tensor; with return_state=True it gives its last states after it."
        return (
            headline,
            "It stands for batches that are not there yet. Slices take it apart: x[:, 0] is its first step.",
        )
    if taker == "NumPy":
        return headline, (
            "It has a shape and a dtype, but no numbers yet. Layers and keras.ops compute inside the model; NumPy computes with "
            "what model.predict returns."
        )
    if taker == "a TensorFlow function":
        return headline, (
            "In Keras 3 the tensors between layers are taken by layers and by keras.ops, which has most of these functions. "
            "TensorFlow's own belong into a Lambda layer or the call of a layer of your own."
        )
    return headline, "It has a shape and a dtype, but no numbers yet: keras.ops.where chooses between two tensors."


def _plain(given: str) -> str:
    """``<class 'list'>`` as people say it."""
    if given.startswith("<class '"):
        return article(given[8:].rstrip("'>").rpartition(".")[2])
    return given


def disconnected_graph(told: Telling) -> Prose:
    """ "output add cannot be computed from the inputs that the model lists"."""
    return Prose(
        "an output of the model needs an Input that is not among the inputs of the model",
        "Model(inputs, outputs) follows the outputs back: every Input on the way has to be in the list of inputs.",
        cause=told.argument("inputs", 0),
        cause_label="an Input is missing here",
    )


def layer_name(told: Telling) -> Prose:
    """ "two layers of the model are called lstm"."""
    fault: LayerName = told.fault  # type: ignore[assignment]
    called = told.called().rpartition(".")[2]
    if called == "get_layer":
        index = fault.layer.lstrip("-").isdigit()
        head = f"{fault.model} has no layer {'number ' if index else ''}{fault.layer}"
        return Prose(head, "Layers that are given no name get one from their class: dense, dense_1, ...", subject=None)
    return Prose(
        f"two layers of {fault.model} have the name {fault.layer}",
        "Layer names have to be different within a model. A layer that is used twice belongs into the functional API.",
        cause=told.made_before(told.value()),
        cause_label=f"the second {fault.layer}",
    )


def _unadapted(told: Telling, fault: UnfittedEstimator) -> Prose:
    """ "TextVectorization has no vocabulary yet"."""
    what, argument = ("bin boundaries", "bin_boundaries=") if fault.estimator == "Discretization" else (
        "vocabulary", "vocabulary="
    )  # fmt: skip
    prose = Prose(
        f"{fault.estimator} has no {what} yet: adapt comes first",
        f"The layer learns its {what} from data in adapt, or is given them by {argument}.",
        fails_label=f"no {what} yet",
    )
    made = told.made_before(told.value())
    if made is not None:
        prose.marks = ((made, "made here"),)
    return prose


def unfitted_estimator(told: Telling) -> Prose:
    """ "scaler.transform comes before scaler.fit"."""
    fault: UnfittedEstimator = told.fault  # type: ignore[assignment]
    called = told.called()
    head, dot, _ = called.rpartition(".")
    if fault.raises is not None and fault.raises.by.startswith("keras"):
        return _unadapted(told, fault)
    prose = Prose(
        f"{called} comes before {head}.fit" if dot and len(called) < 60 else f"{fault.summary.rstrip('.').lower()}",
        "What is learnt from the training data (means, ranges, weights) is there only after fit or fit_transform.",
        fails_label="not fitted yet",
    )
    made = told.made_before(told.value())
    if made is not None:
        prose.marks = ((made, "made here"),)
    return prose
