"""``keras.Sequential``: Keras 3 rebuilds the whole graph where a layer is added, Keras 2 calls each layer as it is
added."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike
from foreshape.domain.values import (
    Array,
    Choice,
    Const,
    Instance,
    LibraryRef,
    Sequence,
    Shape,
    Unknown,
    Value,
    as_dim,
    is_none,
)
from foreshape.faults.base import Fault
from foreshape.faults.layer_name import LayerName
from foreshape.faults.unsupported_data import UnsupportedData
from foreshape.semantics.keras.base import compute_dtype, dims_text, error, is_keras3, layer_name, shape_of, undefined
from foreshape.semantics.keras.calling import call_object
from foreshape.semantics.keras.config import invalid, repr_value, type_text
from foreshape.semantics.keras.functional import Graph, declare_spec, graph_of, make_graph, run_graph
from foreshape.semantics.keras.graph import history
from foreshape.semantics.keras.inputs import input_tensor, make_input, standard_shape
from foreshape.semantics.keras.layer import initialise
from foreshape.semantics.keras.methods import is_a, is_layer
from foreshape.semantics.keras.names import auto_name, class_name
from foreshape.semantics.python.errors import type_error
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.shared.structure import flatten, is_shape

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

SEQUENTIAL = library_type("keras.Sequential", "keras.Model")


def layers_of(self: Instance) -> tuple[Instance, ...]:
    """The layers as they were added, an input layer included."""
    found: tuple[Instance, ...] = self.fields.get("~layers", ())
    return found


@rule("keras.Sequential.__init__", since="3", doc="https://keras.io/api/models/sequential/")
def sequential_init_3(
    cx: Context, self: Instance, layers: Value | None = None, trainable: Value | None = None, name: Value | None = None
) -> Value:
    """Adds the layers, then builds once if the input shape is known. What a layer raises, the constructor raises."""
    _start(cx, self, name, trainable)
    if isinstance(layers, Instance) and is_layer(layers) and cx.user_method(layers, "__iter__") is None:
        message = f"'{class_name(layers)}' object is not iterable"
        raise type_error(message, "Sequential", layers, types=(class_name(layers),))
    added = _given(cx, self, layers)
    for layer in added:
        _append_3(cx, self, layer)
    if added and not self.tainted:
        _rebuild(cx, self)
    return Const(None)


@rule("keras.Sequential.__init__", until="3")
def sequential_init_2(cx: Context, self: Instance, layers: Value | None = None, name: Value | None = None) -> Value:
    """Adds the layers one by one; each is called on the output of the one before it once the input shape is known."""
    _start(cx, self, name, None)
    for layer in _given(cx, self, layers):
        _add_2(cx, self, layer)
    return Const(None)


def _start(cx: Context, self: Instance, name: Value | None, trainable: Value | None) -> None:
    given: dict[str, Value] = {} if name is None else {"name": name}
    if trainable is not None:
        given["trainable"] = trainable
    initialise(cx, self, given)
    cx.set(self, "supports_masking", Const(True))
    cx.set(self, "~layers", ())
    cx.set(self, "~graph", None)


def _given(cx: Context, self: Instance, layers: Value | None) -> list[Value]:
    if layers is None or is_none(layers):
        return []
    if isinstance(layers, Sequence):
        items = layers.contents.items(limit=500)
        if items is None:
            cx.set(self, "~open", True)
            self.tainted = True
            return []
        return list(items)
    if isinstance(layers, Unknown):
        self.tainted = True
        return []
    return [layers]


@rule("keras.Sequential.add", since="3")
def sequential_add_3(cx: Context, self: Instance, layer: Value, rebuild: Value | None = None) -> Value:
    """Adds a layer and builds again."""
    _append_3(cx, self, layer)
    if not self.tainted and layers_of(self):
        _rebuild(cx, self)
    return Const(None)


@rule("keras.Sequential.add", until="3")
def sequential_add_2(cx: Context, self: Instance, layer: Value) -> Value:
    """Adds a layer and calls it on the output so far."""
    _add_2(cx, self, layer)
    return Const(None)


def _as_layer(cx: Context, self: Instance, layer: Value) -> Instance | None:
    if isinstance(layer, Array) and layer.kind == "keras":
        made = history(layer)
        if made is not None and made[0].layer is not None and is_a(made[0].layer, "keras.layers.InputLayer"):
            return made[0].layer
        if made is None:
            self.tainted = True
            return None  # where it comes from was not seen
    if isinstance(layer, Instance) and is_layer(layer):
        return layer
    if isinstance(layer, (Choice, Unknown)) or (isinstance(layer, Instance) and not is_layer(layer)):
        self.tainted = True
        return None
    shown = repr_value(layer) if not isinstance(layer, LibraryRef) else f"<class '{layer.name}'>"
    kind = "<class 'type'>" if isinstance(layer, LibraryRef) else type_text(layer)
    if isinstance(layer, Const):
        shown = str(layer.value)
    if is_keras3(cx):
        message = (
            f"Only instances of `keras.Layer` can be added to a Sequential model. Received: {shown} (of type {kind})"
        )
        raised = error(cx, "ValueError", message)
    else:
        message = f"The added layer must be an instance of class Layer. Received: layer={shown} of type {kind}."
        raised = error(cx, "TypeError", message)
    raise UnsupportedData(raised, values=(layer,), taker="Sequential.add", given=kind)


def _unique(cx: Context, self: Instance, layer: Instance) -> None:
    name = layer_name(layer)
    for other in layers_of(self):
        if other is not layer and layer_name(other) == name and name != "?":
            quote = "'" if is_keras3(cx) else '"'
            message = (
                f"All layers added to a Sequential model should have unique names. Name {quote}{name}{quote} is "
                "already "
                "the name of a layer in this model. Update the `name` argument to pass a unique name."
            )
            raise LayerName(error(cx, "ValueError", message), values=(layer,), layer=name, model=layer_name(self))


def _append_3(cx: Context, self: Instance, value: Value) -> None:
    layer = _as_layer(cx, self, value)
    if layer is None:
        return
    held = layers_of(self)
    declared = layer.fields.get("~input_shape_arg")
    if not held and isinstance(declared, Value):
        made = Instance(LibraryRef("keras.layers.InputLayer"))
        rest = standard_shape(cx, declared, "input_shape")
        batch: DimLike = cx.fresh("batch", keras_none=True)
        tensor = make_input(cx, made, None if rest is None else (batch, *rest), "float32")
        tensor.origin = declared.origin
        held = (made,)
        cx.set(self, "~layers", held)
    _unique(cx, self, layer)
    if is_a(layer, "keras.layers.InputLayer") and held and is_a(held[0], "keras.layers.InputLayer"):
        shape = dims_text(input_tensor(held[0]).shape)
        message = (
            f"Sequential model '{layer_name(self)}' has already been configured to use input shape {shape}. You "
            "cannot add "
            "a different Input layer to it."
        )
        raise invalid(cx, "ValueError", message, "layer", layer)
    cx.set(self, "~layers", (*held, layer))
    cx.set(self, "built", Const(False))
    cx.set(self, "~graph", None)
    if layer.tainted:
        self.tainted = True


def _rebuild(cx: Context, self: Instance) -> None:
    """``_maybe_rebuild``."""
    cx.set(self, "built", Const(False))
    cx.set(self, "~graph", None)
    held = layers_of(self)
    if len(held) < 2:
        return
    first = held[0]
    if is_a(first, "keras.layers.InputLayer"):
        _connect(cx, self, input_tensor(first), held[1:])
        return
    inner = graph_of(first)
    if inner is not None and len(inner.inputs) == 1:
        auto_name(cx, "InputLayer")
        build_from(cx, self, inner.inputs[0].shape, inner.inputs[0].dtype)


def build_from(cx: Context, self: Instance, shape: Shape | None, dtype: str | None = None) -> None:
    """Build a model that was not told its input shape before."""
    held = layers_of(self)
    if held and is_a(held[0], "keras.layers.InputLayer"):
        _connect(cx, self, input_tensor(held[0]), held[1:])
        return
    made = Instance(LibraryRef("keras.layers.InputLayer"))
    name = None
    if not is_keras3(cx) and held:
        name = f"{layer_name(held[0])}_input"
    tensor = make_input(cx, made, shape, dtype or (compute_dtype(held[0]) if held else "float32"), name)
    cx.set(self, "~layers", (made, *held))
    _connect(cx, self, tensor, held)


def _connect(cx: Context, self: Instance, inputs: Array, layers: tuple[Instance, ...]) -> None:
    value: Value = inputs
    for layer in layers:
        if is_keras3(cx) and is_a(layer, "keras.layers.Lambda"):
            # what a Lambda raises here, Keras 3 catches: it leaves the model unbuilt and waits for data
            with cx.quiet():
                try:
                    value = call_object(cx, layer, (value,), {})
                except Fault:
                    return
            if any(leaf.tainted for leaf in flatten(value)):
                return
        else:
            value = call_object(cx, layer, (value,), {})
        if not isinstance(value, Array) and not flatten(value):
            return
        if value.tainted:
            self.tainted = True
            return
    if not all(isinstance(leaf, Array) and leaf.kind == "keras" for leaf in flatten(value)):
        self.tainted = True
        return
    graph = make_graph(cx, self, inputs, value)
    if graph is not None:
        if is_keras3(cx):
            auto_name(cx, "Functional")
        _adopt(cx, self, graph)


def _adopt(cx: Context, self: Instance, graph: Graph) -> None:
    cx.set(self, "~graph", graph)
    cx.set(self, "built", Const(True))
    if not is_keras3(cx):
        declare_spec(cx, self, graph)


def _add_2(cx: Context, self: Instance, value: Value) -> None:
    layer = _as_layer(cx, self, value)
    if layer is None:
        return
    _unique(cx, self, layer)
    held = layers_of(self)
    if layer.tainted:
        self.tainted = True
    graph = graph_of(self)
    if not held:
        if is_a(layer, "keras.layers.InputLayer"):
            cx.set(self, "~layers", (layer,))
            tensor = input_tensor(layer)
            graph = make_graph(cx, self, tensor, tensor)
            if graph is not None:
                _adopt(cx, self, graph)
            return
        shape = _declared_shape(cx, layer)
        if shape is None:
            cx.set(self, "~layers", (layer,))
            return
        made = Instance(LibraryRef("keras.layers.InputLayer"))
        dtype = layer.fields.get("~variable_dtype") or "float32"
        if is_a(layer, "keras.layers.Embedding") or is_a(layer, SEQUENTIAL):
            dtype = "float32"
        tensor = make_input(cx, made, shape, dtype, f"{layer_name(layer)}_input")
        tensor.origin = layer.origin
        cx.set(self, "~layers", (made,))
        _extend_2(cx, self, tensor, tensor, layer)
        return
    if graph is not None:
        _extend_2(cx, self, graph.inputs_struct, graph.outputs_struct, layer)
        return
    cx.set(self, "~layers", (*held, layer))


def _extend_2(cx: Context, self: Instance, inputs: Value, last: Value, layer: Instance) -> None:
    result = call_object(cx, layer, (last,), {})
    cx.set(self, "~layers", (*layers_of(self), layer))
    leaves = flatten(result)
    if len(leaves) > 1:
        message = (
            "All layers in a Sequential model should have a single output tensor. For multi-output layers, use the "
            "functional API."
        )
        raise invalid(cx, "ValueError", message, "layer", layer)
    if not isinstance(result, Array) or result.kind != "keras" or result.tainted:
        self.tainted = True
        return
    graph = make_graph(cx, self, inputs, result)
    if graph is not None:
        _adopt(cx, self, graph)


def _declared_shape(cx: Context, layer: Instance) -> Shape | None:
    """The batch shape that the first layer declares (a nested model declares that of its own first layer)."""
    inner = graph_of(layer)
    if inner is not None and len(inner.inputs) == 1:
        return inner.inputs[0].shape
    while is_a(layer, SEQUENTIAL) and layers_of(layer):
        layer = layers_of(layer)[0]
    given = layer.fields.get("~batch_input_shape")
    if not isinstance(given, Value):
        return None
    shape = standard_shape(cx, given, "input_shape")
    if shape and isinstance(given, Sequence):
        items = given.contents.items()
        if items and is_none(items[0]):
            return (cx.fresh("batch", keras_none=True), *shape[1:])
    return shape


@rule("keras.Sequential.pop")
def sequential_pop(cx: Context, self: Instance, rebuild: Value | None = None) -> Value:
    """Takes the last layer off."""
    held = layers_of(self)
    first_is_input = bool(held) and is_a(held[0], "keras.layers.InputLayer")
    if not held or (not is_keras3(cx) and first_is_input and len(held) == 1):
        if self.tainted:
            return cx.unknown("the layers are not known")
        raised = (
            error(cx, "IndexError", "list index out of range")
            if is_keras3(cx)
            else error(cx, "TypeError", "There are no layers in the model.")
        )
        from foreshape.faults.unbuilt_model import UnbuiltModel

        raise UnbuiltModel(raised, values=(self,), model=layer_name(self), asked="pop")
    layer = held[-1]
    cx.set(self, "~layers", held[:-1])
    graph = graph_of(self)
    cx.set(self, "~graph", None)
    if is_keras3(cx):
        if held[:-1]:
            _rebuild(cx, self)
    elif graph is not None and len(held) > 1 + first_is_input:
        before = held[-2]
        nodes = before.fields.get("~nodes", ())
        if nodes and nodes[-1].outputs:
            made = make_graph(cx, self, graph.inputs_struct, nodes[-1].outputs[0])
            if made is not None:
                _adopt(cx, self, made)
    return layer


@rule("keras.Sequential.build")
def sequential_build(cx: Context, self: Instance, input_shape: Value | None = None) -> Value:
    """Builds for a batch shape."""
    held = layers_of(self)
    if self.tainted:
        return Const(None)
    if not held and is_keras3(cx):
        message = (
            f"Sequential model {layer_name(self)} cannot be built because it has no layers. Call `model.add(layer)`."
        )
        from foreshape.faults.unbuilt_model import UnbuiltModel

        raise UnbuiltModel(error(cx, "ValueError", message), values=(self,), model=layer_name(self), asked="build")
    graph = graph_of(self)
    if input_shape is None or is_none(input_shape):
        return Const(None)
    if not is_shape(input_shape) and not isinstance(input_shape, Instance):
        return Const(None)
    shape = shape_of(cx, input_shape)
    if shape is None:
        if as_dim(input_shape) is None:
            self.tainted = True
        return Const(None)
    if is_keras3(cx) and held and is_a(held[0], "keras.layers.InputLayer"):
        known = input_tensor(held[0]).shape
        if known is not None and dims_text(known) != dims_text(shape):
            message = (
                f"Sequential model '{layer_name(self)}' has already been configured to use input shape "
                f"{dims_text(known)}. You cannot build it with input_shape {dims_text(shape)}"
            )
            raise invalid(cx, "ValueError", message, "input_shape", input_shape)
    if graph is not None and not is_keras3(cx):
        return Const(None)
    if shape and undefined(shape[0]):
        shape = (cx.fresh("batch", keras_none=True), *shape[1:])
    build_from(cx, self, shape)
    return Const(None)


@rule("keras.Sequential.call")
def sequential_call(
    cx: Context, self: Instance, inputs: Value, training: Value | None = None, mask: Value | None = None
) -> Value:
    """The layers, one after the other."""
    graph = graph_of(self)
    if graph is None and not is_keras3(cx) and isinstance(inputs, Array) and inputs.shape is not None:
        # Keras 2 builds its graph for the first shape that it sees, outside of the call
        shape = (cx.fresh("batch", keras_none=True), *inputs.shape[1:]) if inputs.shape else ()
        held = layers_of(self)
        if held and not self.tainted:
            cx.set(self, "~inferred", shape)
    if graph is not None:
        return run_graph(cx, self, graph, inputs)
    value = inputs
    for layer in layers_of(self):
        if is_a(layer, "keras.layers.InputLayer"):
            continue
        value = call_object(cx, layer, (value,), {})
        if isinstance(value, Unknown):
            return value
    return value


@rule("keras.Sequential.compute_output_spec", since="3")
def sequential_output_spec(
    cx: Context, self: Instance, inputs: Value, training: Value | None = None, mask: Value | None = None
) -> Value:
    """Called on a symbolic tensor, as a layer of another model: the declared shape must fit, the batch axis aside."""
    from foreshape.semantics.keras.base import InputSpec, same
    from foreshape.semantics.keras.input_check import declared

    graph = graph_of(self)
    if graph is not None:
        for tensor, leaf in zip(graph.inputs, flatten(inputs)):
            if not isinstance(leaf, Array) or leaf.shape is None or tensor.shape is None:
                continue
            if len(leaf.shape) == len(tensor.shape) and not all(
                same(cx, a, b) for a, b in zip(tensor.shape[1:], leaf.shape[1:])
            ):
                made = history(tensor)
                name = "?" if made is None else made[0].name
                wanted = (None, *tensor.shape[1:])
                message = (
                    f"Input 0 with name '{name}' of layer 'functional' is incompatible with the layer: expected "
                    f"shape={dims_text(wanted)}, found shape={dims_text(leaf.shape)}"
                )
                raise declared(cx, self, leaf, InputSpec(shape=wanted, name=name), message)
    return sequential_call(cx, self, inputs, training, mask)
