"""``fit``, ``evaluate``, ``predict`` and their kind: one step on each kind of batch, and what comes back.

The step runs as a graph: what its shapes forbid raises while it is traced, what only values or batch sizes forbid
raises an InvalidArgumentError when it runs. Both point at the line of the call, or into the program's own layers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents
from foreshape.domain.dim import Dim, DimLike, floordiv, substitute, variables
from foreshape.domain.values import (
    Array,
    BoundMethod,
    Const,
    DictValue,
    Function,
    Instance,
    LibraryRef,
    Sequence,
    Typed,
    Unknown,
    Value,
    as_bool,
    as_int,
    is_none,
)
from foreshape.faults.base import Fault
from foreshape.faults.no_data import NoData
from foreshape.faults.uncompiled_model import UncompiledModel
from foreshape.faults.unsupported_data import UnsupportedData
from foreshape.semantics.keras.base import error, is_keras3, layer_name, undefined
from foreshape.semantics.keras.calling import call_object
from foreshape.semantics.keras.compiling import Step, apply_losses, apply_metrics, metric_count
from foreshape.semantics.keras.config import repr_value
from foreshape.semantics.keras.feeding import Feed, as_array, feed, is_dataset
from foreshape.semantics.keras.functional import graph_of
from foreshape.semantics.keras.later import settle
from foreshape.semantics.keras.losses import GRAPH_ERROR
from foreshape.semantics.keras.methods import is_a
from foreshape.semantics.keras.names import process
from foreshape.semantics.keras.structure import as_tuple, flatten, mapped
from foreshape.semantics.registry import library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

HISTORY = library_type("keras.callbacks.History", "keras.callbacks.Callback")


# -- one step -----------------------------------------------------------------------------------------------------------


def run_step(cx: Context, self: Instance, data: Feed, training: bool, compare: bool) -> Value:
    """Call the model on a batch and compare its outputs with the labels. Gives the outputs."""
    state = process(cx)
    outer = state.fields.get("tracing")
    cx.set(state, "tracing", ())
    cx.set(state, "pending", ())
    x = data.x
    generator_2 = data.from_generator and not is_keras3(cx) and as_bool(self.fields.get("built")) is True
    x = mapped(lambda leaf: _expanded(cx, leaf), x)
    y = mapped(lambda leaf: _expanded(cx, leaf), data.y)
    try:
        outputs = _call(cx, self, x, training, generator_2)
        outputs = _fixed_batch(self, outputs, data)
        if compare and not _any_tainted(outputs) and not is_none(y) and not isinstance(outputs, Unknown):
            step = Step(y, outputs, data.batch, data.sizes)
            _compare(cx, self, step, data)
        later = state.fields.get("tracing")
    finally:
        cx.set(state, "tracing", outer)
    if later and not _any_tainted(outputs):
        fault: Fault = later[0]
        if fault.raises is not None and not fault.raises.message.startswith(GRAPH_ERROR):
            fault.raises.message = GRAPH_ERROR + fault.raises.message
        raise fault
    if not _any_tainted(outputs):
        settle(cx, data.batch, data.sizes)
    return outputs


def _compare(cx: Context, self: Instance, step: Step, data: Feed) -> None:
    try:
        apply_losses(cx, self, step)
        apply_metrics(cx, self, step)
    except Fault as fault:
        if data.from_generator and not is_keras3(cx) and fault.name == "label-shape" and fault.raises is not None:
            # Keras 2 does not know the sizes of what a generator yields
            if fault.raises.exception == "ValueError":
                fault.raises.exception = "InvalidArgumentError"
                fault.raises.message = GRAPH_ERROR + fault.raises.message
        raise


def _fixed_batch(self: Instance, outputs: Value, data: Feed) -> Value:
    """A stateful layer gives as many rows as it has states, whatever the size of the batch."""
    if data.batch is None:
        return outputs
    size = stateful_batch(self)
    if size is None:
        return outputs
    from foreshape.domain.dim import of_atom

    batch = of_atom(data.batch)

    def one(leaf: Value) -> Value:
        if isinstance(leaf, Array) and leaf.shape and leaf.shape[0] == batch:
            made = leaf.replace(shape=(size, *leaf.shape[1:]), roles=leaf.roles)
            made.origin = leaf.origin
            made.tainted = leaf.tainted
            return made
        return leaf

    return mapped(one, outputs)


def _stateful_predict(cx: Context, self: Instance, data: Feed) -> None:
    """A batch of another size than the states, other than 1: the sum of the two does not broadcast."""
    size = stateful_batch(self)
    if size is None or data.from_generator:
        return
    for other in data.sizes:
        if isinstance(other, int) and isinstance(size, int) and other not in (1, size):
            from foreshape.faults.stateful_batch import StatefulBatch

            message = f"{GRAPH_ERROR}Incompatible shapes: [{other}] vs. [{size}]"
            leaves = tuple(leaf for leaf in flatten(data.x) if isinstance(leaf, Array))
            raise StatefulBatch(
                error(cx, "InvalidArgumentError", message), values=leaves, layer=layer_name(self), needs=size, got=other
            )


def _call(cx: Context, self: Instance, x: Value, training: bool, generator_2: bool) -> Value:
    state = process(cx)
    outer = state.fields.get("training")
    cx.set(state, "training", Const(training))
    try:
        own = cx.user_method(self, "__call__")
        if own is not None:
            return cx.call(own, (x,), {})
        return call_object(cx, self, (x,), {})
    except Fault as fault:
        if generator_2 and fault.raises is not None and fault.name in ("feature-mismatch", "declared-shape"):
            # Keras 2 does not look at the sizes of what a generator yields before it computes with them
            fault.raises.exception = "InvalidArgumentError"
            fault.raises.message = GRAPH_ERROR + fault.raises.message
        raise
    finally:
        cx.set(state, "training", Const(None) if outer is None else outer)


def _any_tainted(value: Value) -> bool:
    return value.tainted or any(leaf.tainted for leaf in flatten(value))


def _expanded(cx: Context, leaf: Value) -> Value:
    """Keras 2 makes (batch, 1) of vectors."""
    if is_keras3(cx) or not isinstance(leaf, Array) or leaf.shape is None or len(leaf.shape) != 1:
        return leaf
    made = leaf.replace(shape=(*leaf.shape, 1))
    made.origin = leaf.origin
    made.tainted = leaf.tainted
    return made


def overridden(cx: Context, self: Instance, *names: str) -> bool:
    """Whether the program has its own training step."""
    return any(cx.user_method(self, name) is not None for name in names)


def compiled(cx: Context, self: Instance, method: str) -> None:
    """Raise where the model was certainly never compiled."""
    if self.tainted or self.fields.get("~compiled") is not None or not self.fields.get("~initialised"):
        return
    if overridden(cx, self, "compile", "train_step", "test_step"):
        return
    raised = (
        error(cx, "ValueError", "You must call `compile()` before using the model.")
        if is_keras3(cx)
        else error(
            cx,
            "RuntimeError",
            "You must compile your model before training/testing. Use `model.compile(optimizer, loss)`.",
        )
    )
    raise UncompiledModel(raised, values=(self,), method=method)


def _needs_labels(cx: Context, self: Instance, data: Feed) -> None:
    """A loss without labels."""
    loss = self.fields.get("~loss")
    if not isinstance(data.y, Const) or data.y.value is not None:
        return
    if not isinstance(loss, Value) or is_none(loss) or isinstance(loss, Unknown):
        return
    if overridden(cx, self, "train_step", "test_step", "compute_loss"):
        return
    message = (
        "None values not supported."
        if is_keras3(cx)
        else f"Target data is missing. Your model was compiled with loss={repr_value(loss).strip(chr(39))}, and therefore "
        "expects target data to be provided in `fit()`."
    )
    raise UnsupportedData(error(cx, "ValueError", message), values=(data.x,), taker="fit", given="no labels")


def _no_loss(cx: Context, self: Instance) -> None:
    """``compile`` without a loss, for a model that has none of its own."""
    loss = self.fields.get("~loss", "unknown")
    if self.tainted or not (loss is None or (isinstance(loss, Value) and is_none(loss))):
        return
    if overridden(cx, self, "train_step", "compute_loss", "call") or not self.fields.get("~compiled"):
        return
    graph = graph_of(self)
    if graph is None or any(node.layer is not None and cx.user_method(node.layer, "call") for node in graph.nodes):
        return
    message = (
        "No loss to compute. Provide a `loss` argument in `compile()`."
        if is_keras3(cx)
        else "No loss found. You may have forgotten to provide a `loss` argument in the `compile()` method."
    )
    raise UncompiledModel(error(cx, "ValueError", message), values=(self,), method="fit")


def train(cx: Context, self: Instance, data: Feed | None, training: bool) -> Value | None:
    """A step of ``fit`` (or ``evaluate``) on these batches. None where the data is not known."""
    if data is None or self.tainted:
        return None
    own = "train_step" if training else "test_step"
    if overridden(cx, self, own):
        method = cx.user_method(self, own)
        assert method is not None
        parts = [data.x] + [part for part in (data.y, data.weights) if not is_none(part)]
        result = cx.call(method, (as_tuple(parts) if len(parts) > 1 else parts[0],), {})
        return result if result.tainted else None
    _needs_labels(cx, self, data)
    if training:
        _no_loss(cx, self)
    return run_step(cx, self, data, training, compare=True)


# -- fit and evaluate ---------------------------------------------------------------------------------------------------


@rule("keras.Model.fit", since="3", doc="https://keras.io/api/models/model_training_apis/")
def fit_3(
    cx: Context,
    self: Instance,
    x: Value | None = None,
    y: Value | None = None,
    batch_size: Value | None = None,
    epochs: Value | None = None,
    verbose: Value | None = None,
    callbacks: Value | None = None,
    validation_split: Value | None = None,
    validation_data: Value | None = None,
    shuffle: Value | None = None,
    class_weight: Value | None = None,
    sample_weight: Value | None = None,
    initial_epoch: Value | None = None,
    steps_per_epoch: Value | None = None,
    validation_steps: Value | None = None,
    validation_batch_size: Value | None = None,
    validation_freq: Value | None = None,
) -> Value:
    """Trains; gives a History."""
    given = {"x": x, "y": y, "batch_size": batch_size, "epochs": epochs, "validation_split": validation_split,
             "validation_data": validation_data, "sample_weight": sample_weight, "steps": steps_per_epoch,
             "validation_batch_size": validation_batch_size, "class_weight": class_weight}  # fmt: skip
    return _fit(cx, self, given)


@rule("keras.Model.fit", until="3")
def fit_2(
    cx: Context,
    self: Instance,
    x: Value | None = None,
    y: Value | None = None,
    batch_size: Value | None = None,
    epochs: Value | None = None,
    verbose: Value | None = None,
    callbacks: Value | None = None,
    validation_split: Value | None = None,
    validation_data: Value | None = None,
    shuffle: Value | None = None,
    class_weight: Value | None = None,
    sample_weight: Value | None = None,
    initial_epoch: Value | None = None,
    steps_per_epoch: Value | None = None,
    validation_steps: Value | None = None,
    validation_batch_size: Value | None = None,
    validation_freq: Value | None = None,
    max_queue_size: Value | None = None,
    workers: Value | None = None,
    use_multiprocessing: Value | None = None,
) -> Value:
    """Trains; gives a History."""
    given = {"x": x, "y": y, "batch_size": batch_size, "epochs": epochs, "validation_split": validation_split,
             "validation_data": validation_data, "sample_weight": sample_weight, "steps": steps_per_epoch,
             "validation_batch_size": validation_batch_size, "class_weight": class_weight}  # fmt: skip
    return _fit(cx, self, given)


@rule("keras.Model.fit_generator", until="3")
def fit_generator(cx: Context, self: Instance, generator: Value, *args: Value, **kwargs: Value) -> Value:
    """The old name of ``fit`` on a generator."""
    return _fit(cx, self, {"x": generator, "epochs": kwargs.get("epochs"), "validation_data": kwargs.get("validation_data")})


def _fit(cx: Context, self: Instance, given: dict[str, Value | None]) -> Value:
    compiled(cx, self, "fit")
    x, y, weights = given.get("x"), given.get("y"), given.get("sample_weight")
    split = given.get("validation_split")
    validation = given.get("validation_data")
    history = _history(cx, self, given)
    held: tuple[Value | None, Value | None, Value | None] | None = None
    if split is not None and not is_none(split) and _is_positive(split) and (validation is None or is_none(validation)):
        x, y, weights, held = _split(cx, x, y, weights, split)
        if x is None:
            return history
    data = feed(cx, "fit", x, y, weights, given.get("batch_size"), given.get("steps"))
    _class_weight(cx, given.get("class_weight"))
    if data is None and not self.tainted:
        _callbacks(cx, self, given)
        return history
    outputs = train(cx, self, data, training=True)
    if outputs is not None and _any_tainted(outputs):
        history.tainted = True
        return history
    _callbacks(cx, self, given)
    size = given.get("validation_batch_size")
    if size is None or is_none(size):
        size = given.get("batch_size")
    if held is not None:
        _evaluate(cx, self, held[0], held[1], held[2], size, None)
    elif validation is not None and not is_none(validation):
        _validate(cx, self, validation, size)
    return history


HOOKS = ("on_train_begin", "on_epoch_begin", "on_epoch_end", "on_train_end")
BATCH_HOOKS = ("on_batch_begin", "on_batch_end", "on_train_batch_begin", "on_train_batch_end", "on_test_batch_end",
               "on_predict_batch_end", "on_test_begin", "on_test_end")  # fmt: skip


def _callbacks(cx: Context, self: Instance, given: dict[str, Value | None]) -> None:
    """The program's own callbacks run: once per epoch where that is a small known number."""
    callbacks = given.get("callbacks")
    if callbacks is None or is_none(callbacks):
        return
    found = [leaf for leaf in flatten(callbacks) if isinstance(leaf, Instance)]
    epochs = as_int(given.get("epochs")) if given.get("epochs") is not None else 1
    stops = any(is_a(leaf, "keras.callbacks.EarlyStopping") for leaf in found)
    exact = epochs is not None and 1 <= epochs <= 10 and not stops
    for leaf in found:
        cx.set(leaf, "model", self)
        hooks = {name: hook for name in HOOKS if (hook := _hook(cx, leaf, name)) is not None}
        logs = DictValue({"loss": Typed("float")}, rest=Typed("float"))
        if "on_train_begin" in hooks:
            cx.call(hooks["on_train_begin"], (logs,), {})
        for epoch in range(epochs if exact and epochs is not None else 1):
            number: Value = Const(epoch) if exact else Typed("int", lo=0)
            for name in ("on_epoch_begin", "on_epoch_end"):
                if name in hooks:
                    cx.call(hooks[name], (number, logs), {})
        if "on_train_end" in hooks:
            cx.call(hooks["on_train_end"], (logs,), {})
        if not exact or any(_hook(cx, leaf, name) is not None for name in BATCH_HOOKS):
            for value in list(leaf.fields.values()):
                if isinstance(value, (Sequence, DictValue)):
                    cx.forget(value)


def _hook(cx: Context, callback: Instance, name: str) -> Value | None:
    own = cx.user_method(callback, name)
    if own is not None:
        return own
    found = callback.fields.get(name)
    return found if isinstance(found, (Function, BoundMethod)) else None


def _is_positive(value: Value) -> bool:
    return not (isinstance(value, Const) and not value.value)


def _class_weight(cx: Context, value: Value | None) -> None:
    if isinstance(value, Sequence):
        attribute = "get" if is_keras3(cx) else "keys"
        message = f"'{value.kind}' object has no attribute '{attribute}'"
        raise UnsupportedData(
            error(cx, "AttributeError", message), values=(value,), taker="class_weight", given=f"a {value.kind}"
        )


def _validate(cx: Context, self: Instance, validation: Value, size: Value | None) -> None:
    if isinstance(validation, Unknown):
        return
    if isinstance(validation, Sequence):
        items = validation.contents.items(limit=8)
        if items is None:
            return
        if 1 <= len(items) <= 3:
            padded = (*items, None, None)
            _evaluate(cx, self, padded[0], padded[1], padded[2], size, None)
        return
    _evaluate(cx, self, validation, None, None, size, None)


def _split(
    cx: Context, x: Value | None, y: Value | None, weights: Value | None, split: Value
) -> tuple[Value | None, Value | None, Value | None, tuple[Value | None, Value | None, Value | None] | None]:
    """``validation_split``: the last samples are kept for validation."""
    parts = [x, y, weights]
    leaves = [leaf for part in parts if part is not None for leaf in flatten(part) if not is_none(leaf)]
    new = is_keras3(cx)
    for leaf in leaves:
        if _is_plain(leaf) or (isinstance(leaf, Sequence)):
            message = (
                "Argument `validation_split` is only supported for tensors or NumPy arrays."
                "Found incompatible type in the input: ..."
                if new
                else "`validation_split` is only supported for Tensors or NumPy arrays, found following types in the "
                "input: ..."
            )
            raise UnsupportedData(
                error(cx, "ValueError", message), values=(leaf,), taker="validation_split", given="a Python list"
            )
    arrays = [as_array(cx, leaf) for leaf in leaves]
    if not arrays or any(not isinstance(leaf, Array) or not leaf.shape for leaf in arrays):
        return None, None, None, None
    first = arrays[0]
    assert isinstance(first, Array) and first.shape
    samples = cx.resolve(first.shape[0])
    fraction = split.value if isinstance(split, Const) else None
    if isinstance(samples, int) and isinstance(fraction, (int, float)):
        at = int(samples * (1.0 - fraction))
        if at == 0 or at == samples:
            message = (
                f"Training data contains {samples} samples, which is not sufficient to split it into a validation and "
                f"training set as specified by `validation_split={fraction}`. Either provide more data, or a different "
                "value for the `validation_split` argument."
            )
            raise NoData(error(cx, "ValueError", message), values=(first,), taker="validation_split", samples=samples)

    def cut(part: Value | None, end: bool) -> Value | None:
        if part is None:
            return None

        def one(leaf: Value) -> Value:
            array = as_array(cx, leaf)
            if not isinstance(array, Array) or not array.shape:
                return array
            whole = cx.resolve(array.shape[0])
            if isinstance(fraction, (int, float)) and isinstance(whole, int):
                point: DimLike = int(whole * (1.0 - fraction))
                rows = whole - point if end else point
            else:
                rows = cx.fresh(lo=0)
            made = array.replace(shape=(rows, *array.shape[1:]), roles=array.roles)
            made.origin = leaf.origin
            made.tainted = leaf.tainted
            return made

        return mapped(one, part)

    train_parts = [cut(part, False) for part in parts]
    held = (cut(x, True), cut(y, True), cut(weights, True))
    return train_parts[0], train_parts[1], train_parts[2], held


def _is_plain(leaf: Value) -> bool:
    return isinstance(leaf, Const) and isinstance(leaf.value, (int, float, str)) and not is_none(leaf)


def _history(cx: Context, self: Instance, given: dict[str, Value | None]) -> Instance:
    """``history.history``: a list of floats per loss and metric, one per epoch."""
    epochs = cx.dim(given.get("epochs"), "epochs") if given.get("epochs") is not None else 1
    if epochs is None:
        epochs = cx.fresh("epochs", lo=0)
    callbacks = given.get("callbacks")
    if callbacks is not None and not is_none(callbacks):
        epochs = cx.fresh("epochs", lo=0)

    def curve() -> Value:
        from foreshape.domain.contents import Run

        return Sequence("list", Contents((Run(epochs, Typed("float")),)))

    entries: dict[object, Value] = {"loss": curve()}
    validates = any(
        given.get(key) is not None and not is_none(given[key]) for key in ("validation_data", "validation_split")
    )
    if validates:
        entries["val_loss"] = curve()
    history = Instance(LibraryRef(HISTORY))
    cx.set(history, "history", DictValue(entries, rest=curve()))
    cx.set(history, "epoch", curve())
    cx.set(history, "params", DictValue({}, rest=cx.unknown("parameters of the training")))
    cx.set(history, "model", self)
    return history


def _evaluate(
    cx: Context,
    self: Instance,
    x: Value | None,
    y: Value | None,
    weights: Value | None,
    batch_size: Value | None,
    steps: Value | None,
) -> Value | None:
    data = feed(cx, "evaluate", x, y, weights, batch_size, steps)
    return train(cx, self, data, training=False)


@rule("keras.Model.evaluate")
def evaluate(
    cx: Context,
    self: Instance,
    x: Value | None = None,
    y: Value | None = None,
    batch_size: Value | None = None,
    verbose: Value | None = None,
    sample_weight: Value | None = None,
    steps: Value | None = None,
    callbacks: Value | None = None,
    max_queue_size: Value | None = None,
    workers: Value | None = None,
    use_multiprocessing: Value | None = None,
    return_dict: Value | None = None,
    **kwargs: Value,
) -> Value:
    """The loss; with metrics a list of it and them; with ``return_dict`` a dict."""
    compiled(cx, self, "evaluate")
    outputs = _evaluate(cx, self, x, y, sample_weight, batch_size, steps)
    result = _scores(cx, self, outputs, return_dict)
    if outputs is not None and _any_tainted(outputs):
        result.tainted = True
    return result


def _scores(cx: Context, self: Instance, outputs: Value | None, return_dict: Value | None) -> Value:
    wants_dict = False if return_dict is None else as_bool(return_dict)
    if wants_dict:
        return DictValue({"loss": Typed("float")}, rest=Typed("float"))
    graph = graph_of(self)
    count = len(graph.outputs) if graph is not None else (len(flatten(outputs)) if outputs is not None else None)
    if wants_dict is None or self.tainted or not self.fields.get("~compiled") or count is None:
        return cx.unknown("how many numbers evaluate gives")
    found = metric_count(cx, self, count)
    if found is None:
        return cx.unknown("the metrics are not known")
    if count > 1:
        return cx.unknown("the numbers of a model with several outputs")
    if found == 0:
        return Typed("float")
    return Sequence("list", Contents(Typed("float") for _ in range(found + 1)))


# -- predict ------------------------------------------------------------------------------------------------------------


@rule("keras.Model.predict", since="3")
def predict_3(
    cx: Context,
    self: Instance,
    x: Value,
    batch_size: Value | None = None,
    verbose: Value | None = None,
    steps: Value | None = None,
    callbacks: Value | None = None,
) -> Value:
    """NumPy arrays with one row per sample."""
    return _predict(cx, self, x, batch_size, steps)


@rule("keras.Model.predict", until="3")
def predict_2(
    cx: Context,
    self: Instance,
    x: Value,
    batch_size: Value | None = None,
    verbose: Value | None = None,
    steps: Value | None = None,
    callbacks: Value | None = None,
    max_queue_size: Value | None = None,
    workers: Value | None = None,
    use_multiprocessing: Value | None = None,
) -> Value:
    """NumPy arrays with one row per sample."""
    return _predict(cx, self, x, batch_size, steps)


def _predict(cx: Context, self: Instance, x: Value, batch_size: Value | None, steps: Value | None) -> Value:
    data = feed(cx, "predict", x, None, None, batch_size, steps)
    if data is None or self.tainted:
        return cx.unknown("what the model predicts is not known" if data is not None else "the data is not known")
    if data.samples == 0:
        raised = (
            error(cx, "UnboundLocalError", "cannot access local variable 'batch_outputs' where it is not associated with a value")
            if is_keras3(cx)
            else error(cx, "ValueError", "Expected input data to be non-empty.")
        )
        raise NoData(raised, values=(x,), taker="predict", samples=0)
    if is_keras3(cx) and data.batch is not None and data.sizes and not data.from_generator and not is_dataset(x):
        _first_batch(cx, self, data)
    outputs = run_step(cx, self, data, training=False, compare=False)
    if not _any_tainted(outputs):
        _stateful_predict(cx, self, data)
    return mapped(lambda leaf: _gathered(cx, leaf, data), outputs)


def _first_batch(cx: Context, self: Instance, data: Feed) -> None:
    """Keras 3 predicts the first batch with its size known: a stateful layer for another batch size says so."""
    from foreshape.domain.dim import of_atom

    assert data.batch is not None
    size = data.sizes[0]
    dim = of_atom(data.batch)

    def one(leaf: Value) -> Value:
        if isinstance(leaf, Array) and leaf.shape and leaf.shape[0] == dim:
            made = leaf.replace(shape=(size, *leaf.shape[1:]), roles=leaf.roles)
            made.origin = leaf.origin
            return made
        return leaf

    if stateful_batch(self) is not None:
        run_step(cx, self, Feed(mapped(one, data.x), data.y, data.weights, size, None, (size,)), False, False)


def stateful_batch(self: Instance) -> DimLike | None:
    """The batch size that a stateful layer of the model has its states for."""
    from foreshape.semantics.keras.weights import sublayers

    graph = graph_of(self)
    layers = graph.layers if graph is not None else tuple(sublayers(self))
    if not any(as_bool(layer.fields.get("stateful")) is True for layer in layers):
        return None
    if graph is not None and graph.inputs and graph.inputs[0].shape:
        first = graph.inputs[0].shape[0]
        return None if undefined(first) else first
    return None


def _gathered(cx: Context, leaf: Value, data: Feed) -> Value:
    """Batches joined along the first axis."""
    if not isinstance(leaf, Array):
        return cx.unknown("what the model predicts is not known")
    if leaf.shape is None:
        return Array("numpy", None, leaf.dtype)
    if not leaf.shape:
        return cx.unknown("the model gives one number per batch")
    rows = _rows(cx, leaf.shape[0], data)
    rest = tuple(_settled(cx, dim, data) for dim in leaf.shape[1:])
    made = Array("numpy", (rows, *rest), leaf.dtype, roles=leaf.roles)
    made.tainted = leaf.tainted
    return made


def _settled(cx: Context, dim: DimLike, data: Feed) -> DimLike:
    if isinstance(dim, int) or data.batch is None or data.batch not in variables(dim):
        return dim
    if len(data.sizes) == 1:
        return substitute(dim, {data.batch: data.sizes[0]})
    return cx.fresh()


def _rows(cx: Context, first: DimLike, data: Feed) -> DimLike:
    samples = data.samples
    if data.batch is not None and isinstance(first, Dim) and data.batch in variables(first):
        if samples is None:
            return cx.fresh(lo=0)
        at_one, at_two = substitute(first, {data.batch: 1}), substitute(first, {data.batch: 2})
        if at_two == 2 * at_one:  # proportional to the batch: so is the whole to the number of samples
            return substitute(first, {data.batch: samples})
        return cx.fresh(lo=0)
    if data.batch is None and samples is not None and data.sizes:
        size = data.sizes[0]
        if first == size:
            return samples
        if isinstance(size, int) and isinstance(samples, int) and size:
            return first * floordiv(samples, size)
    return cx.fresh(lo=0)


# -- single batches -----------------------------------------------------------------------------------------------------


def _one_batch(cx: Context, taker: str, x: Value, y: Value | None, weights: Value | None) -> Feed | None:
    """A batch that is given whole: its size is known to Keras."""
    parts = [mapped(lambda leaf: as_array(cx, leaf), part) if part is not None else Const(None) for part in (x, y, weights)]
    leaves = [leaf for part in parts for leaf in flatten(part) if not is_none(leaf)]
    if any(not isinstance(leaf, Array) or not leaf.shape for leaf in leaves) or not leaves:
        return None
    if not is_keras3(cx):
        from foreshape.semantics.keras.feeding import cardinality

        cardinality(cx, list(zip(("x", "y", "sample_weight"), parts)))
    first = leaves[0]
    assert isinstance(first, Array) and first.shape

    def one(leaf: Value) -> Value:
        if not isinstance(leaf, Array):
            return leaf
        dtype = "float32" if leaf.dtype == "float64" and leaf.kind == "numpy" else leaf.dtype
        made = leaf.replace(kind="tensorflow", dtype=dtype, meta={})
        made.origin = leaf.origin
        made.tainted = leaf.tainted
        return made

    held = [mapped(one, part) for part in parts]
    return Feed(held[0], held[1], held[2], first.shape[0], None, (first.shape[0],))


def _again(cx: Context, self: Instance, data: Feed | None) -> Value | None:
    """A step on a batch of another size than before: the graph now takes any size, and finds out when it runs."""
    size = data.sizes[0] if data is not None else None
    before = self.fields.get("~stepped")
    try:
        outputs = train(cx, self, data, training=True)
    except Fault as fault:
        changed = before is not None and size is not None and before != size
        if changed and fault.raises is not None and fault.raises.exception == "ValueError":
            if fault.name in ("stateful-batch", "declared-shape", "broadcast-mismatch"):
                fault.raises.exception = "InvalidArgumentError"
                fault.raises.message = GRAPH_ERROR + fault.raises.message
        raise
    if size is not None:
        cx.set(self, "~stepped", size)
    return outputs


@rule("keras.Model.train_on_batch", "keras.Model.test_on_batch")
def train_on_batch(
    cx: Context,
    self: Instance,
    x: Value,
    y: Value | None = None,
    sample_weight: Value | None = None,
    class_weight: Value | None = None,
    reset_metrics: Value | None = None,
    return_dict: Value | None = None,
) -> Value:
    """One step: the loss, or a list of it and the metrics."""
    compiled(cx, self, "train_on_batch")
    data = _one_batch(cx, "train_on_batch", x, y, sample_weight)
    outputs = _again(cx, self, data)
    result = _scores(cx, self, outputs, return_dict)
    if outputs is not None and _any_tainted(outputs):
        result.tainted = True
    return result


@rule("keras.Model.predict_on_batch")
def predict_on_batch(cx: Context, self: Instance, x: Value) -> Value:
    """NumPy arrays for one batch."""
    data = _one_batch(cx, "predict_on_batch", x, None, None)
    if data is None or self.tainted:
        return cx.unknown("the data is not known")
    outputs = run_step(cx, self, data, training=False, compare=False)
    return mapped(
        lambda leaf: leaf.replace(kind="numpy", meta={}) if isinstance(leaf, Array) else leaf, outputs
    )


__all__ = ["as_int", "is_a", "layer_name"]
