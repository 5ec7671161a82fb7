"""``Dense``, ``Embedding``, ``Activation`` and the other activations, ``Dropout`` and noise, ``Masking``, ``Lambda``, ``Identity``.

Follows ``keras/src/layers/{core,activations,regularization}`` and the ``tf_keras`` ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.contents import Contents
from foreshape.domain.dim import Dim
from foreshape.domain.dim import DimLike
from foreshape.domain.values import (
    Array,
    Const,
    Instance,
    Sequence,
    Shape,
    Unknown,
    Value,
    as_dim,
    as_int,
    is_none,
)
from foreshape.faults.embedding_range import EmbeddingRange
from foreshape.faults.undefined_dimension import UndefinedDimension
from foreshape.semantics.keras.base import (
    InputSpec,
    add_weight,
    bool_field,
    dim_field,
    dims_text,
    error,
    init_layer,
    is_keras3,
    output,
    set_input_spec,
    shape_of,
    undefined,
    weights_of,
)
from foreshape.semantics.keras.config import invalid, repr_value
from foreshape.semantics.keras.layers import kernels
from foreshape.semantics.keras.layers.checks import check_initializers, needs_defined, only_one_input
from foreshape.semantics.keras.layers.signatures import register
from foreshape.semantics.keras.ranges import negative, reached
from foreshape.semantics.registry import library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

ACTIVATIONS: Final = frozenset({
    "relu", "relu6", "sigmoid", "softmax", "softplus", "softsign", "tanh", "selu", "elu", "exponential", "gelu",
    "hard_sigmoid", "leaky_relu", "linear", "log_softmax", "mish", "silu", "swish", "celu", "glu", "hard_silu",
    "hard_swish", "hard_tanh", "hard_shrink", "tanh_shrink", "soft_shrink", "squareplus", "sparse_plus", "sparsemax",
    "log_sigmoid", "sparse_sigmoid", "threshold",
})  # fmt: skip
KERAS2_ACTIVATIONS: Final = frozenset({
    "relu", "sigmoid", "softmax", "softplus", "softsign", "tanh", "selu", "elu", "exponential", "gelu", "hard_sigmoid",
    "linear", "mish", "swish", "silu", "leaky_relu", "relu6", "log_softmax", "hard_swish", "crelu", "leakyrelu",
})  # fmt: skip

for _name in (
    "Dense", "Embedding", "Activation", "Masking", "Lambda", "Identity", "ActivityRegularization", "Dropout",
    "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "GaussianDropout", "GaussianNoise", "AlphaDropout",
    "ReLU", "LeakyReLU", "ELU", "PReLU", "Softmax", "ThresholdedReLU",
):  # fmt: skip
    library_type(f"keras.layers.{_name}", "keras.Layer")


def check_activation(cx: Context, value: Value | None) -> None:
    """An activation by a name that Keras does not have raises at once."""
    if not isinstance(value, Const) or not isinstance(value.value, str) or not value.value:
        return
    name = value.value
    if is_keras3(cx):
        if name not in ACTIVATIONS:
            message = f"Could not interpret activation function identifier: {name}"
            raise invalid(cx, "ValueError", message, "activation", value)
    elif name.lower() not in KERAS2_ACTIVATIONS:
        message = f"Unknown activation function '{name}' cannot be deserialized."
        raise invalid(cx, "ValueError", message, "activation", value)


# -- Dense ------------------------------------------------------------------------------------------------------------


def dense_init(cx: Context, layer: Instance, units: Value, **given: Value) -> None:
    """``units``: the size of the last axis of the output."""
    init_layer(cx, layer, {key: value for key, value in given.items() if key not in DENSE_OWN})
    units = _positive_units(cx, units)
    check_activation(cx, given.get("activation"))
    check_initializers(cx, given)
    cx.set(layer, "units", units)
    cx.set(layer, "activation", given.get("activation", Const(None)))
    cx.set(layer, "use_bias", given.get("use_bias", Const(True)))
    cx.set(layer, "supports_masking", Const(True))
    cx.set(layer, "~lora", as_dim(given.get("lora_rank")))
    set_input_spec(cx, layer, InputSpec(min_ndim=2))


_DENSE: Final = (
    "units activation= use_bias= kernel_initializer= bias_initializer= kernel_regularizer= bias_regularizer= "
    "activity_regularizer= kernel_constraint= bias_constraint= "
)
DENSE_OWN: Final = frozenset(word.rstrip("=") for word in _DENSE.split() if not word.startswith("activity")) | {
    "lora_rank", "lora_alpha", "quantization_config",
}  # fmt: skip
register("keras.layers.Dense.__init__", f"{_DENSE}lora_rank= lora_alpha= quantization_config= **kwargs", dense_init, since="3")
register("keras.layers.Dense.__init__", f"{_DENSE}**kwargs", dense_init, until="3")


def _positive_units(cx: Context, units: Value) -> Value:
    message = f"Received an invalid value for `units`, expected a positive integer. Received: units={repr_value(units)}"
    if isinstance(units, Sequence):
        if not is_keras3(cx):
            message = f"int() argument must be a string, a bytes-like object or a real number, not '{units.kind}'"
        raise invalid(cx, "ValueError" if is_keras3(cx) else "TypeError", message, "units", units)
    if not isinstance(units, Const):
        return units
    given = units.value
    if not is_keras3(cx) and not isinstance(given, int):
        if given is None:
            raise invalid(cx, "TypeError", "int() argument must be a string, a bytes-like object or a real number, "
                          "not 'NoneType'", "units", units)  # fmt: skip
        try:
            given = int(given)
        except ValueError as problem:
            raise invalid(cx, "ValueError", str(problem), "units", units) from None
        units = Const(given)
    if not isinstance(given, int) or given <= 0:
        raise invalid(cx, "ValueError", message, "units", units)
    return units


@rule("keras.layers.Dense.build")
def dense_build(cx: Context, self: Instance, input_shape: Value) -> None:
    """Kernel (last axis of the input, units), bias (units)."""
    shape = shape_of(cx, input_shape)
    units = dim_field(self, "units")
    only_one_input(cx, self, input_shape, units)
    if not shape or units is None:
        return
    last = shape[-1]
    if undefined(last):
        if is_keras3(cx):
            needs_defined(cx, self, "Dense", shape, (None, units), "kernel")
        message = (
            "The last dimension of the inputs to a Dense layer should be defined. Found None. Full input shape "
            f"received: {dims_text(shape)}"
        )
        raise UndefinedDimension(error(cx, "ValueError", message), taker="Dense", axis=-1, shape=shape)
    lora: DimLike | None = self.fields.get("~lora")
    add_weight(cx, self, "kernel", (last, units), trainable=lora is None)
    if bool_field(self, "use_bias", True) is not False:
        add_weight(cx, self, "bias", (units,))
    if lora is not None:
        add_weight(cx, self, "lora_kernel_a", (last, lora))
        add_weight(cx, self, "lora_kernel_b", (lora, units))
    set_input_spec(cx, self, InputSpec(min_ndim=2, axes=((-1, last),)))


@rule("keras.layers.Dense.compute_output_spec", since="3")
def dense_spec(cx: Context, self: Instance, inputs: Value, training: Value | None = None) -> Value:
    """Keras 3, symbolically: the last axis is replaced."""
    if not isinstance(inputs, Array) or not inputs.shape:
        return output(cx, self, inputs, None)
    return _dense_output(cx, self, inputs)


def _dense_output(cx: Context, self: Instance, inputs: Array) -> Array:
    assert inputs.shape is not None
    units = dim_field(self, "units")
    roles = None if inputs.roles is None else (*inputs.roles[:-1], "feature")
    last: DimLike = cx.fresh("units") if units is None else units
    return with_activation(self, output(cx, self, inputs, (*inputs.shape[:-1], last), roles=roles))


@rule("keras.layers.Dense.call")
def dense_call(cx: Context, self: Instance, inputs: Value, training: Value | None = None) -> Value:
    """(..., features) -> (..., units): only the last axis changes."""
    if not isinstance(inputs, Array) or not inputs.shape:
        return output(cx, self, inputs, None)
    made = _dense_output(cx, self, inputs)
    if kernels.in_graph(cx) and len(inputs.shape) != 2 and not is_keras3(cx):
        if len(inputs.shape) == 1:
            text = f"Shape must be at least rank 2 but is rank 1 {kernels.node_text(self, 'BiasAdd', inputs.shape)}"
            raise kernels.wrong_rank(cx, self, inputs, 2, text)
        return made  # a product over several axes is checked when it runs
    held = weights_of(self)
    if held and held[0].shape is not None and len(held[0].shape) == 2:
        # where the input spec did not look: within TimeDistributed, in a second symbolic call of Keras 2
        kernels.check_matmul(cx, self, inputs, held[0].shape[0], held[0].shape[1], recover=made)
    return made


def with_activation(self: Instance, made: Array) -> Array:
    """The bounds that an activation gives, and its name for whoever looks at losses."""
    name = self.fields.get("activation")
    if isinstance(name, Const) and name.value in ("sigmoid", "softmax"):
        return made.replace(lo=0, hi=1)
    return made


# -- Embedding --------------------------------------------------------------------------------------------------------


@rule("keras.layers.Embedding.__init__", since="3")
def embedding_init(
    cx: Context, self: Instance, input_dim: Value, output_dim: Value, embeddings_initializer: Value | None = None,
    embeddings_regularizer: Value | None = None, embeddings_constraint: Value | None = None,
    mask_zero: Value | None = None, weights: Value | None = None, lora_rank: Value | None = None,
    lora_alpha: Value | None = None, quantization_config: Value | None = None, **kwargs: Value,
) -> None:  # fmt: skip
    """``input_dim``: ids run from 0 to input_dim - 1. ``input_length`` is accepted with a warning."""
    kwargs.pop("input_length", None)
    init_layer(cx, self, kwargs)
    for name, value in (("input_dim", input_dim), ("output_dim", output_dim)):
        given = value.value if isinstance(value, Const) else 1
        if not isinstance(given, int) or given <= 0:
            kind = type(given).__name__
            message = f"`{name}` must be a positive integer. Received: {name}={given} (of type {kind})."
            raise invalid(cx, "ValueError", message, name, value)
    _embedding(cx, self, input_dim, output_dim, mask_zero, weights)


@rule("keras.layers.Embedding.__init__", until="3")
def embedding_init_keras2(
    cx: Context, self: Instance, input_dim: Value, output_dim: Value, embeddings_initializer: Value | None = None,
    embeddings_regularizer: Value | None = None, activity_regularizer: Value | None = None,
    embeddings_constraint: Value | None = None, mask_zero: Value | None = None, input_length: Value | None = None,
    sparse: Value | None = None, **kwargs: Value,
) -> None:  # fmt: skip
    """``input_length`` declares the number of timesteps, which is not checked before a layer needs it."""
    weights = kwargs.pop("weights", None)
    if "input_shape" not in kwargs and "batch_input_shape" not in kwargs:
        length = input_length if input_length is not None else Const(None)
        shape = length if isinstance(length, Sequence) else Sequence("tuple", Contents((length,)))
        kwargs["input_shape"] = shape
    init_layer(cx, self, kwargs)
    sizes = [as_dim(input_dim), as_dim(output_dim)]
    if any(isinstance(size, int) and size <= 0 for size in sizes):
        message = (
            f"Both `input_dim` and `output_dim` should be positive, Received input_dim = {sizes[0]} and "
            f"output_dim = {sizes[1]}"
        )
        raise invalid(cx, "ValueError", message, "input_dim", input_dim)
    cx.set(self, "input_length", input_length if input_length is not None else Const(None))
    _embedding(cx, self, input_dim, output_dim, mask_zero, weights)


def _embedding(
    cx: Context, self: Instance, input_dim: Value, output_dim: Value, mask_zero: Value | None, weights: Value | None
) -> None:
    cx.set(self, "input_dim", input_dim)
    cx.set(self, "output_dim", output_dim)
    cx.set(self, "mask_zero", mask_zero if mask_zero is not None else Const(False))
    cx.set(self, "supports_masking", self.fields["mask_zero"])
    if weights is not None and not is_none(weights):
        cx.set(self, "~initial_weights", weights)


@rule("keras.layers.Embedding.build")
def embedding_build(cx: Context, self: Instance, input_shape: Value | None = None) -> None:
    """One row for each id. Weights that the constructor was given must have that shape."""
    rows, columns = dim_field(self, "input_dim"), dim_field(self, "output_dim")
    add_weight(cx, self, "embeddings", None if rows is None or columns is None else (rows, columns))
    weights = self.fields.get("~initial_weights")
    if isinstance(weights, Value):
        cx.set(self, "~initial_weights", None)
        given = (
            weights if isinstance(weights, Sequence) or not is_keras3(cx) else Sequence("list", Contents((weights,)))
        )
        cx.set(self, "built", Const(True))
        cx.call_method(self, "set_weights", (given,))


@rule("keras.layers.Embedding.call")
def embedding_call(cx: Context, self: Instance, inputs: Value) -> Value:
    """Ids (batch, timesteps) -> (batch, timesteps, output_dim)."""
    columns = dim_field(self, "output_dim")
    if not isinstance(inputs, Array):
        return output(cx, self, inputs, None)
    last = cx.fresh("output_dim") if columns is None else columns
    shape = None if inputs.shape is None else (*inputs.shape, last)
    roles = ("batch", "time", "feature") if shape is not None and len(shape) == 3 else None
    made = output(cx, self, inputs, shape, roles=roles)
    check_ids(cx, self, inputs, made)
    return made


def check_ids(cx: Context, self: Instance, ids: Array, made: Value) -> None:
    """An id past the table, on the CPU. -1 counts from the end in Keras 3 (its gather allows it), not in Keras 2."""
    rows = dim_field(self, "input_dim")
    if rows is None:
        return
    bad = reached(cx, ids, rows)
    if bad is None and (least := negative(ids)) is not None:
        in_table = is_keras3(cx) and cx.at_least(least if isinstance(least, (int, Dim)) else int(least), -rows)
        bad = None if in_table else least
    if bad is None:
        return
    where = "indices"
    if ids.data is not None and ids.shape is not None and all(isinstance(dim, int) for dim in ids.shape):
        where = f"indices[{_place(ids, bad)}]"
    raise EmbeddingRange(
        error(cx, "InvalidArgumentError", f"{where} = {bad} is not in [0, {rows})"),
        values=(ids,), recover=made, index=bad, size=rows, layer="Embedding",
    )  # fmt: skip


def _place(ids: Array, bad: object) -> str:
    assert ids.data is not None and ids.shape is not None
    place = ids.data.index(bad) if bad in ids.data else 0
    found: list[str] = []
    for dim in reversed(ids.shape):
        assert isinstance(dim, int)
        found.append(str(place % dim))
        place //= dim
    return ",".join(reversed(found))


@rule("keras.layers.Embedding.compute_mask")
def embedding_mask(cx: Context, self: Instance, inputs: Value, mask: Value | None = None) -> Value:
    """True where the id is not 0, with ``mask_zero``."""
    zero = bool_field(self, "mask_zero")
    if zero is False or not isinstance(inputs, Array):
        return Const(None)
    return Array("tensorflow", inputs.shape, "bool")


# -- what keeps the shape ---------------------------------------------------------------------------------------------


def _keep(cx: Context, self: Instance, inputs: Value) -> Value:
    if isinstance(inputs, Array):
        made = output(cx, self, inputs, inputs.shape, roles=inputs.roles)
        return made
    return inputs


@rule("keras.layers.Activation.__init__")
def activation_init(cx: Context, self: Instance, activation: Value, **kwargs: Value) -> None:
    """By name or as a function."""
    init_layer(cx, self, kwargs)
    check_activation(cx, activation)
    cx.set(self, "activation", activation)
    cx.set(self, "supports_masking", Const(True))


@rule("keras.layers.Activation.call")
def activation_call(cx: Context, self: Instance, inputs: Value) -> Value:
    """The shape stays; a function of the program is called."""
    function = self.fields["activation"]
    if isinstance(inputs, Array) and not isinstance(function, (Const, Unknown)):
        made = cx.call(function, (inputs,))
        if isinstance(made, Array):
            return made
    if isinstance(function, Const) and function.value == "glu" and isinstance(inputs, Array) and inputs.shape:
        return output(cx, self, inputs, (*inputs.shape[:-1], inputs.shape[-1] // 2))
    made = _keep(cx, self, inputs)
    return with_activation(self, made) if isinstance(made, Array) else made


@rule("keras.layers.Identity.__init__")
def identity_init(cx: Context, self: Instance, **kwargs: Value) -> None:
    """Nothing changes."""
    init_layer(cx, self, kwargs)
    cx.set(self, "supports_masking", Const(True))


@rule("keras.layers.Identity.call")
def identity_call(cx: Context, self: Instance, inputs: Value) -> Value:
    """The very input, dtype too."""
    return inputs


@rule("keras.layers.ActivityRegularization.__init__")
def activity_init(
    cx: Context, self: Instance, l1: Value | None = None, l2: Value | None = None, **kwargs: Value
) -> None:
    """Adds to the loss only."""
    init_layer(cx, self, kwargs)
    cx.set(self, "supports_masking", Const(True))


@rule("keras.layers.ActivityRegularization.call")
def activity_call(cx: Context, self: Instance, inputs: Value) -> Value:
    """The very input."""
    return inputs


def _rate(cx: Context, value: Value, name: str) -> None:
    given = value.value if isinstance(value, Const) else None
    if not isinstance(given, (int, float)) or isinstance(given, bool) or 0 <= given <= 1:
        return
    if is_keras3(cx):
        message = (
            "Invalid value received for argument `rate`. Expected a float value between 0 and 1. "
            f"Received: rate={given}"
        )
    else:
        if name != "Dropout":
            return
        message = f"Invalid value {given} received for `rate`, expected a value between 0 and 1."
    raise invalid(cx, "ValueError", message, "rate", value)


@rule("keras.layers.Dropout.__init__")
def dropout_init(
    cx: Context, self: Instance, rate: Value, noise_shape: Value | None = None, seed: Value | None = None,
    **kwargs: Value,
) -> None:  # fmt: skip
    """``rate`` is a share between 0 and 1."""
    _rate(cx, rate, "Dropout")
    init_layer(cx, self, kwargs)
    cx.set(self, "rate", rate)
    cx.set(self, "supports_masking", Const(True))


def _spatial(
    cx: Context, self: Instance, rate: Value, kwargs: dict[str, Value], rank: int, axes: tuple[str, ...]
) -> None:
    _rate(cx, rate, "Dropout")
    init_layer(cx, self, kwargs)
    cx.set(self, "rate", rate)
    cx.set(self, "supports_masking", Const(True))
    set_input_spec(cx, self, InputSpec(ndim=rank, axis_names=axes))


@rule("keras.layers.SpatialDropout1D.__init__")
def spatial1_init(cx: Context, self: Instance, rate: Value, seed: Value | None = None, **kwargs: Value) -> None:
    """(batch, timesteps, features)."""
    _spatial(cx, self, rate, kwargs, 3, ("batch", "timesteps", "features"))


@rule("keras.layers.SpatialDropout2D.__init__")
def spatial2_init(
    cx: Context, self: Instance, rate: Value, data_format: Value | None = None, seed: Value | None = None,
    **kwargs: Value,
) -> None:  # fmt: skip
    """(batch, height, width, channels)."""
    _spatial(cx, self, rate, kwargs, 4, ("batch", "height", "width", "channels"))


@rule("keras.layers.SpatialDropout3D.__init__")
def spatial3_init(
    cx: Context, self: Instance, rate: Value, data_format: Value | None = None, seed: Value | None = None,
    **kwargs: Value,
) -> None:  # fmt: skip
    """(batch, three spatial axes, channels)."""
    _spatial(cx, self, rate, kwargs, 5, ("batch", "depth", "height", "width", "channels"))


@rule("keras.layers.GaussianDropout.__init__", "keras.layers.AlphaDropout.__init__")
def gaussian_dropout_init(
    cx: Context, self: Instance, rate: Value, noise_shape: Value | None = None, seed: Value | None = None,
    **kwargs: Value,
) -> None:  # fmt: skip
    """``rate`` is a share between 0 and 1."""
    _rate(cx, rate, "GaussianDropout")
    init_layer(cx, self, kwargs)
    cx.set(self, "rate", rate)
    cx.set(self, "supports_masking", Const(True))


@rule("keras.layers.GaussianNoise.__init__")
def gaussian_noise_init(cx: Context, self: Instance, stddev: Value, seed: Value | None = None, **kwargs: Value) -> None:
    """Adds noise in training."""
    given = stddev.value if isinstance(stddev, Const) else None
    if is_keras3(cx) and isinstance(given, (int, float)) and not 0 <= given <= 1:
        message = (
            "Invalid value received for argument `stddev`. Expected a float value between 0 and 1. "
            f"Received: stddev={given}"
        )
        raise invalid(cx, "ValueError", message, "stddev", stddev)
    init_layer(cx, self, kwargs)
    cx.set(self, "supports_masking", Const(True))


@rule("keras.layers.Dropout.call", "keras.layers.SpatialDropout1D.call", "keras.layers.SpatialDropout2D.call",
      "keras.layers.SpatialDropout3D.call", "keras.layers.GaussianDropout.call", "keras.layers.GaussianNoise.call",
      "keras.layers.AlphaDropout.call")  # fmt: skip
def keep_call(cx: Context, self: Instance, inputs: Value, training: Value | None = None) -> Value:
    """The shape stays."""
    return _keep(cx, self, inputs)


@rule("keras.layers.Masking.__init__")
def masking_init(cx: Context, self: Instance, mask_value: Value | None = None, **kwargs: Value) -> None:
    """Timesteps whose features all equal ``mask_value`` are skipped by what follows."""
    init_layer(cx, self, kwargs)
    cx.set(self, "mask_value", mask_value if mask_value is not None else Const(0.0))
    cx.set(self, "supports_masking", Const(True))


@rule("keras.layers.Masking.call")
def masking_call(cx: Context, self: Instance, inputs: Value) -> Value:
    """The shape stays."""
    return _keep(cx, self, inputs)


@rule("keras.layers.Masking.compute_mask")
def masking_mask(cx: Context, self: Instance, inputs: Value, mask: Value | None = None) -> Value:
    """One bool for each timestep."""
    shape = inputs.shape if isinstance(inputs, Array) else None
    return Array("tensorflow", None if shape is None else shape[:-1], "bool")


@rule("keras.layers.ReLU.__init__", "keras.layers.LeakyReLU.__init__", "keras.layers.ELU.__init__",
      "keras.layers.ThresholdedReLU.__init__")  # fmt: skip
def relu_init(
    cx: Context, self: Instance, max_value: Value | None = None, negative_slope: Value | None = None,
    threshold: Value | None = None, alpha: Value | None = None, theta: Value | None = None, **kwargs: Value,
) -> None:  # fmt: skip
    """The shape stays whatever the numbers."""
    init_layer(cx, self, kwargs)
    cx.set(self, "supports_masking", Const(True))


@rule("keras.layers.Softmax.__init__")
def softmax_init(cx: Context, self: Instance, axis: Value | None = None, **kwargs: Value) -> None:
    """Over the last axis unless said otherwise."""
    init_layer(cx, self, kwargs)
    cx.set(self, "axis", axis if axis is not None else Const(-1))
    cx.set(self, "supports_masking", Const(True))


@rule("keras.layers.ReLU.call", "keras.layers.LeakyReLU.call", "keras.layers.ELU.call",
      "keras.layers.ThresholdedReLU.call", "keras.layers.PReLU.call")  # fmt: skip
def relu_call(cx: Context, self: Instance, inputs: Value) -> Value:
    """The shape stays."""
    return _keep(cx, self, inputs)


@rule("keras.layers.Softmax.call")
def softmax_call(cx: Context, self: Instance, inputs: Value, mask: Value | None = None) -> Value:
    """The shape stays."""
    axis = as_int(self.fields.get("axis"))
    if not is_keras3(cx) and axis is not None and isinstance(inputs, Array) and inputs.shape is not None:
        rank = len(inputs.shape)
        if not -rank <= axis < rank:
            message = (
                f"`dim` must be in the range [{-rank}, {rank}) where {rank} is the number of dimensions in the input. "
                f"Received: dim={axis}"
            )
            raise invalid(cx, "InvalidArgumentError", message, "axis", self.fields.get("axis"))
    made = _keep(cx, self, inputs)
    return made.replace(lo=0, hi=1) if isinstance(made, Array) else made


@rule("keras.layers.PReLU.__init__")
def prelu_init(
    cx: Context, self: Instance, alpha_initializer: Value | None = None, alpha_regularizer: Value | None = None,
    alpha_constraint: Value | None = None, shared_axes: Value | None = None, **kwargs: Value,
) -> None:  # fmt: skip
    """A slope for each element, one along each of ``shared_axes``."""
    init_layer(cx, self, kwargs)
    cx.set(self, "shared_axes", shared_axes if shared_axes is not None else Const(None))
    cx.set(self, "supports_masking", Const(True))


@rule("keras.layers.PReLU.build")
def prelu_build(cx: Context, self: Instance, input_shape: Value) -> None:
    """``alpha`` has the shape of the input without the batch axis."""
    shape = shape_of(cx, input_shape)
    if shape is None:
        return
    sizes: list[object] = list(shape[1:])
    shared = self.fields.get("shared_axes")
    chosen: list[int] = []
    if isinstance(shared, Sequence):
        chosen = [axis for axis in (as_int(one) for one in shared.contents.items() or ()) if axis is not None]
    elif as_int(shared) is not None:
        chosen = [as_int(shared) or 0]
    for axis in chosen:
        if 1 <= axis <= len(sizes):
            sizes[axis - 1] = 1
    made: Shape = tuple(size for size in sizes if not isinstance(size, str))  # type: ignore[misc]
    if any(undefined(size) for size in made):
        if is_keras3(cx):
            needs_defined(cx, self, "PReLU", shape, made, "alpha")
        message = "Attempt to convert a value (None) with an unsupported type (<class 'NoneType'>) to a Tensor."
        raise UndefinedDimension(error(cx, "ValueError", message), taker="PReLU", axis=1, shape=shape)
    add_weight(cx, self, "alpha", made)
    axes = tuple((axis, shape[axis]) for axis in range(1, len(shape)) if axis not in chosen)
    set_input_spec(cx, self, InputSpec(ndim=len(shape), axes=axes))


# -- Lambda -----------------------------------------------------------------------------------------------------------


@rule("keras.layers.Lambda.__init__")
def lambda_init(
    cx: Context, self: Instance, function: Value, output_shape: Value | None = None, mask: Value | None = None,
    arguments: Value | None = None, **kwargs: Value,
) -> None:  # fmt: skip
    """A function of the program as a layer."""
    if isinstance(function, Const) and isinstance(function.value, str):
        raise invalid(cx, "TypeError", "unsupported callable", "function", function)
    init_layer(cx, self, kwargs)
    cx.set(self, "function", function)
    cx.set(self, "~arguments", arguments)
    cx.set(self, "~output_shape", output_shape)
    if mask is not None and not is_none(mask):
        cx.set(self, "supports_masking", Const(True))


@rule("keras.layers.Lambda.call")
def lambda_call(
    cx: Context, self: Instance, inputs: Value, mask: Value | None = None, training: Value | None = None
) -> Value:
    """Whatever the function gives."""
    from foreshape.domain.values import DictValue

    given = self.fields.get("~arguments")
    named = {}
    if isinstance(given, DictValue):
        named = {str(key): value for key, value in given.entries.items()}
    return cx.call(self.fields["function"], (inputs,), named)
