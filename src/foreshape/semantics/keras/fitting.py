"""``fit`` and ``evaluate``: the data, a step on each kind of batch, the program's callbacks, and what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from foreshape.domain.contents import Contents
from foreshape.domain.dim import DimLike
from foreshape.domain.values import (
    Array,
    BoundMethod,
    Const,
    DictValue,
    Function,
    Instance,
    IteratorValue,
    LibraryRef,
    Sequence,
    Typed,
    Unknown,
    Value,
    as_bool,
    as_int,
    as_str,
    is_none,
)
from foreshape.faults.no_data import NoData
from foreshape.faults.unsupported_data import UnsupportedData
from foreshape.semantics.keras.base import error, is_keras3
from foreshape.semantics.keras.checkpoints import checkpointed
from foreshape.semantics.keras.config import invalid, repr_value
from foreshape.semantics.keras.feeding import as_array, feed
from foreshape.semantics.keras.functional import graph_of
from foreshape.semantics.keras.layers.signatures import register
from foreshape.semantics.keras.methods import is_a
from foreshape.semantics.keras.metrics import metric_count, metric_names
from foreshape.semantics.keras.steps import any_tainted_in, compiled, overridden, train
from foreshape.semantics.notes.leaks import leaked
from foreshape.semantics.notes.scaled_early import note_scaled_early, remember
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.shared.structure import flatten, is_nested, mapped

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

WORKERS: Final = "max_queue_size= workers= use_multiprocessing="
"""What Keras 2 takes besides, wherever it takes data."""
HISTORY = library_type("keras.callbacks.History", "keras.callbacks.Callback")


def fit(cx: Context, layer: Instance, **given: Value) -> Value:
    """Trains; gives a History."""
    return _fit(cx, layer, given)


_FIT: Final = (
    "x= y= batch_size= epochs= verbose= callbacks= validation_split= validation_data= shuffle= class_weight= "
    "sample_weight= initial_epoch= steps_per_epoch= validation_steps= validation_batch_size= validation_freq="
)
_DOC: Final = "https://keras.io/api/models/model_training_apis/"
register("keras.Model.fit", _FIT, fit, since="3", doc=_DOC)
register("keras.Model.fit", f"{_FIT} {WORKERS}", fit, until="3", doc=_DOC)


@rule("keras.Model.fit_generator", until="3")
def fit_generator(cx: Context, self: Instance, generator: Value, *args: Value, **kwargs: Value) -> Value:
    """The old name of ``fit`` on a generator."""
    kept = {key: value for key, value in kwargs.items() if key in ("epochs", "validation_data")}
    return _fit(cx, self, {"x": generator, **kept})


def _note_leak(cx: Context, x: Value | None, y: Value | None) -> None:
    """A window that holds its own target trains very well, and predicts nothing."""
    found = leaked(x, y, cx.facts)
    if found is not None:
        from foreshape.faults.leaked_target import LeakedTarget

        values = tuple(value for value in (y, found[0]) if value is not None)
        cx.note(LeakedTarget(None, values=values, last=found[1]))


def _fit(cx: Context, self: Instance, given: Mapping[str, Value]) -> Value:
    if not isinstance(self, Instance):
        return cx.unknown("it is called on the class, not on a model")  # type: ignore[unreachable]
    compiled(cx, self, "fit")
    x, y, weights = given.get("x"), given.get("y"), given.get("sample_weight")
    split = given.get("validation_split")
    validation = given.get("validation_data")
    history = _history(cx, self, given)
    _note_leak(cx, x, y)
    remember(cx, self, x)
    if isinstance(validation, Sequence):
        note_scaled_early(cx, self, validation.contents.at(0))
    held: tuple[Value | None, Value | None, Value | None] | None = None
    if split is not None and not is_none(split) and _is_positive(split) and (validation is None or is_none(validation)):
        x, y, weights, held = _split(cx, x, y, weights, split)
        if x is None:
            return history
    data = feed(cx, "fit", x, y, weights, given.get("batch_size"), given.get("steps_per_epoch"))
    check_class_weight(cx, given.get("class_weight"), None if data is None else data.y, weights)
    if data is None and not self.tainted:
        _callbacks(cx, self, given)
        checkpointed(cx, self, given.get("callbacks"))
        return history
    outputs = train(cx, self, data, training=True)
    if outputs is not None and any_tainted_in(outputs):
        history.tainted = True
        return history
    _callbacks(cx, self, given)
    checkpointed(cx, self, given.get("callbacks"))
    size = given.get("validation_batch_size")
    if size is None or is_none(size):
        size = given.get("batch_size")
    if held is not None:
        _evaluate(cx, self, held[0], held[1], held[2], size, None)
    elif validation is not None and not is_none(validation):
        _validate(cx, self, validation, size, given.get("validation_steps"))
    return history


HOOKS = ("on_train_begin", "on_epoch_begin", "on_epoch_end", "on_train_end")
BATCH_HOOKS = ("on_batch_begin", "on_batch_end", "on_train_batch_begin", "on_train_batch_end", "on_test_batch_end",
               "on_predict_batch_end", "on_test_begin", "on_test_end")  # fmt: skip


def _callbacks(cx: Context, self: Instance, given: Mapping[str, Value]) -> None:
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


def check_class_weight(
    cx: Context, value: Value | None, labels: Value | None = None, weights: Value | None = None
) -> None:
    """Weights of classes are a dict, for a model with one output. Keras 2 counts the classes from 0; Keras 3 takes no
    sample weights besides."""
    new = is_keras3(cx)
    text = as_str(value)
    if value is not None and (isinstance(value, Sequence) or text is not None):
        kind = value.kind if isinstance(value, Sequence) else "str"
        message = f"'{kind}' object has no attribute '{'get' if new else 'keys'}'"
        raise UnsupportedData(
            error(cx, "AttributeError", message),
            values=(value,),
            taker="class_weight",
            given=f"a {kind}" if text is None else f"the text {text!r}",
        )
    if not isinstance(value, DictValue) or value.rest is not None or not value.entries:
        return
    if new and weights is not None and not is_none(weights) and not isinstance(weights, Unknown):
        message = "You cannot `class_weight` and `sample_weight` at the same time."
        raise invalid(cx, "ValueError", message, "class_weight", value)
    classes = list(value.entries)
    if not new and sorted(map(str, classes)) != sorted(map(str, range(len(classes)))):
        if not all(isinstance(each, (int, str)) and not isinstance(each, bool) for each in classes):
            return
        message = (
            "Expected `class_weight` to be a dict with keys from 0 to one less than the number of classes, found "
            f"{repr_value(value)}"
        )
        raise invalid(cx, "ValueError", message, "class_weight", value)
    if labels is not None and is_nested(labels):
        message = "`class_weight` is only supported for Models with a single output."
        raise invalid(cx, "ValueError", message, "class_weight", value)
    if new and isinstance(labels, Array) and labels.shape is not None and len(labels.shape) > 2:
        steps = labels.shape[1]
        if isinstance(steps, int) and steps > 1:
            message = "only 0-dimensional arrays can be converted to Python scalars"
            raise invalid(cx, "TypeError", message, "class_weight", value)


def _validate(cx: Context, self: Instance, validation: Value, size: Value | None, steps: Value | None) -> None:
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
    _evaluate(cx, self, validation, None, None, size, steps if isinstance(validation, IteratorValue) else None)


STREAMS: Final = {
    "tensorflow.data.Dataset": "a tf.data.Dataset",
    "keras.utils.PyDataset": "a PyDataset",
    "keras.utils.Sequence": "a Sequence",
    "keras.preprocessing.sequence.TimeseriesGenerator": "a TimeseriesGenerator",
}
"""Data that comes batch by batch, and how it is named."""


def _stream_name(leaf: Value) -> str | None:
    if isinstance(leaf, IteratorValue):
        return "a generator"
    return next((name for kind, name in STREAMS.items() if isinstance(leaf, Instance) and is_a(leaf, kind)), None)


def _split(
    cx: Context, x: Value | None, y: Value | None, weights: Value | None, split: Value
) -> tuple[Value | None, Value | None, Value | None, tuple[Value | None, Value | None, Value | None] | None]:
    """``validation_split``: the last samples are kept for validation."""
    parts = [x, y, weights]
    leaves = [leaf for part in parts if part is not None for leaf in flatten(part) if not is_none(leaf)]
    new = is_keras3(cx)
    for leaf in leaves:
        stream = _stream_name(leaf)
        if stream is not None or _is_plain(leaf) or isinstance(leaf, Sequence):
            message = (
                "Argument `validation_split` is only supported for tensors or NumPy arrays."
                "Found incompatible type in the input: ..."
                if new
                else "`validation_split` is only supported for Tensors or NumPy arrays, found following types in the "
                "input: ..."
            )
            raise UnsupportedData(
                error(cx, "ValueError", message),
                values=(leaf,),
                taker="validation_split",
                given=stream or "a Python list",
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


def _history(cx: Context, self: Instance, given: Mapping[str, Value]) -> Instance:
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

    names = metric_names(cx, self)
    entries: dict[object, Value] = {"loss": curve()}
    for name in names or ():
        entries[name] = curve()
    validates = any(
        given.get(key) is not None and not is_none(given[key]) for key in ("validation_data", "validation_split")
    )
    if validates:
        entries.update({f"val_{name}": curve() for name in list(entries)})
    closed = names is not None and not self.tainted and (callbacks is None or is_none(callbacks))
    if not closed and _plain_callbacks(callbacks):
        closed = names is not None and not self.tainted
    history = Instance(LibraryRef(HISTORY))
    cx.set(history, "history", DictValue(entries, rest=None if closed else curve()))
    cx.set(history, "epoch", curve())
    cx.set(history, "params", DictValue({}, rest=cx.unknown("parameters of the training")))
    cx.set(history, "model", self)
    return history


def _plain_callbacks(callbacks: Value | None) -> bool:
    """Whether no callback adds to the history."""
    quiet = ("EarlyStopping", "ModelCheckpoint", "TensorBoard", "CSVLogger", "TerminateOnNaN")
    found = [] if callbacks is None else flatten(callbacks)
    return bool(found) and all(
        isinstance(leaf, Instance) and leaf.cls.name in {f"keras.callbacks.{name}" for name in quiet} for leaf in found
    )


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


def evaluate(cx: Context, layer: Instance, **given: Value) -> Value:
    """The loss; with metrics a list of it and them; with ``return_dict`` a dict."""
    strange = [key for key in given if f"{key}=" not in f"{_EVALUATE} return_dict=".split()]
    if strange and is_keras3(cx):
        from foreshape.semantics.keras.config import invalid

        shown = ", ".join(f"{key!r}: {cx.text(given[key])}" for key in strange)
        raise invalid(cx, "ValueError", f"Arguments not recognized: {{{shown}}}", strange[0], given[strange[0]])
    compiled(cx, layer, "evaluate")
    x, y, weights = given.get("x"), given.get("y"), given.get("sample_weight")
    note_scaled_early(cx, layer, x)
    outputs = _evaluate(cx, layer, x, y, weights, given.get("batch_size"), given.get("steps"))
    result = scores(cx, layer, outputs, given.get("return_dict"))
    if outputs is not None and any_tainted_in(outputs):
        result.tainted = True
    return result


_EVALUATE: Final = "x= y= batch_size= verbose= sample_weight= steps= callbacks="
register("keras.Model.evaluate", f"{_EVALUATE} return_dict= **kwargs", evaluate, since="3", doc=_DOC)
register("keras.Model.evaluate", f"{_EVALUATE} {WORKERS} return_dict= **kwargs", evaluate, until="3", doc=_DOC)


def scores(cx: Context, self: Instance, outputs: Value | None, return_dict: Value | None) -> Value:
    wants_dict = False if return_dict is None else as_bool(return_dict)
    if wants_dict:
        return DictValue({"loss": Typed("float")}, rest=Typed("float"))
    graph = graph_of(self)
    count = len(graph.outputs) if graph is not None else (len(flatten(outputs)) if outputs is not None else None)
    if wants_dict is None or self.tainted or not self.fields.get("~compiled") or count is None:
        return cx.unknown("how many numbers evaluate gives")
    found = None if overridden(cx, self, "test_step") else metric_count(cx, self, count)
    if found is None:
        return cx.unknown("the metrics are not known")
    if count > 1:
        return cx.unknown("the numbers of a model with several outputs")
    if found == 0:
        return Typed("float")
    return Sequence("list", Contents(Typed("float") for _ in range(found + 1)))
