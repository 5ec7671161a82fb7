"""``predict`` and the methods that take one whole batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.dim import Dim, DimLike, floordiv, substitute, variables
from foreshape.domain.values import (
    Array,
    Const,
    Instance,
    Value,
    is_none,
)
from foreshape.faults.base import Fault
from foreshape.faults.no_data import NoData
from foreshape.semantics.keras.base import error, is_keras3
from foreshape.semantics.keras.feeding import Feed, as_array, feed, is_dataset
from foreshape.semantics.keras.fitting import WORKERS, check_class_weight, scores
from foreshape.semantics.keras.layers.signatures import register
from foreshape.semantics.keras.losses import found_by_graph
from foreshape.semantics.keras.steps import any_tainted_in, compiled, run_step, stateful_batch, stateful_predict, train
from foreshape.semantics.notes.scaled_early import note_scaled_early
from foreshape.semantics.registry import rule
from foreshape.semantics.shared.structure import flatten, mapped

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

# -- predict ----------------------------------------------------------------------------------------------------------


def predict(cx: Context, layer: Instance, x: Value, **given: Value) -> Value:
    """NumPy arrays with one row per sample."""
    return _predict(cx, layer, x, given.get("batch_size"), given.get("steps"))


_PREDICT: Final = "x batch_size= verbose= steps= callbacks="
register("keras.Model.predict", _PREDICT, predict, since="3")
register("keras.Model.predict", f"{_PREDICT} {WORKERS}", predict, until="3")


def _predict(cx: Context, self: Instance, x: Value, batch_size: Value | None, steps: Value | None) -> Value:
    note_scaled_early(cx, self, x)
    data = feed(cx, "predict", x, None, None, batch_size, steps)
    if data is None or self.tainted:
        return cx.unknown("what the model predicts is not known" if data is not None else "the data is not known")
    if data.samples == 0:
        raised = (
            error(
                cx,
                "UnboundLocalError",
                "cannot access local variable 'batch_outputs' where it is not associated with a value",
            )
            if is_keras3(cx)
            else error(cx, "ValueError", "Expected input data to be non-empty.")
        )
        raise NoData(raised, values=(x,), taker="predict", samples=0)
    if is_keras3(cx) and data.batch is not None and data.sizes and not data.from_generator and not is_dataset(x):
        _first_batch(cx, self, data)
    own = cx.user_method(self, "predict_step")
    if own is not None:
        return mapped(lambda leaf: _gathered(cx, leaf, data), cx.call(own, (data.x,), {}))
    outputs = run_step(cx, self, data, training=False, compare=False, traced="predict")
    if not any_tainted_in(outputs):
        stateful_predict(cx, self, data)
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
            return cx.fresh("samples", 0)
        at_one, at_two = substitute(first, {data.batch: 1}), substitute(first, {data.batch: 2})
        if at_two == 2 * at_one:  # proportional to the batch: so is the whole to the number of samples
            return substitute(first, {data.batch: samples})
        return cx.fresh("samples", 0)
    if data.batch is None and samples is not None and data.sizes:
        size = data.sizes[0]
        if first == size:
            return samples
        if isinstance(size, int) and isinstance(samples, int) and size:
            return first * floordiv(samples, size)
    return cx.fresh("samples", 0)


# -- single batches ---------------------------------------------------------------------------------------------------


def _one_batch(cx: Context, taker: str, x: Value, y: Value | None, weights: Value | None) -> Feed | None:
    """A batch that is given whole: its size is known to Keras."""
    parts = [
        mapped(lambda leaf: as_array(cx, leaf), part) if part is not None else Const(None) for part in (x, y, weights)
    ]
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
        changed = changed and fault.name in ("stateful-batch", "declared-shape", "broadcast-mismatch")
        if changed and fault.raises is not None and fault.raises.exception == "ValueError":
            found_by_graph(fault.raises)
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
    check_class_weight(cx, class_weight, None if data is None else data.y, sample_weight)
    outputs = _again(cx, self, data)
    result = scores(cx, self, outputs, return_dict)
    if outputs is not None and any_tainted_in(outputs):
        result.tainted = True
    return result


@rule("keras.Model.predict_on_batch")
def predict_on_batch(cx: Context, self: Instance, x: Value) -> Value:
    """NumPy arrays for one batch."""
    data = _one_batch(cx, "predict_on_batch", x, None, None)
    if data is None or self.tainted:
        return cx.unknown("the data is not known")
    outputs = run_step(cx, self, data, training=False, compare=False)
    return mapped(lambda leaf: leaf.replace(kind="numpy", meta={}) if isinstance(leaf, Array) else leaf, outputs)
