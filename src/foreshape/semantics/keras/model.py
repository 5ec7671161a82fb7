"""``keras.Model``: functional, subclassed; what every model can be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents, Run
from foreshape.domain.values import (
    Array,
    ClassValue,
    Const,
    DictValue,
    Instance,
    LibraryRef,
    Sequence,
    Typed,
    Value,
    as_bool,
    as_int,
    as_str,
    is_none,
)
from foreshape.faults.layer_name import LayerName
from foreshape.faults.unbuilt_model import UnbuiltModel
from foreshape.semantics.keras.base import error, is_keras3, layer_name, shape_of
from foreshape.semantics.keras.calling import call_object
from foreshape.semantics.keras.functional import Graph, declare_spec, graph_of, make_graph, run_graph, symbolic_shapes
from foreshape.semantics.keras.layer import initialise, layer_tensor
from foreshape.semantics.keras.methods import MODEL, is_a
from foreshape.semantics.keras.names import class_name
from foreshape.semantics.keras.weights import Saved, fits, saved_weights, sublayers
from foreshape.semantics.python.written import ending, read, write
from foreshape.semantics.registry import attribute, library_type, rule
from foreshape.semantics.shared.structure import children, is_shape

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

library_type(MODEL, "keras.Layer")
library_type("keras.Functional", MODEL)


@rule("keras.Model.__init__", "keras.Functional.__init__", doc="https://keras.io/api/models/model/")
def model_init(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """``Model(inputs, outputs)`` is a functional model; a subclass that passes neither is a plain layer with
    ``fit``."""
    functional = len(args) >= 2 or (len(args) == 1 and "outputs" in kwargs) or (
        "inputs" in kwargs and "outputs" in kwargs
    )  # fmt: skip
    if not functional:
        initialise(cx, self, kwargs)
        return Const(None)
    inputs = args[0] if args else kwargs.pop("inputs")
    outputs = args[1] if len(args) > 1 else kwargs.pop("outputs")
    if len(args) > 2:
        kwargs["name"] = args[2]
    own = isinstance(self.cls, ClassValue)
    automatic = class_name(self) if own else ("Functional" if is_keras3(cx) else "Model")
    kept = {key: value for key, value in kwargs.items() if key in ("name", "trainable")}
    initialise(cx, self, kept, automatic=automatic)
    cx.set(self, "supports_masking", Const(True))
    graph = make_graph(cx, self, inputs, outputs)
    if graph is None:
        self.tainted = True
        return Const(None)
    if any(leaf.tainted for leaf in graph.outputs):
        self.tainted = True
    cx.set(self, "~graph", graph)
    cx.set(self, "built", Const(True))
    declare_spec(cx, self, graph)
    return Const(None)


@rule("keras.Model.call")
def model_call(
    cx: Context, self: Instance, inputs: Value, training: Value | None = None, mask: Value | None = None
) -> Value:
    """The graph of a functional model. A subclass must say what it does."""
    graph = graph_of(self)
    if graph is not None:
        return run_graph(cx, self, graph, inputs)
    if isinstance(self.cls, ClassValue) and self.library_type in (MODEL, "keras.Functional"):
        from foreshape.semantics.keras.config import invalid

        name = class_name(self)
        message = (
            f"Model {name} does not have a `call()` method implemented."
            if is_keras3(cx)
            else "Unimplemented `tf.keras.Model.call()`: if you intend to create a `Model` with the Functional "
            "API, please "
            "provide `inputs` and `outputs` arguments. Otherwise, subclass `Model` with an overridden `call()` method."
        )
        raise invalid(cx, "NotImplementedError", message, "call", None)
    return cx.unknown("what the model does is not known")


@rule("keras.Model.build")
def model_build(cx: Context, self: Instance, input_shape: Value) -> Value:
    """A subclassed model: Keras 2 runs ``call`` on placeholders of the shape, Keras 3 only marks it as built."""
    if graph_of(self) is not None or self.tainted:
        return Const(None)
    if is_keras3(cx) and not is_a(self, "keras.Sequential"):
        cx.set(self, "built", Const(True))
        return Const(None)

    def placeholder(shape: Value) -> Value:
        return Array("tensorflow", shape_of(cx, shape), "float32")

    if isinstance(input_shape, DictValue):
        inputs: Value = DictValue({key: placeholder(entry) for key, entry in input_shape.entries.items()})
    elif is_shape(input_shape) or not isinstance(input_shape, Sequence):
        inputs = placeholder(input_shape)
    else:
        inputs = Sequence("list", Contents(placeholder(child) for child in children(input_shape)))
    result = call_object(cx, self, (inputs,), {})
    cx.set(self, "built", Const(True))
    return Const(None) if not result.tainted else result


def model_layers(self: Instance) -> tuple[Instance, ...] | None:
    """``model.layers``; None where they are not known."""
    if self.tainted or self.fields.get("~closed"):
        return None
    if is_a(self, "keras.Sequential"):
        held: tuple[Instance, ...] = self.fields.get("~layers", ())
        if held and is_a(held[0], "keras.layers.InputLayer"):
            return held[1:]
        return held
    graph = graph_of(self)
    if graph is not None:
        return by_depth(graph) if graph.is_whole else None
    return tuple(dict.fromkeys(sublayers(self)))


def by_depth(graph: Graph) -> tuple[Instance, ...]:
    """The layers of a graph, furthest from the outputs first, among equals as they are met from the outputs on."""
    depth: dict[int, int] = {}
    nodes = list(graph.nodes)
    inputs = [made[0] for tensor in graph.inputs if (made := tensor.meta.get("keras_history"))]
    for node in (n for n in inputs if all(n is not other for other in nodes)):
        nodes.insert(0, node)
    layer_depth: dict[int, int] = {}
    for node in reversed(nodes):
        own = max(depth.get(id(node), 0), layer_depth.get(id(node.layer), 0) if node.layer is not None else 0)
        depth[id(node)] = own
        if node.layer is not None:
            layer_depth[id(node.layer)] = own
        for tensor in node.inputs():
            made = tensor.meta.get("keras_history")
            if made is not None:
                depth[id(made[0])] = max(depth.get(id(made[0]), 0), own + 1)
    found: dict[int, Instance] = {}
    for node in nodes:
        if node.layer is not None:
            found[id(node.layer)] = node.layer
    order = _met(graph)
    return tuple(sorted(found.values(), key=lambda layer: (-layer_depth[id(layer)], order.get(id(layer), len(order)))))


def _met(graph: Graph) -> dict[int, int]:
    """When each layer is first met on the way from the outputs back, the first input of each layer first."""
    ends = {id(made[0]) for tensor in graph.inputs if (made := tensor.meta.get("keras_history"))}
    order: dict[int, int] = {}
    seen: set[int] = set()
    pending = [made[0] for tensor in reversed(graph.outputs) if (made := tensor.meta.get("keras_history"))]
    while pending:
        node = pending.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if node.layer is not None:
            order.setdefault(id(node.layer), len(order))
        if id(node) not in ends:
            pending.extend(made[0] for tensor in reversed(node.inputs()) if (made := tensor.meta.get("keras_history")))
    return order


@attribute("keras.Model.layers")
def layers_attribute(cx: Context, self: Instance) -> Value:
    """The layers; a Sequential model leaves out its input layer."""
    found = model_layers(self)
    if found is None:
        return cx.unknown("the layers of the model are not known")
    return Sequence("list", Contents(found))


@rule("keras.Model.get_layer")
def get_layer(cx: Context, self: Instance, name: Value | None = None, index: Value | None = None) -> Value:
    """A layer by name or place: ValueError where there is none."""
    found = model_layers(self)
    if found is None:
        return cx.unknown("the layers of the model are not known")
    place = as_int(index)
    if place is not None:
        if place >= len(found):
            message = f"Was asked to retrieve layer at index {place} but model only has {len(found)} layers."
            raise LayerName(error(cx, "ValueError", message), values=(self,), layer=str(place), model=layer_name(self))
        if place < -len(found):
            return cx.unknown("no such layer")
        return found[place]
    wanted = as_str(name)
    if wanted is None:
        return cx.unknown("which layer is not known")
    for layer in found:
        if layer_name(layer) == wanted:
            return layer
    if any(as_str(layer.fields.get("name")) is None for layer in found):
        return cx.unknown("the names of the layers are not known")
    names = [layer_name(layer) for layer in found]
    message = f"No such layer: {wanted}. Existing layers are: {names}."
    raise LayerName(error(cx, "ValueError", message), values=(self,), layer=wanted, model=layer_name(self))


def is_unbuilt(cx: Context, self: Instance) -> bool:
    """Whether the model certainly has not seen a shape yet."""
    if self.tainted or graph_of(self) is not None or not self.fields.get("~initialised"):
        return False
    return as_bool(self.fields.get("built")) is False


@rule("keras.Model.summary")
def summary(
    cx: Context,
    self: Instance,
    line_length: Value | None = None,
    positions: Value | None = None,
    print_fn: Value | None = None,
    expand_nested: Value | None = None,
    show_trainable: Value | None = None,
    layer_range: Value | None = None,
) -> Value:
    """Prints. Keras 2 raises for a model that has not been built, Keras 3 prints what it knows."""
    if not is_keras3(cx) and is_unbuilt(cx, self) and self.fields.get("~shown_graph") is None:
        message = (
            "This model has not yet been built. Build the model first by calling `build()` or by calling the "
            "model on a "
            "batch of data."
        )
        raise UnbuiltModel(error(cx, "ValueError", message), values=(self,), model=layer_name(self), asked="summary")
    if print_fn is not None and not is_none(print_fn):
        lines = Contents((Run(cx.fresh("lines"), Typed("str")),))
        cx.for_each(lines, lambda line: cx.call(print_fn, (line,)))
    return Const(None)


def shown_graph(self: Instance) -> Graph | None:
    """The graph of a model, also one that Keras 2 made up when it saw the first batch."""
    found = graph_of(self)
    if found is None:
        found = self.fields.get("~shown_graph")
    return found


def _asked(cx: Context, self: Instance, name: str) -> Value:
    """An attribute of a model without a graph."""
    if is_unbuilt(cx, self) and is_a(self, "keras.Sequential"):
        word = {"input_shape": "input shape", "output_shape": "output shape"}.get(name, name)
        if is_keras3(cx):
            message = f"Sequential model '{layer_name(self)}' has no defined {word} yet."
            if name in ("input", "output"):
                message = f"The layer {layer_name(self)} has never been called and thus has no defined {name}."
        else:
            message = f"The layer {layer_name(self)} has never been called and thus has no defined {word}."
            if name in ("inputs", "outputs"):
                return Const(None)
        raised = error(cx, "AttributeError", message)
        raise UnbuiltModel(raised, values=(self,), model=layer_name(self), asked=name)
    return cx.unknown(f"the {name} of a model that is not a graph")


@attribute("keras.Model.input_shape")
def input_shape(cx: Context, self: Instance) -> Value:
    """The declared batch shape: (None, ...)."""
    graph = shown_graph(self)
    if graph is None:
        return _asked(cx, self, "input_shape")
    return _single(symbolic_shapes(graph, graph.inputs_struct), len(graph.inputs))


@attribute("keras.Model.output_shape")
def output_shape(cx: Context, self: Instance) -> Value:
    """The shape of the output: (None, ...)."""
    graph = shown_graph(self)
    if graph is None:
        return _asked(cx, self, "output_shape")
    return _single(symbolic_shapes(graph, graph.outputs_struct), len(graph.outputs))


def _single(value: Value, count: int) -> Value:
    if count == 1 and isinstance(value, Sequence) and not is_shape(value):
        return children(value)[0]
    return value


@attribute("keras.Model.inputs")
def model_inputs(cx: Context, self: Instance) -> Value:
    """The symbolic inputs, a flat list."""
    graph = shown_graph(self)
    return _asked(cx, self, "inputs") if graph is None else Sequence("list", Contents(graph.inputs))


@attribute("keras.Model.outputs")
def model_outputs(cx: Context, self: Instance) -> Value:
    """The symbolic outputs, a flat list."""
    graph = shown_graph(self)
    return _asked(cx, self, "outputs") if graph is None else Sequence("list", Contents(graph.outputs))


@attribute("keras.Model.input")
def model_input(cx: Context, self: Instance) -> Value:
    """The symbolic inputs, in the structure that they were given in."""
    graph = shown_graph(self)
    if is_keras3(cx) and is_a(self, "keras.Sequential") and not self.tainted:
        return layer_tensor(cx, self, "input")
    if graph is None:
        return _asked(cx, self, "input") if is_unbuilt(cx, self) else layer_tensor(cx, self, "input")
    return graph.inputs_struct


@attribute("keras.Model.output")
def model_output(cx: Context, self: Instance) -> Value:
    """The symbolic outputs, in the structure that they were given in."""
    graph = shown_graph(self)
    if is_keras3(cx) and is_a(self, "keras.Sequential") and not self.tainted:
        return layer_tensor(cx, self, "output")
    if graph is None:
        return _asked(cx, self, "output") if is_unbuilt(cx, self) else layer_tensor(cx, self, "output")
    return graph.outputs_struct


@attribute("keras.Model.input_names", "keras.Model.output_names")
def model_names(cx: Context, self: Instance) -> Value:
    """Names of inputs or outputs."""
    return cx.unknown("the names of inputs and outputs")


BY_NAME = ("SGD", "RMSprop", "Adam", "AdamW", "Nadam", "Adamax", "Adagrad", "Adadelta", "Ftrl")
"""The optimizers that ``compile`` makes of a word."""


@attribute("keras.Model.optimizer")
def model_optimizer(cx: Context, self: Instance) -> Value:
    """What ``compile`` was given."""
    found = self.fields.get("~optimizer")
    name = (as_str(found) or "").lower() if isinstance(found, Value) else ""
    kind = next((each for each in BY_NAME if each.lower() == name), None)
    if kind is not None:
        found = Instance(LibraryRef(f"keras.optimizers.{kind}"))
        cx.set(self, "~optimizer", found)
    return found if isinstance(found, Instance) else cx.unknown("the optimizer")


@attribute("keras.Model.metrics_names")
def metrics_names(cx: Context, self: Instance) -> Value:
    """Names of loss and metrics."""
    return cx.unknown("the names of metrics")


@attribute("keras.Model.metrics")
def model_metrics(cx: Context, self: Instance) -> Value:
    """Metric objects."""
    return cx.unknown("the metrics of the model")


@rule("keras.Model.save_weights")
def save_weights(
    cx: Context, self: Value, filepath: Value | None = None, overwrite: Value | None = None, **kwargs: Value
) -> Value:
    """Writes a file, in Keras 3 one that ends in ``.weights.h5``."""
    path = as_str(filepath)
    if path is not None and is_keras3(cx) and "max_shard_size" not in kwargs and not path.endswith(".weights.h5"):
        from foreshape.semantics.keras.config import invalid

        message = f"The filename must end in `.weights.h5`. Received: filepath={path}"
        raise invalid(cx, "ValueError", message, "filepath", filepath)
    if filepath is not None:
        write(cx, filepath, saved_weights(cx, self) if isinstance(self, Instance) else None)
    return Const(None)


@rule("keras.Model.save", "keras.saving.save_model", "keras.models.save_model", until="3")
@rule("keras.Model.export")
def save(cx: Context, self: Value, filepath: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    """Writes a file. What is loaded from the same path later is this model."""
    if filepath is not None:
        write(cx, filepath, self if isinstance(self, Instance) else None)
    return Const(None)


@rule("keras.Model.save", "keras.saving.save_model", "keras.models.save_model", since="3")
def save_3(
    cx: Context, model: Value, filepath: Value, overwrite: Value | None = None, zipped: Value | None = None,
    **kwargs: Value,
) -> Value:  # fmt: skip
    """Writes a file, whose ending says how; folders are for ``export``."""
    path = as_str(filepath)
    known = path is not None and zipped is None and not path.startswith("hf://") and not path.endswith("/")
    if path is not None and known and not path.endswith((".keras", ".h5", ".hdf5")):
        from foreshape.semantics.keras.config import invalid

        message = (
            "Invalid filepath extension for saving. Please add either a `.keras` extension for the native Keras format "
            f"(recommended) or a `.h5` extension. Use `model.export(filepath)` if you want to export a SavedModel. "
            f"Received: filepath={path}."
        )
        raise invalid(cx, "ValueError", message, "filepath", filepath)
    return save(cx, model, filepath)


@rule("keras.models.load_model", "keras.saving.load_model")
def load_model(
    cx: Context,
    filepath: Value,
    custom_objects: Value | None = None,
    compile: Value | None = None,
    safe_mode: Value | None = None,
    **kwargs: Value,
) -> Value:
    """The model that this program saved there; otherwise nothing is known of it."""
    found = read(cx, filepath)
    if isinstance(found, Instance):
        return found
    return Instance(LibraryRef("keras.LoadedModel"))


library_type("keras.LoadedModel")


@rule("keras.LoadedModel.__call__", "keras.LoadedModel.predict", "keras.LoadedModel.evaluate", "keras.LoadedModel.fit",
      "keras.LoadedModel.get_layer")  # fmt: skip
def loaded(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """A model from a file: what it computes is not known."""
    return cx.unknown("the model was read from a file")


@rule("keras.Model.load_weights")
def load_weights(cx: Context, self: Instance, filepath: Value, *args: Value, **kwargs: Value) -> Value:
    """Reads values: those of the model that this program saved there have the shapes of this one's variables."""
    found = read(cx, filepath)
    if isinstance(found, Saved) and not args and not kwargs and (ending(filepath) or "").endswith(".h5"):
        fits(cx, self, found)
    return Const(None)


@rule("keras.models.clone_model")
def clone_model(cx: Context, model: Value, *args: Value, **kwargs: Value) -> Value:
    """A model of the same shape."""
    return model


@rule("keras.Model.reset_states", until="3")
def reset_states(cx: Context, self: Instance) -> Value:
    """The states of stateful layers: no shape changes."""
    return Const(None)


@rule("keras.Model.reset_metrics", "keras.Model.make_train_function",
      "keras.Model.make_test_function", "keras.Model.make_predict_function")  # fmt: skip
def model_nothing(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """What changes no shape."""
    return Const(None)
