"""What a program's own training step asks of its model: the library's steps, the compiled loss, the metrics' results.

https://keras.io/guides/custom_train_step_in_tensorflow/ and, for what has no state, .../custom_train_step_in_jax/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents, Run
from foreshape.domain.values import (
    Array,
    Const,
    DictValue,
    Instance,
    LibraryRef,
    Sequence,
    Typed,
    Unknown,
    Value,
    as_str,
    is_none,
)
from foreshape.semantics.keras.base import activation_of
from foreshape.semantics.keras.calling import call_object
from foreshape.semantics.keras.compiling import Step, apply_losses
from foreshape.semantics.keras.layer import add_weight_2, add_weight_3, connected
from foreshape.semantics.keras.methods import find_method
from foreshape.semantics.keras.metrics import apply_metrics, metric_names
from foreshape.semantics.keras.reserved import reserved
from foreshape.semantics.registry import attribute, library_type, rule
from foreshape.semantics.shared.structure import as_tuple, mapped

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

LOSS = library_type("keras.~CompiledLoss")
METRICS = library_type("keras.~CompiledMetrics")


def _scalar() -> Array:
    return Array("tensorflow", (), "float32")


# -- steps --------------------------------------------------------------------------------------------------------------
def _parts(cx: Context, data: Value) -> tuple[Value, Value, Value] | None:
    """``unpack_x_y_sample_weight``: what one batch consists of."""
    if isinstance(data, Unknown):
        return None
    none = Const(None)
    if not isinstance(data, Sequence) or data.kind != "tuple":
        return data, none, none
    items = data.contents.items(limit=4)
    if items is None or not 1 <= len(items) <= 3:
        return None
    x, y, weights = (*items, none, none)[:3]
    return x, y, weights


def _called(cx: Context, self: Instance, x: Value, training: bool) -> Value:
    """The model on a batch; ``training`` is handed on where its ``call`` takes it."""
    own = find_method(cx, self, "call")
    takes = own is not None and own.is_user and own.takes("training")
    return call_object(cx, self, (x,), {"training": Const(training)} if takes else {})


def _step(cx: Context, self: Instance, data: Value, training: bool) -> Value:
    parts = _parts(cx, data)
    if parts is None or self.tainted:
        return cx.unknown("the data of the step is not known")
    x, y, weights = parts
    outputs = _called(cx, self, x, training)
    _computed_loss(cx, self, x, y, outputs, weights)
    return _results(cx, self)


@rule("keras.Model.train_step", doc="https://keras.io/guides/custom_train_step_in_tensorflow/")
def train_step(cx: Context, self: Instance, data: Value) -> Value:
    """A dict of scalars: the loss and the metrics. Labels are held against predictions."""
    return _step(cx, self, data, True)


@rule("keras.Model.test_step")
def test_step(cx: Context, self: Instance, data: Value) -> Value:
    """A dict of scalars: the loss and the metrics. Labels are held against predictions."""
    return _step(cx, self, data, False)


@rule("keras.Model.predict_step")
def predict_step(cx: Context, self: Instance, data: Value) -> Value:
    """What the model gives for the inputs of a batch."""
    parts = _parts(cx, data)
    return cx.unknown("the data of the step is not known") if parts is None else _called(cx, self, parts[0], False)


# -- losses ---------------------------------------------------------------------------------------------------------------
def _computed_loss(cx: Context, self: Instance, x: Value, y: Value, outputs: Value, weights: Value) -> Value:
    """The loss by the program's ``compute_loss`` where it has one."""
    own = cx.user_method(self, "compute_loss")
    if own is not None:
        named = {"x": x, "y": y, "y_pred": outputs, "sample_weight": weights}
        return cx.call(own, (), named)
    return _compared(cx, self, y, outputs, weights)


def _compared(cx: Context, self: Instance, y: Value | None, outputs: Value | None, weights: Value | None) -> Value:
    """Labels held against predictions by the compiled loss: a scalar."""
    known = y is not None and outputs is not None and not is_none(y) and not is_none(outputs)
    if known and not self.tainted and self.fields.get("~compiled"):
        assert y is not None and outputs is not None
        if not any(value.tainted or isinstance(value, Unknown) for value in (y, outputs)):
            apply_losses(cx, self, Step(y, outputs, None, (), weights))
    return _scalar()


@rule("keras.Model.compute_loss")
def compute_loss(
    cx: Context,
    self: Instance,
    x: Value | None = None,
    y: Value | None = None,
    y_pred: Value | None = None,
    sample_weight: Value | None = None,
    training: Value | None = None,
) -> Value:
    """A scalar. Raises what the compiled loss raises of labels that do not fit the predictions."""
    return _compared(cx, self, y, y_pred, sample_weight)


@attribute("keras.Model.compiled_loss")
def compiled_loss(cx: Context, self: Instance) -> Value:
    """What ``compile`` made of the loss: a function of labels and predictions."""
    return Instance(LibraryRef(LOSS), {"~model": self})


@rule(f"{LOSS}.__call__")
def compiled_loss_call(
    cx: Context, self: Instance, y_true: Value, y_pred: Value, sample_weight: Value | None = None,
    regularization_losses: Value | None = None,
) -> Value:  # fmt: skip
    """A scalar, as ``compute_loss``."""
    model = self.fields.get("~model")
    return _compared(cx, model, y_true, y_pred, sample_weight) if isinstance(model, Instance) else _scalar()


@attribute("keras.Model.loss")
def model_loss(cx: Context, self: Instance) -> Value:
    """What ``compile`` was given."""
    found = self.fields.get("~loss")
    return found if isinstance(found, Value) else cx.unknown("the loss of the model")


# -- metrics --------------------------------------------------------------------------------------------------------------
def _results(cx: Context, self: Instance) -> Value:
    """A scalar tensor by the name of each metric; closed where all names are known."""
    names = metric_names(cx, self)
    entries: dict[object, Value] = {"loss": _scalar()}
    for name in names or ():
        entries[name] = _scalar()
    return DictValue(entries, rest=_scalar() if names is None else None)


@rule("keras.Model.get_metrics_result")
def get_metrics_result(cx: Context, self: Instance) -> Value:
    """A dict of scalars by the names of the loss and the metrics."""
    return _results(cx, self)


@rule("keras.Model.compute_metrics")
def compute_metrics(
    cx: Context, self: Instance, x: Value, y: Value, y_pred: Value, sample_weight: Value | None = None
) -> Value:
    """A dict of scalars by the names of the loss and the metrics."""
    _updated(cx, self, y, y_pred, sample_weight)
    return _results(cx, self)


def _updated(cx: Context, self: Instance, y: Value, y_pred: Value, weights: Value | None) -> None:
    if not self.tainted and not any(value.tainted or isinstance(value, Unknown) for value in (y, y_pred)):
        apply_metrics(cx, self, Step(y, y_pred, None, (), weights))


@attribute("keras.Model.compiled_metrics")
def compiled_metrics(cx: Context, self: Instance) -> Value:
    """What ``compile`` made of the metrics."""
    return Instance(LibraryRef(METRICS), {"~model": self})


@rule(f"{METRICS}.update_state")
def compiled_metrics_update(
    cx: Context, self: Instance, y_true: Value, y_pred: Value, sample_weight: Value | None = None
) -> Value:
    """Counts a batch."""
    model = self.fields.get("~model")
    if isinstance(model, Instance):
        _updated(cx, model, y_true, y_pred, sample_weight)
    return Const(None)


@attribute("keras.Layer.metrics_variables", since="3")
def metrics_variables(cx: Context, self: Instance) -> Value:
    """The counters of the metrics: how many is not known."""
    return Sequence("list", Contents((Run(cx.fresh(lo=0), cx.unknown("a counter of a metric")),)))


# -- without state --------------------------------------------------------------------------------------------------------
@rule("keras.Layer.stateless_call", since="3", doc="https://keras.io/guides/custom_train_step_in_jax/")
def stateless_call(
    cx: Context, self: Instance, trainable_variables: Value, non_trainable_variables: Value, *args: Value,
    return_losses: Value | None = None, **kwargs: Value,
) -> Value:  # fmt: skip
    """(outputs, the variables that training does not change), with ``return_losses`` and the losses."""
    outputs = call_object(cx, self, args, kwargs)
    made = [outputs, non_trainable_variables]
    if return_losses is not None:
        wanted = return_losses.value if isinstance(return_losses, Const) else None
        if wanted is None:
            return cx.unknown("whether the losses are asked for is not known")
        if wanted:
            made.append(cx.get_attribute(self, "losses"))
    return as_tuple(made)


@rule("keras.Model.stateless_compute_loss", since="3")
def stateless_compute_loss(
    cx: Context, self: Instance, trainable_variables: Value, non_trainable_variables: Value, metrics_variables: Value,
    x: Value | None = None, y: Value | None = None, y_pred: Value | None = None, sample_weight: Value | None = None,
    training: Value | None = None,
) -> Value:  # fmt: skip
    """(loss, (trainable, non-trainable, metrics' variables))."""
    loss = _compared(cx, self, y, y_pred, sample_weight)
    return as_tuple([loss, as_tuple([trainable_variables, non_trainable_variables, metrics_variables])])


@rule("keras.Layer.symbolic_call", since="3")
def symbolic_call(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Symbolic tensors of the output."""
    made = cx.call_method(self, "compute_output_spec", args, kwargs)
    return mapped(lambda leaf: leaf.replace(kind="keras", meta={}) if isinstance(leaf, Array) else leaf, made)


# -- settings -------------------------------------------------------------------------------------------------------------
@rule("keras.Layer.add_variable", since="3")
def add_variable_3(
    cx: Context, self: Instance, shape: Value, initializer: Value, dtype: Value | None = None,
    trainable: Value | None = None, autocast: Value | None = None, regularizer: Value | None = None,
    constraint: Value | None = None, name: Value | None = None,
) -> Value:  # fmt: skip
    """``add_weight`` with its arguments in another order."""
    return add_weight_3(cx, self, shape=shape, dtype=dtype, trainable=trainable, name=name)


@rule("keras.Layer.add_variable", until="3")
def add_variable_2(
    cx: Context, self: Instance, name: Value | None = None, shape: Value | None = None, dtype: Value | None = None,
    initializer: Value | None = None, regularizer: Value | None = None, trainable: Value | None = None,
    **kwargs: Value,
) -> Value:  # fmt: skip
    """The old name of ``add_weight``."""
    return add_weight_2(cx, self, name, shape, dtype, initializer, regularizer, trainable, **kwargs)


@rule("keras.Layer._register_call_context_args", since="3")
def register_call_context_args(cx: Context, self: Instance, *names: Value) -> Value:
    """Arguments that a call takes beyond those of ``call``, for whichever layer inside wants them."""
    known = [as_str(name) for name in names]
    held = self.fields.get("~context_arguments", frozenset())
    cx.set(self, "~context_arguments", held | {name for name in known if name is not None})
    return Const(None)


@attribute("keras.Layer.dtype_policy")
def dtype_policy(cx: Context, self: Instance) -> Value:
    """What the layer was told, or the default of the process."""
    variables, computes = self.fields.get("~variable_dtype", "float32"), self.fields.get("~compute_dtype", "float32")
    if not isinstance(variables, str) or not isinstance(computes, str):
        return cx.unknown("the dtype policy of a layer")
    name = variables if variables == computes else f"mixed_{computes}"
    return Instance(LibraryRef("keras.DTypePolicy"), {"name": Const(name)})


@rule("keras.Layer.__setattr__")
def set_attribute(cx: Context, self: Instance, name: Value, value: Value) -> Value:
    """Properties of a layer make something of what they are given, and so it does of a module of another framework."""
    if isinstance(value, Instance) and cx.is_instance(value, "torch.nn.Module"):
        return cx.unknown("with PyTorch as the backend, Keras wraps a module")
    reserved(cx, self, as_str(name) or "")
    return cx.unknown("the dtype policy of a layer") if as_str(name) == "dtype_policy" else Const(None)


@attribute("keras.DTypePolicy.compute_dtype", "keras.DTypePolicy.variable_dtype")
def policy_dtype(cx: Context, self: Instance) -> Value:
    """The name of a policy that is not mixed is its dtype."""
    name = self.fields.get("name")
    if isinstance(name, Const) and isinstance(name.value, str) and not name.value.startswith("mixed"):
        return name
    return cx.unknown("the dtype of a policy")


@attribute("keras.Model.run_eagerly", "keras.Layer.stateful")
def setting(cx: Context, self: Instance) -> Value:
    """A bool that the program may set."""
    return Typed("bool")


@attribute("keras.Model.jit_compile", since="3")
def jit_compile(cx: Context, self: Instance) -> Value:
    """A bool: "auto" has been decided by then."""
    return Typed("bool")


@attribute("keras.Layer.trainable", "keras.Layer.supports_masking")
def flag(cx: Context, self: Instance) -> Value:
    """A bool that its constructor or the program has set; this is met where neither was seen."""
    return Typed("bool")


@attribute("keras.Layer.activation")
def activation(cx: Context, self: Instance) -> Value:
    """A function: the linear one where none was given."""
    held = activation_of(self)
    if isinstance(held, Const):
        return LibraryRef(f"keras.activations.{'linear' if held.value is None else held.value}")
    return held if isinstance(held, Value) else cx.unknown("the activation of the layer")


@attribute("keras.Layer.path", since="3")
@attribute("keras.Layer.name")
def named(cx: Context, self: Instance) -> Value:
    """A text."""
    return Typed("str")


@attribute("keras.Layer.dynamic", until="3")
def dynamic(cx: Context, self: Instance) -> Value:
    """Whether it can only run eagerly."""
    return Typed("bool")


@attribute("keras.Layer.inbound_nodes", "keras.Layer.outbound_nodes", "keras.Layer.state_updates", until="3")
def nodes(cx: Context, self: Instance) -> Value:
    """Where the layer stands in graphs: a list of unknown length."""
    return Sequence("list", Contents((Run(cx.fresh(lo=0), cx.unknown("a node of a graph")),)))


@rule("keras.Model.get_compile_config")
def get_compile_config(cx: Context, self: Instance) -> Value:
    """A dict of what ``compile`` was given."""
    return DictValue({}, rest=cx.unknown("an argument of compile"))


@rule("keras.Model.compile_from_config")
def compile_from_config(cx: Context, self: Instance, config: Value) -> Value:
    """Compiled with what a dict says: which loss that is, is not known."""
    cx.set(self, "~compiled", True)
    cx.set(self, "~loss", cx.unknown("a loss made from a configuration"))
    cx.set(self, "~metrics", cx.unknown("metrics made from a configuration"))
    return Const(None)


@rule("keras.Layer.save_own_variables", "keras.Layer.load_own_variables")
def own_variables(cx: Context, self: Instance, store: Value) -> Value:
    """Values of variables go to a store or come from it: no shape changes."""
    return Const(None)


# -- calls of a layer, Keras 2 ----------------------------------------------------------------------------------------------
def _at(cx: Context, self: Instance, node_index: Value, what: str) -> Value:
    found = connected(cx, self, what)
    place = node_index.value if isinstance(node_index, Const) else None
    if isinstance(place, int) and 0 <= place < len(found):
        return found[place]
    return cx.unknown(f"the {what} at one of several calls")


@rule("keras.Layer.get_input_at", until="3")
def get_input_at(cx: Context, self: Instance, node_index: Value) -> Value:
    """What the layer was called on, for one of its calls."""
    return _at(cx, self, node_index, "input")


@rule("keras.Layer.get_output_at", until="3")
def get_output_at(cx: Context, self: Instance, node_index: Value) -> Value:
    """What the layer gave, for one of its calls."""
    return _at(cx, self, node_index, "output")


@rule("keras.Model.predict_generator", until="3")
def predict_generator(cx: Context, self: Instance, generator: Value, steps: Value | None = None, *args: Value,
                      **kwargs: Value) -> Value:  # fmt: skip
    """The old name of ``predict`` on a generator."""
    return cx.call_method(self, "predict", (generator,), {} if steps is None else {"steps": steps})


@rule("keras.Model.evaluate_generator", until="3")
def evaluate_generator(cx: Context, self: Instance, generator: Value, steps: Value | None = None, *args: Value,
                       **kwargs: Value) -> Value:  # fmt: skip
    """The old name of ``evaluate`` on a generator."""
    return cx.call_method(self, "evaluate", (generator,), {} if steps is None else {"steps": steps})
