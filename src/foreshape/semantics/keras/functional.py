"""Models that are a graph from inputs to outputs: what they accept, and what they compute.

Follows ``keras/src/models/functional.py`` and ``tf_keras/src/engine/functional.py``.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents
from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Const, DictValue, Instance, Sequence, Unknown, Value
from foreshape.faults.base import Fault
from foreshape.faults.disconnected_graph import DisconnectedGraph
from foreshape.faults.layer_name import LayerName
from foreshape.semantics.keras.base import InputSpec, dims_text, error, is_keras3, layer_name, set_input_spec, undefined
from foreshape.semantics.keras.config import invalid, repr_value, type_text
from foreshape.semantics.keras.graph import Node, Replay, history, is_symbolic, key_of, walk
from foreshape.semantics.keras.input_check import declared
from foreshape.semantics.keras.methods import is_a
from foreshape.semantics.keras.names import process
from foreshape.semantics.shared.structure import flatten, mapped, packed, paths

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


class Graph:
    """Inputs and outputs in the structure that the program gave, and what lies between. Immutable."""

    __slots__ = ("inputs", "inputs_struct", "layers", "nodes", "outputs", "outputs_struct")

    def __init__(self, inputs: Value, outputs: Value, nodes: list[Node]) -> None:
        self.inputs_struct = inputs
        self.outputs_struct = outputs
        self.inputs: tuple[Array, ...] = tuple(flatten(inputs))  # type: ignore[arg-type]
        self.outputs: tuple[Array, ...] = tuple(flatten(outputs))  # type: ignore[arg-type]
        self.nodes = tuple(nodes)
        found: dict[int, Instance] = {}
        for tensor in self.inputs:
            made = history(tensor)
            if made is not None and made[0].layer is not None and made[0].is_input:
                found[id(made[0].layer)] = made[0].layer
        for node in nodes:
            if node.layer is not None:
                found[id(node.layer)] = node.layer
        self.layers = tuple(found.values())

    @property
    def is_whole(self) -> bool:
        """Whether the way from the outputs to the inputs is known: no layer was called on something that is not."""
        leaves = [leaf for node in self.nodes for value in node.args[:1] for leaf in flatten(value)]
        known = all(not isinstance(leaf, Unknown) and (not is_symbolic(leaf) or history(leaf)) for leaf in leaves)
        return known and all(history(tensor) for tensor in self.outputs)


def make_graph(cx: Context, self: Instance, inputs: Value, outputs: Value) -> Graph | None:
    """The graph between the tensors, or the fault that Keras raises. None where something on the way is not known."""
    for what, value in (("inputs", inputs), ("outputs", outputs)):
        leaves = flatten(value)
        for leaf in leaves:
            if isinstance(leaf, Unknown) or (isinstance(leaf, Sequence) and leaf.contents.items(limit=2000) is None):
                return None
            if not is_symbolic(leaf):
                if isinstance(leaf, (Array, Const, Instance)):
                    raise _not_symbolic(cx, what, value, leaf)
                return None
    nodes, missing = walk(flatten(outputs), flatten(inputs))
    if missing is not None:
        raise _disconnected(cx, missing, outputs)
    graph = Graph(inputs, outputs, nodes)
    _unique_names(cx, self, graph)
    return graph


def _unique_names(cx: Context, self: Instance, graph: Graph) -> None:
    """A ValueError where two layers were given one name."""
    counts = Counter(name for layer in graph.layers if (name := layer_name(layer)) != "?")
    for name, count in counts.items():
        named = [layer for layer in graph.layers if layer_name(layer) == name and layer.fields.get("~named")]
        if count > 1 and len(named) == count:
            word = "operation" if is_keras3(cx) else "layer"
            message = f'The name "{name}" is used {count} times in the model. All {word} names should be unique.'
            raise LayerName(error(cx, "ValueError", message), values=(named[-1],), layer=name, model="the model")


def _not_symbolic(cx: Context, what: str, value: Value, leaf: Value) -> Fault:
    shown = repr_value(leaf)
    if is_keras3(cx):
        message = (
            f"All `{what}` values must be KerasTensors. Received: {what}={repr_value(value)} including invalid value "
            f"{shown} of type {type_text(leaf)}"
        )
        return invalid(cx, "ValueError", message, what, leaf)
    word = "Input" if what == "inputs" else "Output"
    message = f"{word} tensors of a Functional model must be the output of a TensorFlow `Layer` " + (
        f"(thus holding past layer metadata). Found: {shown}"
    )
    return invalid(cx, "ValueError", message, what, leaf)


def _disconnected(cx: Context, tensor: Value, outputs: Value) -> Fault:
    leaves = flatten(outputs)
    number = next((i for i, leaf in enumerate(leaves) if key_of(leaf) == key_of(tensor)), 0)
    path = ".".join(paths(outputs)[number])
    if is_keras3(cx):
        message = f"Output with path `{path}` is not connected to `inputs`"
    else:
        message = f'Graph disconnected: cannot obtain value for tensor KerasTensor(...) at layer "{_maker(tensor)}".'
    return DisconnectedGraph(error(cx, "ValueError", message), values=(tensor,), output=path or "output")


def _maker(tensor: Value) -> str:
    made = history(tensor)
    return "?" if made is None else made[0].name


def declare_spec(cx: Context, self: Instance, graph: Graph) -> None:
    """What a functional model accepts: the declared shapes without the batch axis, the last axis of 1 optional."""
    specs = []
    named: list[tuple[str | None, Array]] = []
    if isinstance(graph.inputs_struct, DictValue):
        entries = graph.inputs_struct.entries
        if not all(isinstance(value, Array) for value in entries.values()):
            set_input_spec(cx, self)
            return
        named = [(str(key), entries[key]) for key in sorted(entries, key=str)]  # type: ignore[misc]
    else:
        named = [(None, tensor) for tensor in graph.inputs]
    for name, tensor in named:
        made = history(tensor)
        layer = None if made is None else made[0].layer
        if name is None and made is not None:
            name = made[0].name
        shape: tuple[DimLike | None, ...] | None = tensor.shape
        if shape is not None:
            shape = tuple(None if i == 0 or dim is None or undefined(dim) else dim for i, dim in enumerate(shape))
        optional = layer is not None and layer.fields.get("~optional") is True
        specs.append(InputSpec(shape=shape, allow_last_axis_squeeze=True, name=name, optional=optional))
    set_input_spec(cx, self, *specs)


def run_graph(cx: Context, self: Instance, graph: Graph, inputs: Value) -> Value:
    """The outputs for these inputs, as ``call`` computes them."""
    leaves = _standard_inputs(cx, self, graph, inputs)
    if leaves is None:
        return cx.unknown("the inputs of the model are not known")
    feed: dict[tuple[int, int], Value] = {}
    for tensor, leaf in zip(graph.inputs, leaves):
        key = key_of(tensor)
        assert key is not None
        feed[key] = leaf
    replay = Replay(cx, feed, {})
    if not is_a(self, "keras.Sequential"):
        # in the order of the layers, as the framework does: what raises first is what it raises
        for node in graph.nodes:
            if node.outputs:
                replay.value(node.outputs[0])
    results = iter([replay.value(tensor) for tensor in graph.outputs])
    return packed(graph.outputs_struct, results) if len(graph.outputs) > 1 or not is_symbolic(graph.outputs_struct) \
        else next(results)  # fmt: skip


def _standard_inputs(cx: Context, self: Instance, graph: Graph, inputs: Value) -> list[Value] | None:
    struct = graph.inputs_struct
    if isinstance(inputs, DictValue) and inputs.rest is None and not isinstance(struct, DictValue):
        names = [_maker(tensor) for tensor in graph.inputs]
        if all(name in inputs.entries for name in names):
            inputs = Sequence("list", Contents(inputs.entries[name] for name in names))
    if isinstance(struct, DictValue) and isinstance(inputs, DictValue):
        leaves = [leaf for key in sorted(struct.entries, key=str) for leaf in flatten(inputs.entries.get(key))]
    else:
        leaves = flatten(inputs)
    if len(leaves) != len(graph.inputs):
        return None
    return [_adjusted(cx, self, graph, number, leaf) for number, leaf in enumerate(leaves)]


def _adjusted(cx: Context, self: Instance, graph: Graph, number: int, leaf: Value) -> Value:
    """Cast to the declared dtype; add or drop a last axis of 1 where the rank is off by one."""
    tensor = graph.inputs[number]
    if not isinstance(leaf, Array):
        return leaf
    if leaf.dtype != tensor.dtype and tensor.dtype is not None:
        leaf = _with(leaf, dtype=tensor.dtype)
    if leaf.kind == "numpy":
        leaf = _with(leaf, kind="tensorflow")
    if leaf.shape is None or tensor.shape is None or len(leaf.shape) == len(tensor.shape):
        if is_keras3(cx) and process(cx).fields.get("training_step"):
            _other_than_declared(cx, self, graph, number, leaf, leaf)
        return leaf
    rank, wanted = len(leaf.shape), len(tensor.shape)
    if rank == wanted + 1 and leaf.shape[-1] == 1:
        return _with(leaf, shape=leaf.shape[:-1])
    if rank == wanted - 1 and tensor.shape[-1] == 1:
        made = _with(leaf, shape=(*leaf.shape, 1))
        _other_than_declared(cx, self, graph, number, leaf, made)
        return made
    if not is_keras3(cx):
        return leaf  # the first layer will say something, or not
    if rank == wanted + 1 and not isinstance(leaf.shape[-1], int):
        return cx.unknown("whether the last axis is 1 is not known")
    path = ".".join(paths(graph.inputs_struct)[number])
    name = _tensor_name(self, graph, number)
    message = (
        f'Invalid input shape for input Tensor("data:0", shape={dims_text(leaf.shape)}, dtype={leaf.dtype}) with name '
        f"'{name}' and path '{path}'. Expected shape {dims_text(tensor.shape)}, but input has incompatible shape "
        f"{dims_text(leaf.shape)}"
    )
    raise declared(cx, self, leaf, InputSpec(shape=tensor.shape, name=name), message)


def _other_than_declared(cx: Context, self: Instance, graph: Graph, number: int, given: Array, fed: Array) -> None:
    """Data that runs although it is not what was declared: nothing raises, the model computes something else."""
    from foreshape.faults.declared_shape import DeclaredShape

    tensor = graph.inputs[number]
    if tensor.shape is None or fed.shape is None or given.shape is None or given.tainted:
        return
    if not isinstance(process(cx).fields.get("tracing"), tuple) or len(tensor.shape) != len(fed.shape):
        return
    pairs = list(zip(tensor.shape[1:], fed.shape[1:]))
    if all(not isinstance(a, int) or not isinstance(b, int) or a == b for a, b in pairs):
        return
    cx.note(
        DeclaredShape(
            None,
            values=(given,),
            model=layer_name(self),
            declared=tuple(None if undefined(dim) else dim for dim in tensor.shape),
            got=given.shape,
            input_name=_maker(tensor),
        )
    )


def _tensor_name(self: Instance, graph: Graph, number: int) -> str:
    name = _maker(graph.inputs[number])
    return "keras_tensor" if name.startswith("input_layer") else name


def _with(leaf: Array, **changes: object) -> Array:
    """A copy that keeps bounds, mask and provenance."""
    if "shape" in changes:
        shape = changes["shape"]
        assert isinstance(shape, tuple)
        roles = leaf.roles
        if roles is not None:
            changes["roles"] = (*roles, "feature") if len(shape) > len(roles) else roles[: len(shape)]
        changes["data"] = leaf.data
    made = leaf.replace(**changes)
    made.origin = leaf.origin
    return made


def graph_of(self: Instance) -> Graph | None:
    """The graph of a model that has one."""
    found: Graph | None = self.fields.get("~graph")
    return found


def symbolic_shapes(graph: Graph, struct: Value) -> Value:
    """The shapes of inputs or outputs as the program sees them."""
    from foreshape.semantics.keras.base import shape_value

    def one(leaf: Value) -> Value:
        return shape_value(leaf.shape) if isinstance(leaf, Array) else Const(None)

    return mapped(one, struct)
