"""One step of training, evaluation or prediction: the model on a batch, and what it is compared with.

The step runs as a graph: what its shapes forbid raises while it is traced, what only values or batch sizes forbid
raises an InvalidArgumentError when it runs. Both point at the line of the call, or into the program's own layers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.contents import substitute_value
from foreshape.domain.dim import DimLike, as_var
from foreshape.domain.values import (
    Array,
    Const,
    Instance,
    LibraryRef,
    Shape,
    Unknown,
    Value,
    as_bool,
    as_str,
    is_none,
)
from foreshape.faults.base import Fault
from foreshape.faults.label_shape import LabelShape
from foreshape.faults.uncompiled_model import UncompiledModel
from foreshape.faults.unsupported_data import UnsupportedData
from foreshape.semantics.keras.base import error, is_keras3, layer_name, undefined
from foreshape.semantics.keras.calling import call_object
from foreshape.semantics.keras.compiling import Step, apply_losses, reads_scores
from foreshape.semantics.keras.config import repr_value
from foreshape.semantics.keras.feeding import Feed
from foreshape.semantics.keras.functional import graph_of
from foreshape.semantics.keras.later import settle
from foreshape.semantics.keras.learning import may_add_losses
from foreshape.semantics.keras.losses import GRAPH_ERROR, found_by_graph, told_by_graph
from foreshape.semantics.keras.metrics import apply_metrics
from foreshape.semantics.keras.names import process
from foreshape.semantics.keras.traced import placeholder, runs_eagerly
from foreshape.semantics.shared.broadcast import broadcast_shapes
from foreshape.semantics.shared.structure import as_tuple, flatten, mapped

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


# -- one step ---------------------------------------------------------------------------------------------------------


def run_step(
    cx: Context, self: Instance, data: Feed, training: bool, compare: bool, traced: str | None = None
) -> Value:
    """Call the model on a batch and compare its outputs with the labels. Gives the outputs.

    traced: which function of the model runs. Where it ran on other sizes before, its graph takes any size by now:
    what does
    not fit raises when it runs."""
    before = self.fields.get(f"~traced_{traced}") if traced is not None else None
    now = _signature(data)
    if traced is not None:
        cx.set(self, f"~traced_{traced}", now)
    if before is None or now is None or before == now or [len(a) for a in before] != [len(a) for a in now]:
        outputs = _run_step(cx, self, data, training, compare)
        if data.broken is not None and not any_tainted_in(outputs):
            raise data.broken
        if compare and data.uneven is not None and _rows_meet(cx, self, outputs, data):
            raise data.uneven
        if data.late is not None and data.late[0] is not None and not any_tainted_in(outputs):
            _run_relaxed(cx, self, _settled_feed(data), training, compare)
        return outputs
    return _run_relaxed(cx, self, data, training, compare)


def _rows_meet(cx: Context, self: Instance, outputs: Value, data: Feed) -> bool:
    """Whether a loss of Keras certainly holds every row of the outputs against a row of labels."""
    leaves = list(flatten(outputs))
    if any_tainted_in(outputs) or cx.user_method(self, "compute_loss") is not None:
        return False
    loss = self.fields.get("~loss")
    losses = list(flatten(loss)) if isinstance(loss, Value) else []
    of_keras = all(as_str(one) or (isinstance(one, Instance) and isinstance(one.cls, LibraryRef)) for one in losses)
    rows = [as_var(leaf.shape[0]) if isinstance(leaf, Array) and leaf.shape else None for leaf in leaves]
    return bool(losses) and of_keras and bool(rows) and all(row is not None and row == data.batch for row in rows)


def _settled_feed(data: Feed) -> Feed:
    """The batch with the size put in that only the running graph knows."""
    assert data.late is not None
    known = {data.late[0]: data.late[1]}
    x, y, weights = (substitute_value(part, known) for part in (data.x, data.y, data.weights))
    return Feed(x, y, weights, data.samples, data.batch, data.sizes, data.from_generator)


def _run_relaxed(cx: Context, self: Instance, data: Feed, training: bool, compare: bool) -> Value:
    """A step of a graph that takes any size: what does not fit raises when it runs."""
    state = process(cx)
    outer = state.fields.get("relaxed")
    cx.set(state, "relaxed", True)
    try:
        with cx.opaque():
            return _run_step(cx, self, data, training, compare)
    except Fault as fault:
        relax(fault)
        raise
    finally:
        cx.set(state, "relaxed", outer)


def relax(fault: Fault) -> None:
    """A fault of sizes as the running graph finds it."""
    if fault.raises is not None and fault.raises.exception == "ValueError" and fault.name in OF_SIZES:
        found_by_graph(fault.raises)


OF_SIZES = ("feature-mismatch", "declared-shape", "label-shape", "broadcast-mismatch", "matmul-mismatch",
            "reshape-size",
            "join-mismatch", "stateful-batch")  # fmt: skip


def _signature(data: Feed) -> tuple[tuple[object, ...], ...] | None:
    """The sizes that a graph is traced for, the batch axis aside."""
    found: list[tuple[object, ...]] = []
    for part in (data.x, data.y):
        for leaf in flatten(part):
            if isinstance(leaf, Array):
                if leaf.shape is None:
                    return None
                found.append(tuple(str(dim) for dim in leaf.shape[1:]))
    return tuple(found)


def _run_step(cx: Context, self: Instance, data: Feed, training: bool, compare: bool) -> Value:
    state = process(cx)
    outer = state.fields.get("tracing")
    x, labels = _begin(cx, self, data.x, data.y)
    generator_2 = data.from_generator and not is_keras3(cx) and as_bool(self.fields.get("built")) is True
    y = mapped(lambda leaf: _expanded(cx, leaf), labels)
    try:
        outputs = _call(cx, self, x, training, generator_2)
        outputs = _fixed_batch(self, outputs, data)
        if compare and is_none(outputs) and not outputs.tainted and not is_none(y):
            _no_outputs(cx, self)
        if compare and not any_tainted_in(outputs) and not is_none(y) and not isinstance(outputs, Unknown):
            step = Step(y, outputs, data.batch, data.sizes, data.weights, training)
            _compare(cx, self, step, data, training)
        later = state.fields.get("tracing")
    finally:
        cx.set(state, "tracing", outer)
    if later and not any_tainted_in(outputs):
        fault: Fault = later[0]
        if fault.raises is not None:
            told_by_graph(fault.raises)
        raise fault
    if not any_tainted_in(outputs):
        settle(cx, data.batch, data.sizes)
    return outputs


def _no_outputs(cx: Context, self: Instance) -> None:
    """A ``call`` that returns nothing, where a loss compares what it returns."""
    loss = self.fields.get("~loss")
    if as_str(loss) is None and not (isinstance(loss, Instance) and isinstance(loss.cls, LibraryRef)):
        return
    raised = (
        error(cx, "ValueError", "None values not supported.")
        if is_keras3(cx)
        else error(cx, "AttributeError", "'NoneType' object has no attribute 'dtype'")
    )
    raise UnsupportedData(raised, values=(self,), taker="the loss", given="nothing: call has no return")


def _compare(cx: Context, self: Instance, step: Step, data: Feed, training: bool) -> None:
    try:
        own = cx.user_method(self, "compute_loss")
        if own is None:
            apply_losses(cx, self, step)
        else:
            parts = {"x": data.x, "y": step.y, "y_pred": step.y_pred, "sample_weight": data.weights}
            cx.call(own, (), parts)
        apply_metrics(cx, self, step)
    except Fault as fault:
        blind = data.from_generator and not is_keras3(cx)  # Keras 2 does not know the sizes of what a generator yields
        if (
            blind
            and isinstance(fault, LabelShape)
            and fault.raises is not None
            and fault.raises.exception == "ValueError"
        ):
            found = broadcast_shapes(fault.labels, fault.predictions, facts=cx.facts)
            broadcasts = found.failed is None and len(fault.labels) == len(fault.predictions)
            stretched = fault.loss == "categorical_crossentropy" and fault.predictions[-1:] == (1,)
            refused = training and stretched and isinstance(step.y_pred, Array) and reads_scores(self)
            if broadcasts and not refused:
                # nobody looks at the shapes then, and what is computed broadcasts
                cx.note(_stretched(fault, found.shape))
                return
            if broadcasts:
                fault.raises.message = (
                    f"Cannot update variable with shape [1] using a Tensor with shape [{fault.labels[-1]}], "
                    "shapes must be equal."
                )
            found_by_graph(fault.raises)
        raise


def _stretched(fault: LabelShape, result: Shape) -> Fault:
    from foreshape.faults.silent_loss_broadcast import SilentLossBroadcast

    return SilentLossBroadcast(
        None,
        values=fault.values,
        loss=fault.loss,
        labels=fault.labels,
        predictions=fault.predictions,
        result=result,
    )


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


def stateful_predict(cx: Context, self: Instance, data: Feed) -> None:
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
    cx.set(state, "training_step", training)
    try:
        own = cx.user_method(self, "__call__")
        if own is not None:
            return cx.call(own, (x,), {})
        return call_object(cx, self, (x,), {})
    except Fault as fault:
        if generator_2 and fault.raises is not None and fault.name in ("feature-mismatch", "declared-shape"):
            # Keras 2 does not look at the sizes of what a generator yields before it computes with them
            found_by_graph(fault.raises)
        raise
    finally:
        cx.set(state, "training", Const(None) if outer is None else outer)
        cx.set(state, "training_step", False)


def any_tainted_in(value: Value) -> bool:
    return value.tainted or any(leaf.tainted for leaf in flatten(value))


def _expanded(cx: Context, leaf: Value) -> Value:
    """Keras 2 makes (batch, 1) of labels that are a vector."""
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
        else f"Target data is missing. Your model was compiled with loss={repr_value(loss).strip(chr(39))}, "
        "and therefore "
        "expects target data to be provided in `fit()`."
    )
    raise UnsupportedData(error(cx, "ValueError", message), values=(data.x,), taker="fit", given="no labels")


def _no_loss(cx: Context, self: Instance, training: bool) -> None:
    """``compile`` without a loss, for a model that has none of its own. Keras 2 evaluates without one."""
    if not training and not is_keras3(cx):
        return
    loss = self.fields.get("~loss", "unknown")
    if self.tainted or not (loss is None or (isinstance(loss, Value) and is_none(loss))):
        return
    if overridden(cx, self, "train_step", "compute_loss", "call") or not self.fields.get("~compiled"):
        return
    graph = graph_of(self)
    if graph is None or may_add_losses(cx, self, graph):
        return
    message = (
        "No loss to compute. Provide a `loss` argument in `compile()`."
        if is_keras3(cx)
        else "No loss found. You may have forgotten to provide a `loss` argument in the `compile()` method."
    )
    method = "fit" if training else "evaluate"
    raise UncompiledModel(error(cx, "ValueError", message), values=(self,), method=method)


def train(cx: Context, self: Instance, data: Feed | None, training: bool) -> Value | None:
    """A step of ``fit`` (or ``evaluate``) on these batches. None where the data is not known."""
    if data is None or self.tainted:
        return None
    own = "train_step" if training else "test_step"
    if overridden(cx, self, own):
        method = cx.user_method(self, own)
        assert method is not None
        parts = [data.x] + [part for part in (data.y, data.weights) if not is_none(part)]
        result = _own_step(cx, self, method, as_tuple(parts) if len(parts) > 1 else parts[0], data)
        return result if result.tainted else None
    _needs_labels(cx, self, data)
    _no_loss(cx, self, training)
    outputs = run_step(cx, self, data, training, compare=True, traced="train" if training else "test")
    if training and not any_tainted_in(outputs):
        from foreshape.semantics.keras.optimizing import stepped

        stepped(cx, self)
    return outputs


def _begin(cx: Context, self: Instance, *parts: Value) -> tuple[Value, ...]:
    """A step begins. It is traced as a graph, so that its data are placeholders, unless the model was compiled to run at
    once."""
    state = process(cx)
    eager = self.fields.get("~eager") is True or runs_eagerly(cx)
    cx.set(state, "tracing", None if eager else ())
    cx.set(state, "pending", ())
    return parts if eager else tuple(mapped(placeholder, part) for part in parts)


def _own_step(cx: Context, self: Instance, method: Value, batch: Value, data: Feed) -> Value:
    """A training step of the program, traced as a graph too."""
    state = process(cx)
    outer = state.fields.get("tracing")
    given = _begin(cx, self, batch)
    try:
        if state.fields.get("tracing") is None or is_keras3(cx):
            result = cx.call(method, given, {})
        else:
            with cx.opaque(only="OperatorNotAllowedInGraphError"):  # which AutoGraph raises anew
                result = cx.call(method, given, {})
        later = state.fields.get("tracing")
    finally:
        cx.set(state, "tracing", outer)
    if not result.tainted:
        if later:
            raise later[0]
        if data.broken is not None:
            raise data.broken
        settle(cx, data.batch, data.sizes)
    return result


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
