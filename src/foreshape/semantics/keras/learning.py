"""Whether training can change anything: whether a loss of the program's own leads back to what the model gives.

A tape follows floating numbers through TensorFlow's operations. Integers and truth values, NumPy and the operations of
``recording.NO_GRADIENT`` end it (``tensorflow/python/ops/math_grad.py``, ``array_grad.py``); where every way ends, the optimizer raises.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from foreshape.domain.values import (
    Array,
    BoundMethod,
    Const,
    Function,
    Instance,
    Int,
    LibraryRef,
    Sequence,
    SliceValue,
    Value,
)
from foreshape.faults.gradient_state import GradientState
from foreshape.semantics.keras.base import ADDS_LOSS, error, is_keras3
from foreshape.semantics.keras.functional import Graph, graph_of
from foreshape.semantics.keras.weights import trainable_of
from foreshape.semantics.tensorflow.recording import BRANCHES, has_no_gradient, is_discrete

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

MOST_STEPS = 500


def check_learns(cx: Context, model: Instance, loss: Value, label: Array, prediction: Array, result: Value) -> None:
    """Raises the ValueError of the optimizer where nothing that the loss gives depends on the prediction."""
    if cx.process.get(("~environ", "KERAS_BACKEND"), "tensorflow") != "tensorflow":
        return  # JAX gives zeros, and goes on
    graph = graph_of(model)
    if graph is None or not trainable_of(model) or may_add_losses(cx, model, graph):
        return
    function = loss.function if isinstance(loss, BoundMethod) else loss
    if not isinstance(function, Function) or not isinstance(result, Array) or result.tainted:
        return
    node = function.node
    if getattr(node, "decorator_list", None) or any(
        isinstance(each, BRANCHES) and each is not node for each in ast.walk(node)
    ):
        return
    ends = _ends_of(node, result, label, prediction)
    if ends is None:
        return
    name = "the loss" if isinstance(loss, BoundMethod) else getattr(node, "name", "the loss")
    message = "No gradients provided for any variable" + ("." if is_keras3(cx) else "")
    raise GradientState(error(cx, "ValueError", message), values=(*ends, result)[:1], taker=name, state="cut")


def _ends_of(function: ast.AST, result: Value, label: Array, prediction: Array) -> list[Value] | None:
    """Where no gradient goes on, going back from the result; None where one may reach the prediction, or where something on the way is
    not known."""
    inside = set(map(id, ast.walk(function)))
    waiting: list[Value] = [result]
    ends: list[Value] = []
    seen = 0
    while waiting:
        value = waiting.pop()
        seen += 1
        if value is prediction or seen > MOST_STEPS:
            return None
        if isinstance(value, Sequence):
            items = value.contents.items(limit=50)
            if items is None:
                return None
            waiting.extend(items)
        elif isinstance(value, Array):
            made = value.origin
            within = made is not None and id(made.node) in inside
            if value is label or (value.kind == "numpy" and not within):
                continue
            if made is None or not within or value.tainted or value.kind == "numpy":
                return None
            if is_discrete(value) or has_no_gradient(made.node):
                ends.append(value)
            else:
                waiting.extend(made.inputs)
        elif not isinstance(value, (Const, Int, LibraryRef, SliceValue)) and not _is_dtype(value):
            return None
    return ends


def _is_dtype(value: Value) -> bool:
    return isinstance(value, Instance) and value.library_type == "tensorflow.DType"


def may_add_losses(cx: Context, model: Instance, graph: Graph) -> bool:
    """Whether something may add a loss to what is compiled: ``add_loss``, a ``call`` of the program's own, or a regularizer."""
    layers = [node.layer for node in graph.nodes if node.layer is not None]
    if any(ADDS_LOSS in each.fields for each in (model, *layers)):
        return True
    return any(cx.user_method(layer, "call") is not None or _regularized(layer) for layer in layers)


def _regularized(layer: Instance) -> bool:
    """Whether a layer may add a loss of its own: it has a regularizer, or holds other layers that may."""
    if layer.library_type in ("keras.layers.ActivityRegularization", "keras.Model", "keras.Sequential"):
        return True
    inner = layer.fields.get("layer")
    if isinstance(inner, Instance) and _regularized(inner):
        return True
    made = None if layer.origin is None else layer.origin.node
    keywords = getattr(made, "keywords", None)  # of the call that made it: layers do not keep their regularizers here
    return keywords is None or any(each.arg is None or each.arg.endswith("regularizer") for each in keywords)
