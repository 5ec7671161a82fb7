"""``Dense``, ``Embedding``, ``Masking`` and ``Identity``.

Follows ``keras/src/layers/core`` and the ``tf_keras`` ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.contents import Contents
from foreshape.domain.dim import Dim, DimLike
from foreshape.domain.values import (
    Array,
    Const,
    Instance,
    Int,
    Sequence,
    Value,
    as_dim,
    is_none,
)
from foreshape.faults.dtype_mismatch import DtypeMismatch
from foreshape.faults.embedding_range import EmbeddingRange
from foreshape.faults.undefined_dimension import UndefinedDimension
from foreshape.faults.weights_shape import WeightsShape
from foreshape.semantics.keras.base import (
    InputSpec,
    activation_of,
    add_weight,
    bool_field,
    dim_field,
    dims_text,
    error,
    init_layer,
    is_keras3,
    layer_name,
    output,
    set_input_spec,
    shape_of,
    undefined,
    weights_of,
)
from foreshape.semantics.keras.config import invalid, repr_value
from foreshape.semantics.keras.constants import check_constant
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

for _name in ("Dense", "Embedding", "Masking", "Identity"):
    library_type(f"keras.layers.{_name}", "keras.Layer")


def check_activation(cx: Context, value: Value | None) -> None:
    """An activation by a name that Keras does not have, or a number (``Dense(3, 4)``), raises at once."""
    if isinstance(value, Int) or (isinstance(value, Const) and type(value.value) in (int, float)):
        message = f"Could not interpret activation function identifier: {cx.text(value)}"
        raise invalid(cx, "ValueError" if is_keras3(cx) else "TypeError", message, "activation", value)
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
    own = DENSE_OWN if is_keras3(cx) else DENSE_OWN - DENSE_3
    init_layer(cx, layer, {key: value for key, value in given.items() if key not in own})
    units = _positive_units(cx, units)
    check_activation(cx, given.get("activation"))
    check_initializers(cx, given)
    cx.set(layer, "units", units)
    cx.set(layer, "~activation", given.get("activation", Const(None)))
    cx.set(layer, "use_bias", given.get("use_bias", Const(True)))
    cx.set(layer, "supports_masking", Const(True))
    cx.set(layer, "~lora", as_dim(given.get("lora_rank")))
    set_input_spec(cx, layer, InputSpec(min_ndim=2))


_DENSE: Final = (
    "units activation= use_bias= kernel_initializer= bias_initializer= kernel_regularizer= bias_regularizer= "
    "activity_regularizer= kernel_constraint= bias_constraint= "
)
DENSE_3: Final = frozenset({"lora_rank", "lora_alpha", "quantization_config"})
DENSE_OWN: Final = frozenset(word.rstrip("=") for word in _DENSE.split() if not word.startswith("activity")) | DENSE_3
register(
    "keras.layers.Dense.__init__",
    f"{_DENSE}lora_rank= lora_alpha= quantization_config= **kwargs",
    dense_init,
    since="3",
)
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
    least = 1 if is_keras3(cx) else 0
    if not isinstance(given, int) or given < least:
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
    name = activation_of(self)
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
    strict = cx.targets.at_least("keras", "3.15")
    for name, value in (("input_dim", input_dim), ("output_dim", output_dim)):
        given: object = value.value if isinstance(value, Const) else 1
        kind = type(given).__name__
        if isinstance(value, Array) and value.kind == "numpy" and value.shape == () and value.dtype is not None:
            given, kind = None, value.dtype  # numbers of NumPy are no ints, whatever they hold
        if strict and (not isinstance(given, int) or isinstance(given, bool) or given <= 0):
            message = f"`{name}` must be a positive integer. Received: {name}={given} (of type {kind})."
            raise invalid(cx, "ValueError", message, name, value)
    check_initializers(
        cx, {"embeddings_initializer": embeddings_initializer} if embeddings_initializer is not None else {}
    )
    _embedding(cx, self, input_dim, output_dim, mask_zero, None)
    cx.set(self, "~table", embeddings_initializer)
    if weights is not None and not is_none(weights):
        _weights_at_once(cx, self, weights)


def _weights_at_once(cx: Context, self: Instance, weights: Value) -> None:
    """Keras 3 builds the table in the constructor where it is given one."""
    rows, columns = dim_field(self, "input_dim"), dim_field(self, "output_dim")
    add_weight(cx, self, "embeddings", None if rows is None or columns is None else (rows, columns))
    cx.set(self, "built", Const(True))
    items = weights.contents.items() if isinstance(weights, Sequence) and weights.kind == "list" else None
    if items is not None and len(items) != 1:
        raise invalid(cx, "AttributeError", "'list' object has no attribute 'shape'", "weights", weights)
    cx.call_method(self, "set_weights", (weights if items is not None else Sequence("list", Contents((weights,))),))


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
    if is_none(input_dim) or is_none(output_dim):
        message = "'<=' not supported between instances of 'NoneType' and 'int'"
        raise invalid(cx, "TypeError", message, "input_dim", input_dim)
    sizes = [as_dim(input_dim), as_dim(output_dim)]
    if any(isinstance(size, int) and size <= 0 for size in sizes):
        message = (
            f"Both `input_dim` and `output_dim` should be positive, Received input_dim = {sizes[0]} and "
            f"output_dim = {sizes[1]}"
        )
        raise invalid(cx, "ValueError", message, "input_dim", input_dim)
    cx.set(self, "input_length", input_length if input_length is not None else Const(None))
    _embedding(cx, self, input_dim, output_dim, mask_zero, weights)
    cx.set(self, "~table", embeddings_initializer)


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
    if not is_keras3(cx):
        for name in ("input_dim", "output_dim"):
            value = self.fields.get(name)
            if isinstance(value, Const) and isinstance(value.value, float):
                message = (
                    "Dimension value must be integer or None or have an __index__ method, got value "
                    f"'{value.value}' with type '<class 'float'>'"
                )
                raise invalid(cx, "TypeError", message, name, value)
    add_weight(cx, self, "embeddings", None if rows is None or columns is None else (rows, columns))
    if rows is not None and columns is not None:
        check_constant(cx, self, self.fields.get("~table"), (rows, columns))
    weights = self.fields.get("~initial_weights")
    if isinstance(weights, Value):
        cx.set(self, "~initial_weights", None)
        given = (
            weights if isinstance(weights, Sequence) or not is_keras3(cx) else Sequence("list", Contents((weights,)))
        )
        cx.set(self, "built", Const(True))
        if isinstance(given, Array):
            _rows_as_weights(cx, self, given)
        cx.call_method(self, "set_weights", (given,))


def _rows_as_weights(cx: Context, self: Instance, weights: Array) -> None:
    """Keras 2 wants a list: of an array it takes each row for a weight."""
    if not weights.shape or undefined(weights.shape[0]) or cx.equal(weights.shape[0], 1):
        return
    name, got = layer_name(self), weights.shape[0]
    message = (
        f'You called `set_weights(weights)` on layer "{name}" with a weight list of length {got}, but the layer was '
        "expecting 1 weights."
    )
    raise WeightsShape(error(cx, "ValueError", message), values=(weights,), layer=name, needs=1, got=got)


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
        whole = least if isinstance(least, (int, Dim)) else int(least)
        in_table = is_keras3(cx) and cx.at_least(whole, -rows)
        bad = None if in_table else least
        if in_table and not ids.tainted:
            from foreshape.faults.negative_id import NegativeId

            cx.note(NegativeId(None, values=(ids,), index=least, row=rows + whole, size=rows))
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
        return output(cx, self, inputs, inputs.shape, roles=inputs.roles)
    return inputs


@rule("keras.layers.Identity.__init__")
def identity_init(cx: Context, self: Instance, **kwargs: Value) -> None:
    """Nothing changes."""
    init_layer(cx, self, kwargs)
    cx.set(self, "supports_masking", Const(True))


@rule("keras.layers.Identity.call")
def identity_call(cx: Context, self: Instance, inputs: Value) -> Value:
    """The very input, dtype too."""
    return inputs


@rule("keras.layers.Masking.__init__")
def masking_init(cx: Context, self: Instance, mask_value: Value | None = None, **kwargs: Value) -> None:
    """Timesteps whose features all equal ``mask_value`` are skipped by what follows."""
    init_layer(cx, self, kwargs)
    cx.set(self, "mask_value", mask_value if mask_value is not None else Const(0.0))
    cx.set(self, "supports_masking", Const(True))


@rule("keras.layers.Masking.call")
def masking_call(cx: Context, self: Instance, inputs: Value) -> Value:
    """The shape stays. The comparison with a float needs floats in Keras 2."""
    if not isinstance(inputs, Array) or inputs.dtype is None or inputs.dtype in kernels.FLOATS:
        return _keep(cx, self, inputs)
    value = self.fields.get("mask_value")
    if not is_keras3(cx) and isinstance(value, Const) and isinstance(value.value, float):
        text = f"Cannot convert {value.value} to EagerTensor of dtype {inputs.dtype}"
        if kernels.in_graph(cx):
            text = (
                f"Expected {inputs.dtype} passed to parameter 'y' of op 'NotEqual', got {value.value} of type "
                f"'float' instead."
            )
        raise DtypeMismatch(
            error(cx, "TypeError", text), values=(inputs,), taker="Masking", got=(inputs.dtype,), wanted="float32"
        )
    made = output(cx, self, inputs, inputs.shape, roles=inputs.roles)
    made.dtype = "int32" if inputs.dtype == "bool" and is_keras3(cx) else inputs.dtype
    return made


@rule("keras.layers.Masking.compute_output_spec", since="3")
def masking_spec(cx: Context, self: Instance, inputs: Value) -> Value:
    """Keras 3, symbolically: in the dtype in which the layer computes."""
    return _keep(cx, self, inputs)


@rule("keras.layers.Masking.compute_mask")
def masking_mask(cx: Context, self: Instance, inputs: Value, mask: Value | None = None) -> Value:
    """One bool for each timestep."""
    shape = inputs.shape if isinstance(inputs, Array) else None
    return Array("tensorflow", None if shape is None else shape[:-1], "bool")
