"""Objects that only carry settings: optimizers, callbacks, metrics, initializers, regularizers, constraints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Array, Const, Function, Instance, LibraryRef, Typed, Value, as_dim, as_str, is_none
from foreshape.semantics.keras.base import error, is_keras3
from foreshape.semantics.keras.config import repr_value
from foreshape.semantics.keras.loss_names import METRIC_CLASSES, OPTIMIZERS
from foreshape.semantics.registry import attribute, library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

CALLBACKS = (
    "BackupAndRestore", "BaseLogger", "CSVLogger", "CallbackList", "EarlyStopping", "LambdaCallback",
    "LearningRateScheduler", "ModelCheckpoint", "OrbaxCheckpoint", "ProgbarLogger", "ReduceLROnPlateau",
    "RemoteMonitor",
    "SwapEMAWeights", "TensorBoard", "TerminateOnNaN",
)  # fmt: skip
SCHEDULES = ("CosineDecay", "CosineDecayRestarts", "ExponentialDecay", "InverseTimeDecay", "LearningRateSchedule",
             "PiecewiseConstantDecay", "PolynomialDecay")  # fmt: skip
INITIALIZERS = (
    "Constant", "GlorotNormal", "GlorotUniform", "HeNormal", "HeUniform", "Identity", "Initializer", "LecunNormal",
    "LecunUniform", "Ones", "Orthogonal", "RandomNormal", "RandomUniform", "TruncatedNormal", "VarianceScaling",
    "Zeros",
)  # fmt: skip
INITIALIZER_ALIASES = {
    "constant": "Constant", "glorot_normal": "GlorotNormal", "glorot_uniform": "GlorotUniform",
    "he_normal": "HeNormal", "he_uniform": "HeUniform", "identity": "Identity", "lecun_normal": "LecunNormal",
    "lecun_uniform": "LecunUniform", "ones": "Ones", "orthogonal": "Orthogonal", "random_normal": "RandomNormal",
    "random_uniform": "RandomUniform", "truncated_normal": "TruncatedNormal", "variance_scaling": "VarianceScaling",
    "zeros": "Zeros", "stft": "Initializer", "STFT": "Initializer", "STFTInitializer": "Initializer",
    "IdentityInitializer": "Identity", "OrthogonalInitializer": "Orthogonal",
}  # fmt: skip
"""Second names of initializers."""
REGULARIZERS = ("L1", "L2", "L1L2", "OrthogonalRegularizer", "Regularizer")
CONSTRAINTS = ("Constraint", "MaxNorm", "MinMaxNorm", "NonNeg", "RadialConstraint", "UnitNorm")

LEGACY: Final = "keras.optimizers.legacy."

library_type("keras.losses.Reduction")
library_type("keras.callbacks.Callback")
for _name in CALLBACKS:
    library_type(f"keras.callbacks.{_name}", "keras.callbacks.Callback")
library_type("keras.optimizers.Optimizer")
for _name in OPTIMIZERS:
    if _name != "Optimizer":
        library_type(f"keras.optimizers.{_name}", "keras.optimizers.Optimizer")
    library_type(f"keras.optimizers.legacy.{_name}", "keras.optimizers.Optimizer")
    library_type(f"keras.optimizers.experimental.{_name}", "keras.optimizers.Optimizer")
library_type("keras.optimizers.schedules.LearningRateSchedule")
for _name in SCHEDULES:
    if _name != "LearningRateSchedule":
        library_type(f"keras.optimizers.schedules.{_name}", "keras.optimizers.schedules.LearningRateSchedule")
library_type("keras.metrics.Metric")
for _name in METRIC_CLASSES:
    if _name != "Metric":
        library_type(f"keras.metrics.{_name}", "keras.metrics.Metric")
library_type("keras.initializers.Initializer")
for _name in INITIALIZERS:
    if _name != "Initializer":
        library_type(f"keras.initializers.{_name}", "keras.initializers.Initializer")
for _name, _other in INITIALIZER_ALIASES.items():
    library_type(f"keras.initializers.{_name}", f"keras.initializers.{_other}")
library_type("keras.regularizers.Regularizer")
library_type("keras.regularizers.orthogonal_regularizer", "keras.regularizers.Regularizer")
for _name in REGULARIZERS:
    if _name != "Regularizer":
        library_type(f"keras.regularizers.{_name}", "keras.regularizers.Regularizer")
for _name in ("l1", "l2", "l1_l2", "L1", "L2"):
    library_type(f"keras.regularizers.{_name}", "keras.regularizers.Regularizer")
for _name in CONSTRAINTS:
    library_type(f"keras.constraints.{_name}", *(("keras.constraints.Constraint",) if _name != "Constraint" else ()))
for _name in ("max_norm", "non_neg", "unit_norm", "min_max_norm", "maxnorm", "nonneg", "unitnorm",
              "radial_constraint"):  # fmt: skip
    library_type(f"keras.constraints.{_name}", "keras.constraints.Constraint")


def _settings(cx: Context, self: Instance, args: tuple[Value, ...], kwargs: dict[str, Value]) -> None:
    for key, value in kwargs.items():
        cx.set(self, key, value)
    if args:
        cx.set(self, "~args", tuple(args))


@rule(
    "keras.callbacks.Callback.__init__",
    "keras.optimizers.schedules.LearningRateSchedule.__init__",
    "keras.metrics.Metric.__init__",
    "keras.initializers.Initializer.__init__",
    "keras.regularizers.Regularizer.__init__",
    "keras.constraints.Constraint.__init__",
)
def settings_init(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Settings are kept as attributes."""
    _settings(cx, self, args, kwargs)
    return Const(None)


@rule("keras.optimizers.Optimizer.__init__")
def optimizer_init(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """``lr=`` is gone from Keras 3: a ValueError there. ``decay=`` is ignored with a warning there, and a
    ValueError in Keras 2. The classes of
    ``keras.optimizers.legacy`` are names there that raise an ImportError."""
    if is_keras3(cx) and isinstance(self.cls, LibraryRef) and self.cls.name.startswith(LEGACY):
        from foreshape.faults.missing_name import MissingName

        raise MissingName(
            error(cx, "ImportError", "`keras.optimizers.legacy` is not supported in Keras 3."),
            recover=self,
            wanted=self.cls.name,
            library="keras",
            version="3",
            since="3",
            now=f"keras.optimizers.{self.cls.name.removeprefix(LEGACY)}",
        )
    if "lr" in kwargs and is_keras3(cx) and isinstance(self.cls, LibraryRef) and "legacy" not in self.cls.name:
        from foreshape.faults.call_arguments import CallArguments

        message = f"Argument(s) not recognized: {{'lr': {repr_value(kwargs['lr'])}}}"
        raise CallArguments(
            error(cx, "ValueError", message),
            callee=self.cls.name.rpartition(".")[2],
            problem="got an unexpected keyword argument 'lr'",
        )
    if "decay" in kwargs and not is_keras3(cx) and isinstance(self.cls, LibraryRef) and "legacy" not in self.cls.name:
        from foreshape.faults.call_arguments import CallArguments

        message = (
            "decay is deprecated in the new TF-Keras optimizer, please check the docstring for valid arguments, or use "
            "the legacy optimizer, e.g., tf.keras.optimizers.legacy.Adam."
        )
        raise CallArguments(
            error(cx, "ValueError", message),
            callee=self.cls.name.rpartition(".")[2],
            problem="got an unexpected keyword argument 'decay'",
        )
    _settings(cx, self, args, {key: value for key, value in kwargs.items() if key not in RATES})
    return Const(None)


RATES: Final = frozenset({"learning_rate", "lr"})
"""Settings that are asked for as a variable."""


@rule("keras.optimizers.Optimizer.__setattr__")
def set_rate(cx: Context, self: Instance, name: Value, value: Value) -> Value:
    """The learning rate stays a variable, whatever number it is given."""
    if as_str(name) in RATES:
        return cx.unknown("the learning rate")
    return Const(None)


@rule("keras.metrics.Metric.reset_states", until="3")
@rule("keras.metrics.Metric.reset_state")
def nothing(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """What changes no shape."""
    return Const(None)


@rule("keras.metrics.Metric.update_state")
def update_state(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Adds to the metric."""
    return Const(None)


@rule("keras.metrics.Metric.result", "keras.metrics.Metric.__call__")
def result(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """The value of the metric: a scalar for most."""
    name = (self.library_type or "").rpartition(".")[2]
    if name in ("F1Score", "FBetaScore", "R2Score", "MeanTensor", "Metric"):
        return cx.unknown("the shape of this metric")
    return Array("tensorflow", (), "float32")


@rule("keras.metrics.Metric.add_weight", "keras.metrics.Metric.add_variable", since="3")
def metric_weight(
    cx: Context, self: Instance, shape: Value | None = None, initializer: Value | None = None,
    dtype: Value | None = None, *others: Value, name: Value | None = None, aggregation: Value | None = None,
) -> Value:  # fmt: skip
    """A variable of a metric: one number where no shape is given."""
    return _metric_variable(cx, shape, dtype)


@rule("keras.metrics.Metric.add_weight", until="3")
def metric_weight_2(
    cx: Context, self: Instance, name: Value | None = None, shape: Value | None = None, *others: Value,
    dtype: Value | None = None, **kwargs: Value,
) -> Value:  # fmt: skip
    """As in Keras 3, but that its name comes first."""
    return _metric_variable(cx, shape, others[3] if len(others) > 3 else dtype)


def _metric_variable(cx: Context, shape: Value | None, dtype: Value | None) -> Value:
    from foreshape.semantics.keras.base import shape_of

    dims = () if shape is None else shape_of(cx, shape)
    meta = {"variable": True, "keras": True} if is_keras3(cx) else {"variable": True}
    return Array("tensorflow", dims, as_str(dtype) or ("float32" if dtype is None else None), meta=meta)


@attribute("keras.metrics.Metric.name")
def metric_name(cx: Context, self: Instance) -> Value:
    """The name."""
    return Typed("str")


@attribute("keras.optimizers.Optimizer.learning_rate")
@attribute("keras.optimizers.Optimizer.lr", until="3")
def learning_rate(cx: Context, self: Instance) -> Value:
    """A variable of one number."""
    return Array("tensorflow", (), "float32", meta={"variable": True, **({"keras": True} if is_keras3(cx) else {})})


@rule("keras.initializers.Initializer.__call__")
def initializer_call(cx: Context, self: Instance, shape: Value, dtype: Value | None = None, **kwargs: Value) -> Value:
    """An array of the shape."""
    from foreshape.semantics.keras.base import shape_of

    return Array("tensorflow", shape_of(cx, shape), "float32")


@rule("keras.optimizers.schedules.LearningRateSchedule.__call__", "keras.regularizers.Regularizer.__call__")
def number(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """A scalar."""
    return Array("tensorflow", (), "float32")


@rule(*(f"keras.{family}.{verb}" for family in (
    "activations", "constraints", "initializers", "losses", "metrics", "optimizers", "regularizers", "layers",
) for verb in ("serialize", "deserialize") if family != "layers"),
      "keras.utils.serialize_keras_object", "keras.utils.deserialize_keras_object",
      "keras.saving.serialize_keras_object", "keras.saving.deserialize_keras_object")  # fmt: skip
def serialized(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """A configuration of an object, or the object of one."""
    return cx.unknown("a configuration of an object")


@rule(
    "keras.optimizers.get",
    "keras.losses.get",
    "keras.metrics.get",
    "keras.initializers.get",
    "keras.regularizers.get",
    "keras.constraints.get",
)
def get(cx: Context, identifier: Value) -> Value:
    """An object by its identifier."""
    return (
        identifier if isinstance(identifier, (Instance, LibraryRef, Function)) else cx.unknown("an object by its name")
    )


@rule("keras.activations.get")
def get_activation(cx: Context, identifier: Value) -> Value:
    """A function by its name; ``linear`` for None."""
    from foreshape.semantics.registry import REGISTRY

    if is_none(identifier):
        return LibraryRef("keras.activations.linear")
    text = as_str(identifier)
    if text is not None and REGISTRY.is_known(f"keras.activations.{text}"):
        return LibraryRef(f"keras.activations.{text}")
    return get(cx, identifier)


@rule("keras.metrics.pearson_correlation", "keras.metrics.concordance_correlation", since="3")
def correlation(cx: Context, y_true: Value, y_pred: Value, axis: Value | None = None) -> Value:
    """One number for all places along an axis, the last one where none is named."""
    places = -1 if axis is None else as_dim(axis)
    if not isinstance(y_pred, Array) or not y_pred.shape or not isinstance(y_true, Array) or y_true.kind == "keras":
        return cx.unknown("the predictions are not known")
    if not isinstance(places, int) or not -len(y_pred.shape) <= places < len(y_pred.shape):
        return cx.unknown("the axis of the correlation is not known")
    dropped = places % len(y_pred.shape)
    return Array("tensorflow", tuple(size for n, size in enumerate(y_pred.shape) if n != dropped), "float32")


@rule(
    "keras.metrics.categorical_accuracy",
    "keras.metrics.binary_accuracy",
    "keras.metrics.sparse_categorical_accuracy",
    "keras.metrics.top_k_categorical_accuracy",
    "keras.metrics.sparse_top_k_categorical_accuracy",
)
def accuracy(cx: Context, y_true: Value, y_pred: Value, *args: Value, **kwargs: Value) -> Value:
    """One number per sample, or per position: without the axis of the classes."""
    if isinstance(y_pred, Array) and y_pred.kind == "keras":
        return cx.unknown("a metric of symbolic tensors")
    if not isinstance(y_pred, Array) or not y_pred.shape or not isinstance(y_true, Array) or y_true.shape is None:
        return cx.unknown("the predictions are not known")
    labels = y_true.shape
    if len(labels) == len(y_pred.shape):
        labels = labels[:-1]
    fits = len(labels) == len(y_pred.shape) - 1 and all(
        isinstance(a, int) and a == b for a, b in zip(labels, y_pred.shape[:-1])
    )
    if not fits:
        return cx.unknown("labels and predictions of other shapes")
    return Array("tensorflow", y_pred.shape[:-1], "float32")
