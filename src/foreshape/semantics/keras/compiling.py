"""``Model.compile``, and what training makes of the loss and the metrics it was given."""

from __future__ import annotations

from collections.abc import Sequence as SequenceOf
from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike
from foreshape.domain.values import (
    Array,
    BoundMethod,
    Const,
    DictValue,
    Function,
    Instance,
    LibraryRef,
    Sequence,
    Unknown,
    Value,
    as_bool,
    as_str,
    is_none,
)
from foreshape.faults.base import Fault
from foreshape.faults.label_shape import LabelShape
from foreshape.semantics.keras.base import activation_of, error, is_keras3, layer_name
from foreshape.semantics.keras.config import invalid, repr_value
from foreshape.semantics.keras.foreign import refused
from foreshape.semantics.keras.functional import graph_of
from foreshape.semantics.keras.graph import history
from foreshape.semantics.keras.learning import check_learns
from foreshape.semantics.keras.loss_names import (
    CLASSES,
    KERAS2_OPTIMIZERS,
    KERAS3_OPTIMIZERS,
    loss_name,
)
from foreshape.semantics.keras.losses import Comparison, compare, squeeze_to_same_rank
from foreshape.semantics.keras.sequential import layers_of
from foreshape.semantics.keras.weighting import check_weights
from foreshape.semantics.registry import rule
from foreshape.semantics.shared.structure import children, flatten, is_nested

if TYPE_CHECKING:
    from foreshape.domain.polynomial import Var
    from foreshape.semantics.protocol import Context


@rule("keras.Model.compile", since="3", doc="https://keras.io/api/models/model_training_apis/")
def compile_3(
    cx: Context,
    self: Instance,
    optimizer: Value | None = None,
    loss: Value | None = None,
    loss_weights: Value | None = None,
    metrics: Value | None = None,
    weighted_metrics: Value | None = None,
    run_eagerly: Value | None = None,
    steps_per_execution: Value | None = None,
    jit_compile: Value | None = None,
    auto_scale_loss: Value | None = None,
) -> Value:
    """Remembers loss and metrics; an unknown optimizer raises here, an unknown loss or metric when it is first used."""
    _keep(cx, self, optimizer, loss, metrics, run_eagerly)
    if metrics is not None and not is_none(metrics) and _is_leaf(metrics):
        text = (
            "Expected `metrics` argument to be a list, tuple, or dict. Received instead: "
            f"metrics={repr_value(metrics).strip(chr(39))} of type <class 'str'>"
        )
        if isinstance(metrics, Const):
            raise invalid(cx, "ValueError", text, "metrics", metrics)
    return Const(None)


@rule("keras.Model.compile", until="3")
def compile_2(
    cx: Context,
    self: Instance,
    optimizer: Value | None = None,
    loss: Value | None = None,
    metrics: Value | None = None,
    loss_weights: Value | None = None,
    weighted_metrics: Value | None = None,
    run_eagerly: Value | None = None,
    steps_per_execution: Value | None = None,
    jit_compile: Value | None = None,
    pss_evaluation_shards: Value | None = None,
    **kwargs: Value,
) -> Value:
    """Remembers loss and metrics; an unknown optimizer raises here, an unknown loss or metric when it is first used."""
    _keep(cx, self, optimizer, loss, metrics, run_eagerly)
    return Const(None)


def _is_leaf(value: Value) -> bool:
    return isinstance(value, (Const, Function, LibraryRef))


def _keep(
    cx: Context, self: Instance, optimizer: Value | None, loss: Value | None, metrics: Value | None, eager: Value | None
) -> None:
    name = as_str(optimizer)
    new = is_keras3(cx)
    if name is not None and name.lower() not in (KERAS3_OPTIMIZERS if new else KERAS2_OPTIMIZERS):
        message = (
            f"Could not interpret optimizer identifier: {name}"
            if new
            else f"Unknown optimizer: '{name}'. Please ensure you are using a `keras.utils.custom_object_scope` "
            "and that "
            "this object is included in the scope. See "
            "https://www.tensorflow.org/guide/keras/save_and_serialize#registering_the_custom_object for details."
        )
        raise invalid(cx, "ValueError", message, "optimizer", optimizer)
    for traced in ("~traced_train", "~traced_test", "~traced_predict"):
        cx.set(self, traced, None)
    cx.set(self, "~compiled", True)
    cx.set(self, "~eager", eager is not None and not is_none(eager) and as_bool(eager) is not False)
    cx.set(self, "~loss", loss)
    cx.set(self, "~metrics", metrics)
    cx.set(self, "~optimizer", optimizer)


class Step:
    """What one step of training compares: labels and predictions in their structures, and the sizes of batches."""

    __slots__ = ("batch", "sizes", "training", "weights", "y", "y_pred")

    def __init__(
        self,
        y: Value,
        y_pred: Value,
        batch: Var | None,
        sizes: SequenceOf[DimLike],
        weights: Value | None = None,
        training: bool = False,
    ) -> None:
        self.weights = weights
        self.training = training
        self.y = y
        self.y_pred = y_pred
        self.batch = batch
        self.sizes = tuple(sizes)


def apply_losses(cx: Context, self: Instance, step: Step) -> None:
    """Hold labels against predictions by the compiled loss; raises what the framework raises."""
    loss: Value | None = self.fields.get("~loss")
    if loss is None or is_none(loss):
        return
    outputs = flatten(step.y_pred)
    labels = flatten(step.y)
    if isinstance(step.y, DictValue):
        if len(outputs) > 1 and step.y.rest is None:
            _label_keys(cx, self, step, loss, outputs)
        labels = _by_output(self, step, outputs) or []
        if not labels:
            return
    new = is_keras3(cx)
    if len(outputs) == 1:
        if new and is_nested(step.y) and len(labels) > 1:
            raise _structure(cx, step, labels, outputs)
        if not labels:
            return
        several = _losses_of(loss)
        for one in several:
            _apply(cx, self, one, labels[0], outputs[0], step, 0, only=len(several) == 1)
        return
    _apply_several(cx, self, step, loss, labels, outputs)


def _apply_several(
    cx: Context, self: Instance, step: Step, loss: Value, labels: list[Value], outputs: list[Value]
) -> None:
    """One loss per output."""
    new = is_keras3(cx)
    if _unpaired(step, loss, labels, outputs, new):
        raise _structure(cx, step, labels, outputs)
    if isinstance(loss, DictValue):
        names = _output_names(self, step, len(outputs))
        if new and len(labels) == 1 and isinstance(step.y, Array):
            shown = "[" + ", ".join("'*'" for _ in outputs) + "]"
            message = f"y_true and y_pred have different structures.\ny_true: *\ny_pred: {shown}\n"
            raise _label_fault(cx, "ValueError", message, labels, outputs)
        if names is None:
            return
        if not isinstance(step.y_pred, DictValue) and loss.rest is None:
            _loss_keys(cx, loss, names)
        for number, name in enumerate(names):
            if name in loss.entries and number < len(labels):
                _apply(cx, self, loss.entries[name], labels[number], outputs[number], step, number)
        return
    if (is_nested(loss) and len(children(loss)) > 1) or (is_nested(loss) and len(children(loss)) == 1):
        per_output = list(children(loss))
    else:
        per_output = [loss] * len(outputs)
    used = [number for number, one in enumerate(per_output) if not is_none(one)]
    if len(labels) != len(outputs) and is_nested(loss) and len(used) == len(labels) and used[-1] < len(outputs):
        # labels for the outputs that have a loss alone
        per_output, outputs = [per_output[number] for number in used], [outputs[number] for number in used]
    if len(labels) != len(outputs):
        if new and len(labels) == 1 and isinstance(labels[0], Array):
            if is_nested(loss) and len(used) == len(outputs):
                raise _structure(cx, step, labels, outputs)
            raise _missing_output(cx, step, labels, outputs)
        if not new and len(labels) < len(outputs):
            per_output = per_output[: len(labels)]
        elif len(labels) > len(outputs):
            return
    for number, (one, label, prediction) in enumerate(zip(per_output, labels, outputs)):
        _apply(cx, self, one, label, prediction, step, number)


def _unpaired(step: Step, loss: Value, labels: list[Value], outputs: list[Value], new: bool) -> bool:
    """Whether a list of labels certainly cannot be paired with the outputs, each of which has a loss. Keras 3 meets one
    label without a loss of its own, or with one that lacks outputs, elsewhere."""
    if len(labels) == len(outputs) or not isinstance(step.y, Sequence) or not isinstance(step.y_pred, Sequence):
        return False
    if not all(isinstance(leaf, Array) for leaf in (*labels, *outputs)) or len(children(step.y)) != len(labels):
        return False
    parts = list(children(loss)) if is_nested(loss) else [loss]
    if isinstance(loss, DictValue) and loss.rest is not None:
        return False
    if not parts or any(isinstance(one, Unknown) or is_none(one) for one in parts):
        return False
    complete = is_nested(loss) and len(parts) == len(outputs)
    return complete if new and len(labels) == 1 else complete or not isinstance(loss, Sequence)


def _loss_keys(cx: Context, loss: DictValue, names: list[str]) -> None:
    """The keys of a dict of losses are names of outputs: all of them in Keras 3."""
    keys = [str(key) for key in loss.entries]
    strange = [key for key in keys if key not in names]
    if is_keras3(cx) and set(keys) != set(names):
        message = f"Expected keys {names} in loss dict, but found loss.keys()={keys}"
    elif not is_keras3(cx) and strange:
        message = (
            "Found unexpected losses or metrics that do not correspond to any Model output: "
            f"dict_keys({strange}). Valid "
            f"mode output names: {names}. Received struct is: ..."
        )
    else:
        return
    raise invalid(cx, "ValueError", message, "loss", loss)


def _label_keys(cx: Context, self: Instance, step: Step, loss: Value, outputs: list[Value]) -> None:
    """The keys of a dict of labels are names of outputs. Keras 2 lets outputs without labels be; Keras 3 pairs as many
    labels as outputs by their order, and then meets a key where a number should be."""
    assert isinstance(step.y, DictValue)
    names = _output_names(self, step, len(outputs))
    keys = [str(key) for key in step.y.entries]
    if names is None or "?" in names or set(keys) == set(names):
        return
    if isinstance(loss, DictValue) and set(map(str, loss.entries)) != set(names):
        return
    strange = [key for key in keys if key not in names]
    if not is_keras3(cx):
        if not strange:
            return
        exception, message = (
            "ValueError",
            (
                "Found unexpected losses or metrics that do not correspond to any Model output: "
                f"dict_keys({strange}). Valid "
                f"mode output names: {names}. Received struct is: ..."
            ),
        )
        if isinstance(step.y_pred, DictValue):
            message = (
                "No loss found. You may have forgotten to provide a `loss` argument in the `compile()` method."
                if len(strange) == len(keys)
                else "The two structures don't have the same sequence length."
            )
    elif len(keys) == len(names):
        exception, message = "TypeError", f"Expected float32, but got {min(keys)} of type 'str'."
    elif len(keys) < len(names) and not isinstance(loss, DictValue) and not is_nested(loss):
        exception, message = (
            "KeyError",
            (
                "\"The path: (0,) in the `loss` argument, can't be found in either the model's output (`y_pred`) "
                "or in the "
                'labels (`y_true`)."'
            ),
        )
    else:
        exception, message = "ValueError", "y_true and y_pred have different structures."
    raise invalid(cx, exception, message, "y", step.y)


def _losses_of(loss: Value) -> list[Value]:
    if isinstance(loss, DictValue):
        return list(loss.entries.values())
    return [one for one in flatten(loss) if not is_none(one)] if is_nested(loss) else [loss]


def _by_output(self: Instance, step: Step, outputs: list[Value]) -> list[Value] | None:
    """Labels of a dict in the order of the outputs."""
    assert isinstance(step.y, DictValue)
    if step.y.rest is not None:
        return None
    names = _output_names(self, step, len(outputs))
    if names is None or any(name not in step.y.entries for name in names):
        return None
    return [step.y.entries[name] for name in names]


def _output_names(self: Instance, step: Step, count: int) -> list[str] | None:
    if isinstance(step.y_pred, DictValue):
        return sorted(str(key) for key in step.y_pred.entries)
    graph = graph_of(self)
    if graph is None:
        return None
    names = [made[0].name if (made := history(tensor)) is not None else "?" for tensor in graph.outputs]
    return names if len(names) == count else None


def _structure(cx: Context, step: Step, labels: list[Value], outputs: list[Value]) -> Fault:
    shown = "(" + ", ".join("'*'" for _ in labels) + ")"
    predicted = "*" if len(outputs) == 1 else "[" + ", ".join("'*'" for _ in outputs) + "]"
    message = f"y_true and y_pred have different structures.\ny_true: {shown}\ny_pred: {predicted}\n"
    if not is_keras3(cx):
        message = (
            f"The two structures don't have the same sequence length. Input structure has length {len(labels)}, while "
            f"shallow structure has length {len(outputs)}."
        )
    return _label_fault(cx, "ValueError", message, labels, outputs)


def _missing_output(cx: Context, step: Step, labels: list[Value], outputs: list[Value]) -> Fault:
    message = (
        "\"The path: (0,) in the `loss` argument, can't be found in either the model's output (`y_pred`) or in "
        "the labels "
        '(`y_true`)."'
    )
    return _label_fault(cx, "KeyError", message, labels, outputs)


def _label_fault(cx: Context, exception: str, message: str, labels: list[Value], outputs: list[Value]) -> Fault:
    a, b = labels[0], outputs[0]
    return LabelShape(
        error(cx, exception, message),
        values=(a, b),
        loss="the loss",
        labels=a.shape if isinstance(a, Array) and a.shape is not None else (),
        predictions=b.shape if isinstance(b, Array) and b.shape is not None else (),
        hint=f"{len(labels)} arrays of labels for {len(outputs)} output{'s' if len(outputs) > 1 else ''}",
    )


def _apply(
    cx: Context,
    self: Instance,
    loss: Value,
    label: Value,
    prediction: Value,
    step: Step,
    number: int,
    only: bool = False,
) -> None:
    """only: whether nothing but this loss is there to learn from."""
    new = is_keras3(cx)
    if isinstance(loss, Unknown) or is_none(loss):
        return
    refused(cx, self, loss)
    name = identify(cx, self, loss, label, prediction)
    if name is None:
        function = _callable(cx, loss)
        if function is not None and isinstance(label, Array) and isinstance(prediction, Array):
            given = _given(cx, label, prediction, not isinstance(loss, Instance)) if new else (label, prediction)
            result = traced_call(cx, function, *given)
            if only and step.training:
                check_learns(cx, self, function, *given, result)
        return
    if not isinstance(label, Array) or not isinstance(prediction, Array):
        return
    if label.tainted or prediction.tainted:
        return
    if prediction.shape and prediction.shape[-1] == 1 and _ends_with(self, number, "softmax"):
        from foreshape.faults.single_unit_softmax import SingleUnitSoftmax

        cx.note(SingleUnitSoftmax(None, values=(prediction,), layer=_last_layer(self, number), loss=name))
    _raw_scores(cx, self, loss, name, prediction, number)
    task = Comparison(
        name,
        label,
        prediction,
        batch=step.batch,
        sizes=step.sizes,
        sigmoid=not new and _ends_with(self, number, "sigmoid") and not _from_logits(loss),
    )
    made = compare(cx, task)
    if made is not None and isinstance(step.weights, Array):
        check_weights(cx, step.weights, made, step.batch, step.sizes)


PROBABILITIES = {
    "binary_crossentropy": "sigmoid", "binary_focal_crossentropy": "sigmoid", "categorical_crossentropy": "softmax",
    "categorical_focal_crossentropy": "softmax", "sparse_categorical_crossentropy": "softmax",
}  # fmt: skip
"""Losses that take probabilities unless they are told otherwise, and what makes them."""


def _raw_scores(cx: Context, self: Instance, loss: Value, name: str, prediction: Array, number: int) -> None:
    """A cross-entropy of probabilities after a layer that certainly gives scores of any sign."""
    wanted = PROBABILITIES.get(name)
    if wanted is None:
        return
    if isinstance(loss, Instance):
        given = loss.fields.get("from_logits")
        if not isinstance(loss.cls, LibraryRef) or loss.fields.get("~args") or (
            given is not None and as_bool(given) is not False
        ):  # fmt: skip
            return
    elif as_str(loss) is None and not isinstance(loss, LibraryRef):
        return
    layer = _output_layer(self, number)
    if layer is None or not isinstance(layer.cls, LibraryRef) or layer.cls.name not in LINEAR:
        return
    activation = activation_of(layer)
    if activation is not None and not is_none(activation) and as_str(activation) != "linear":
        return
    from foreshape.faults.logits_as_probabilities import LogitsAsProbabilities

    cx.note(LogitsAsProbabilities(None, values=(prediction,), loss=name, layer=layer_name(layer), activation=wanted))


LINEAR = frozenset(f"keras.layers.{name}" for name in ("Dense", "EinsumDense", "Conv1D", "Conv2D", "Conv3D"))
"""Layers that are linear but for their activation."""


def identify(cx: Context, self: Instance | None, loss: Value, label: Value, prediction: Value) -> str | None:
    """The built-in comparison that a loss is; None for the program's own. An unknown name raises."""
    new = is_keras3(cx)
    text = as_str(loss)
    if text is not None:
        if text.lower() in ("crossentropy", "ce") and new:
            return _by_shapes(label, prediction)
        found = loss_name(text, new)
        if found is None:
            message = (
                f"Could not interpret loss identifier: {text}"
                if new
                else f"Unknown loss function: '{text}'. Please ensure you are using a "
                "`keras.utils.custom_object_scope` and "
                "that this object is included in the scope. See "
                "https://www.tensorflow.org/guide/keras/save_and_serialize#registering_the_custom_object for details."
            )
            raise invalid(cx, "ValueError", message, "loss", loss)
        return found
    if isinstance(loss, LibraryRef):
        word = loss.name.rpartition(".")[2]
        return (CLASSES[word] if new else None) if word in CLASSES else loss_name(word, new)
    if isinstance(loss, Instance) and isinstance(loss.cls, LibraryRef):
        return CLASSES.get(loss.cls.name.rpartition(".")[2])
    return None


def _by_shapes(label: Value, prediction: Value) -> str | None:
    if not isinstance(label, Array) or not isinstance(prediction, Array):
        return None
    if label.shape is None or prediction.shape is None or not prediction.shape or not label.shape:
        return None
    if prediction.shape[-1] == 1:
        return "binary_crossentropy"
    sparse = len(label.shape) < len(prediction.shape) or label.shape[-1] == 1
    return "sparse_categorical_crossentropy" if sparse else "categorical_crossentropy"


def _callable(cx: Context, loss: Value) -> Value | None:
    if isinstance(loss, (Function, BoundMethod)):
        return loss
    if isinstance(loss, Instance):
        return cx.user_method(loss, "call")
    return None


def _given(cx: Context, label: Array, prediction: Array, plain: bool) -> tuple[Array, Array]:
    """What the program's own loss gets: Keras 3 brings labels and predictions to one dtype first, and for a plain function
    (not for a class of its own) to the same rank."""
    if plain and label.shape is not None and prediction.shape is not None:
        made = squeeze_to_same_rank(cx, label.shape, prediction.shape)
        if made is not None:
            label = _reshaped(label, made[0])
            prediction = _reshaped(prediction, made[1])
    if prediction.dtype is not None and label.dtype != prediction.dtype:
        label = _with(label, dtype=prediction.dtype)
    return label, prediction


def traced_call(cx: Context, function: Value, label: Array, prediction: Array) -> Value:
    """The program's own loss or metric in a graph: Keras 2 runs what AutoGraph makes of it."""
    if is_keras3(cx):
        return cx.call(function, (label, prediction), {})
    with cx.opaque():
        return cx.call(function, (label, prediction), {})


def _reshaped(array: Array, shape: tuple[DimLike, ...]) -> Array:
    return array if shape == array.shape else _with(array, shape=shape)


def _with(array: Array, **changes: object) -> Array:
    made = array.replace(**changes)
    made.origin = array.origin
    return made


def _from_logits(loss: Value) -> bool:
    return isinstance(loss, Instance) and as_bool(loss.fields.get("from_logits")) is True


def _output_layer(self: Instance, number: int) -> Instance | None:
    """The layer that makes an output; None where none does, or it is not known."""
    graph = graph_of(self)
    if graph is not None and number < len(graph.outputs):
        made = history(graph.outputs[number])
        return None if made is None else made[0].layer
    if self.library_type == "keras.Sequential" and layers_of(self):
        return layers_of(self)[-1]
    return None


def reads_scores(self: Instance) -> bool:
    """Whether the categorical cross-entropy of Keras 2 works on the scores before the last activation. Its kernel stretches
    them to the labels, and so is the gradient: no variable takes that. Source: ``_get_logits`` of tf_keras/src/backend.py."""
    loss = self.fields.get("~loss")
    ends = _ends_with(self, 0, "softmax") or _ends_with(self, 0, "sigmoid")
    return ends or (isinstance(loss, Value) and _from_logits(loss))


def last_layer(self: Instance, number: int) -> Instance | None:
    """The layer that makes an output."""
    graph = graph_of(self)
    if graph is not None and number < len(graph.outputs):
        made = history(graph.outputs[number])
        return None if made is None else made[0].layer
    return layers_of(self)[-1] if layers_of(self) else None


def _ends_with(self: Instance, number: int, activation: str) -> bool:
    """Whether the output comes straight from that activation."""
    layer = last_layer(self, number)
    if layer is None:
        return False
    held = activation_of(layer)
    if as_str(held) == activation:
        return True
    return isinstance(held, LibraryRef) and held.name.rpartition(".")[2] == activation


def _last_layer(self: Instance, number: int) -> str:
    """The name of the layer that makes an output."""
    graph = graph_of(self)
    if graph is not None and number < len(graph.outputs):
        made = history(graph.outputs[number])
        if made is not None:
            return made[0].name
    return layer_name(layers_of(self)[-1]) if layers_of(self) else layer_name(self)
