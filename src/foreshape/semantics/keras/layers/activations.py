"""``Activation``, ``ReLU``, ``LeakyReLU``, ``ELU``, ``PReLU``, ``Softmax``, ``ThresholdedReLU``: shapes stay, dtypes
matter.

Follows ``keras/src/layers/activations`` and ``tf_keras/src/layers/activation``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.values import (
    Array,
    BoundMethod,
    ClassValue,
    Const,
    Function,
    Instance,
    LibraryRef,
    Partial,
    Sequence,
    Value,
    as_int,
    is_none,
)
from foreshape.faults.broadcast_mismatch import BroadcastMismatch
from foreshape.faults.mask_shape import MaskShape
from foreshape.faults.undefined_dimension import UndefinedDimension
from foreshape.semantics.keras.base import (
    InputSpec,
    activation_of,
    add_weight,
    class_name,
    compute_dtype,
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
from foreshape.semantics.keras.config import invalid
from foreshape.semantics.keras.layers import kernels
from foreshape.semantics.keras.layers.checks import check_initializers, needs_defined
from foreshape.semantics.keras.layers.core import check_activation, with_activation
from foreshape.semantics.keras.layers.signatures import register
from foreshape.semantics.registry import library_type

if TYPE_CHECKING:
    from foreshape.domain.values import Shape
    from foreshape.semantics.protocol import Context

RELU: Final = (
    "float32",
    "float64",
    "int32",
    "uint8",
    "int16",
    "int8",
    "int64",
    "bfloat16",
    "uint16",
    "float16",
    "uint32",
    "uint64",
    "qint8",
)
FEATURES: Final = {
    "softmax": ("Softmax", "logits"),
    "log_softmax": ("LogSoftmax", "logits"),
    "elu": ("Elu", "features"),
    "selu": ("Selu", "features"),
    "tanh": ("Tanh", "x"),
    "sigmoid": ("Sigmoid", "x"),
    "softplus": ("Softplus", "features"),
    "softsign": ("Softsign", "features"),
    "gelu": ("Erf", "x"),
}
OWN: Final = frozenset({
    "activation", "max_value", "negative_slope", "threshold", "alpha", "theta", "axis", "robust_masking",
    "alpha_initializer", "alpha_regularizer", "alpha_constraint", "shared_axes",
})  # fmt: skip
SIGNATURES: Final = {
    "Activation": ("activation **kwargs", "activation **kwargs"),
    "ReLU": ("max_value= negative_slope= threshold= **kwargs", "max_value= negative_slope= threshold= **kwargs"),
    "LeakyReLU": ("negative_slope= **kwargs", "alpha= **kwargs"),
    "ELU": ("alpha= **kwargs", "alpha= **kwargs"),
    "PReLU": ("alpha_initializer= alpha_regularizer= alpha_constraint= shared_axes= **kwargs",) * 2,
    "Softmax": ("axis= **kwargs", "axis= robust_masking= **kwargs"),
    "ThresholdedReLU": ("theta= **kwargs", "theta= **kwargs"),
}
"""For Keras 3 and for Keras 2."""
NUMBERS: Final = {
    "ReLU": ("max_value", "negative_slope", "threshold"),
    "LeakyReLU": ("negative_slope", "alpha"),
    "ELU": ("alpha",),
    "ThresholdedReLU": ("theta",),
}


def _name(layer: Instance) -> str:
    return (layer.library_type or "").rpartition(".")[2]


def init(cx: Context, layer: Instance, **given: Value) -> None:
    """The numbers are looked at, the shape does not depend on them."""
    name = _name(layer)
    new = is_keras3(cx)
    own = OWN
    if name == "LeakyReLU" and new and "alpha" in given:
        given["negative_slope"] = given.pop("alpha")  # the old name still works
    rest = {key: value for key, value in given.items() if key not in own or key not in _accepted(name, new)}
    init_layer(cx, layer, rest)
    for key in NUMBERS.get(name, ()):
        if key in given:
            _check_number(cx, name, key, given[key])
    if name == "Activation":
        check_activation(cx, given["activation"])
        cx.set(layer, "~activation", given["activation"])
    check_initializers(cx, given)
    cx.set(layer, "axis", given.get("axis", Const(-1)))
    cx.set(layer, "alpha", given.get("alpha", Const(1.0)))
    cx.set(layer, "shared_axes", given.get("shared_axes", Const(None)))
    cx.set(layer, "supports_masking", Const(True))


def _accepted(name: str, new: bool) -> tuple[str, ...]:
    words = SIGNATURES[name][0 if new else 1].split()
    return tuple(word.rstrip("=") for word in words if not word.startswith("**"))


def _check_number(cx: Context, name: str, key: str, value: Value) -> None:
    """Slopes and thresholds are not negative, and not None."""
    if not isinstance(value, Const):
        return
    given = value.value
    negative = isinstance(given, (int, float)) and given < 0
    new = is_keras3(cx)
    message = None
    if name == "ReLU":
        if key == "max_value" and negative:
            message = (
                f"max_value of a ReLU layer cannot be a negative value. Received: "
                f"{'' if not new else 'max_value='}{given}"
            )
        elif key != "max_value" and (negative or given is None):
            message = (
                f"{key} of a ReLU layer cannot be None or a negative value. Received: {f'{key}=' if new else ''}{given}"
            )
    elif name == "LeakyReLU" and new and (negative or given is None):
        message = (
            "The negative_slope value of a Leaky ReLU layer cannot be None or negative value. Expected a float. "
            "Received: "
            f"negative_slope={given}"
        )
    elif not new and given is None and name != "ThresholdedReLU":
        message = f"Alpha of an ELU layer cannot be None, expecting a float. Received: {given}"
        if name == "LeakyReLU":
            message = f"The alpha value of a Leaky ReLU layer cannot be None, Expecting a float. Received: {given}"
    elif not new and name == "ThresholdedReLU" and (negative or given is None):
        message = f"Theta of a Thresholded ReLU layer cannot be None, expecting a float. Received: {given}"
        if negative:
            message = f"The theta value of a Thresholded ReLU layer should be >=0. Received: {given}"
    if message is not None:
        raise invalid(cx, "ValueError", message, key, value)


def spec(cx: Context, layer: Instance, inputs: Value, mask: Value | None = None) -> Value:
    """Keras 3, symbolically: the same shape, in the dtype in which the layer computes."""
    if not isinstance(inputs, Array):
        return inputs
    return _bounded(layer, output(cx, layer, inputs, inputs.shape, compute_dtype(layer), inputs.roles))


def _bounded(layer: Instance, made: Array) -> Array:
    if _name(layer) == "Softmax":
        return made.replace(lo=0, hi=1)
    return with_activation(layer, made) if _name(layer) == "Activation" else made


def kept(cx: Context, layer: Instance, inputs: Array, dtype: str | None) -> Array:
    """The same shape in this dtype."""
    made = output(cx, layer, inputs, inputs.shape, roles=inputs.roles)
    made.dtype = dtype
    return made


def activation_call(cx: Context, layer: Instance, inputs: Value) -> Value:
    """By name, or a function of the program."""
    function = activation_of(layer)
    if not isinstance(inputs, Array):
        return inputs
    if isinstance(function, (Function, BoundMethod, LibraryRef, Instance, ClassValue, Partial)):
        made = cx.call(function, (inputs,))
        if isinstance(made, Array):
            return made
        return output(cx, layer, inputs, inputs.shape, roles=inputs.roles)
    if not isinstance(function, Const):
        return kept(cx, layer, inputs, inputs.dtype if inputs.dtype in kernels.FLOATS else None)
    name = function.value
    if name == "glu" and inputs.shape:
        return output(cx, layer, inputs, (*inputs.shape[:-1], inputs.shape[-1] // 2))
    return with_activation(
        layer, kept(cx, layer, inputs, apply(cx, layer, inputs, name if isinstance(name, str) else "linear"))
    )


def apply(cx: Context, layer: Instance, inputs: Array, name: str) -> str | None:
    """Check what the function takes; gives the dtype that comes out (None: not known)."""
    if name == "relu":
        kernels.check_dtype(cx, layer, inputs, "Relu", RELU, weight=None, argument="features")
    elif (
        name in ("softmax", "log_softmax") and not is_keras3(cx) and inputs.shape is not None and len(inputs.shape) == 1
    ):
        text = f"Cannot apply softmax to a tensor that is 1D. Received input: {dims_text(inputs.shape)}"
        raise kernels.wrong_rank(cx, layer, inputs, 2, text, exception="ValueError")
    elif name == "leaky_relu":
        if inputs.dtype in ("int32", "int64", "uint8", "int8", "int16", "uint16"):
            return "float32"
        kernels.check_dtype(cx, layer, inputs, "LeakyRelu", kernels.FLOATS, weight=None, argument="features")
    elif name in FEATURES:
        op, argument = FEATURES[name]
        if name in ("tanh", "sigmoid", "gelu") and inputs.dtype not in kernels.FLOATS:
            return None  # converted by one version, refused by another
        kernels.check_dtype(cx, layer, inputs, op, kernels.FLOATS, weight=None, argument=argument)
    elif name != "linear" and inputs.dtype not in kernels.FLOATS:
        return None
    return inputs.dtype


def relu_call(cx: Context, layer: Instance, inputs: Value) -> Value:
    """``ReLU``, ``LeakyReLU``, ``ELU``."""
    if not isinstance(inputs, Array):
        return inputs
    name = {"ReLU": "relu", "LeakyReLU": "leaky_relu", "ELU": "elu"}[_name(layer)]
    dtype = apply(cx, layer, inputs, name)
    alpha = layer.fields.get("alpha")
    if name == "elu" and isinstance(alpha, Const) and is_none(alpha):
        text = "Attempt to convert a value (None) with an unsupported type (<class 'NoneType'>) to a Tensor."
        raise invalid(cx, "ValueError", text, "alpha", alpha)
    return kept(cx, layer, inputs, dtype)


def thresholded_call(cx: Context, layer: Instance, inputs: Value) -> Value:
    """Keras 2: the input times whether it is above the threshold, which is a float."""
    if not isinstance(inputs, Array):
        return inputs
    numbers = tuple(name for name in kernels.NUMBERS if name not in ("complex64", "complex128"))
    weight = compute_dtype(layer)
    kernels.check_dtype(cx, layer, inputs, "Mul", numbers, weight=weight, argument="x", other="y")
    return kept(cx, layer, inputs, inputs.dtype)


def softmax_call(cx: Context, layer: Instance, inputs: Value, mask: Value | None = None) -> Value:
    """Over the last axis unless said otherwise."""
    if not isinstance(inputs, Array):
        return inputs
    axis = as_int(layer.fields.get("axis"))
    if isinstance(mask, Array) and mask.shape is not None and inputs.shape is not None:
        _check_mask(cx, layer, inputs, mask.shape, mask)
    dtype = apply(cx, layer, inputs, "softmax")
    rank = len(inputs.shape) if inputs.shape is not None else None
    if axis is not None and rank is not None and not -rank <= axis < rank:
        text = (
            f"`dim` must be in the range [{-rank}, {rank}) where {rank} is the number of dimensions in the input. "
            f"Received: "
            f"dim={axis}"
        )
        raise invalid(cx, "InvalidArgumentError", text, "axis", layer.fields.get("axis"))
    if axis is not None:
        from foreshape.semantics.shared.silent import note_softmax

        note_softmax(cx, "Softmax", inputs, axis)
    return kept(cx, layer, inputs, dtype).replace(lo=0, hi=1)


def _check_mask(cx: Context, layer: Instance, inputs: Array, given: Shape, mask: Value) -> None:
    """A mask is lined up with the last axes."""
    assert inputs.shape is not None
    shape = inputs.shape
    shown = f"Received: inputs.shape={dims_text(shape)}, mask.shape={dims_text(given)}"
    axis = None
    if len(given) > len(shape):
        axis, words = 0, f"The `mask` must be broadcastable to `inputs` and must not have more dimensions. {shown}"
        if not is_keras3(cx):
            return
    else:
        words = (
            "The `mask` must be broadcastable to `inputs`. Each mask dimension must be 1 or match the "
            "corresponding input "
            f"dimension. {shown}"
        )
        for back in range(1, len(given) + 1):
            one, other = given[-back], shape[-back]
            if undefined(one) or undefined(other) or one == 1 or cx.equal(one, other):
                continue
            if other == 1 and not is_keras3(cx):
                continue
            axis = len(shape) - back
            break
    if axis is None:
        return
    raises = error(cx, "ValueError", words)
    if not is_keras3(cx):
        text = f"Incompatible shapes: {kernels.sizes_text(shape)} vs. {kernels.sizes_text(given)} [Op:AddV2] name: "
        raises = kernels.shape_error(cx, text)
    raise MaskShape(raises, values=(mask,), mask=given, shape=shape, axis=axis)


# -- PReLU ------------------------------------------------------------------------------------------------------------


def prelu_build(cx: Context, layer: Instance, input_shape: Value) -> None:
    """``alpha`` has the shape of the input without the batch axis, 1 along each of ``shared_axes``."""
    shape = shape_of(cx, input_shape)
    if shape is None:
        return
    sizes = list(shape[1:])
    shared = layer.fields.get("shared_axes")
    chosen: list[int] = []
    if isinstance(shared, Sequence):
        chosen = [axis for axis in (as_int(one) for one in shared.contents.items() or ()) if axis is not None]
    elif as_int(shared) is not None:
        chosen = [as_int(shared) or 0]
    for axis in chosen:
        if not -len(sizes) <= axis - 1 < len(sizes):
            text = "list assignment index out of range"
            raise invalid(cx, "IndexError", text, "shared_axes", shared if isinstance(shared, Value) else None)
        sizes[axis - 1] = 1
    made = tuple(sizes)
    if any(undefined(size) for size in made):
        if is_keras3(cx):
            needs_defined(cx, layer, "PReLU", shape, made, "alpha")
        message = "Attempt to convert a value (None) with an unsupported type (<class 'NoneType'>) to a Tensor."
        raise UndefinedDimension(error(cx, "ValueError", message), taker="PReLU", axis=1, shape=shape)
    add_weight(cx, layer, "alpha", made)
    axes = tuple((axis, shape[axis]) for axis in range(1, len(shape)) if chosen and axis not in chosen)
    set_input_spec(cx, layer, InputSpec(ndim=len(shape), axes=axes))


def prelu_call(cx: Context, layer: Instance, inputs: Value) -> Value:
    """``relu(x) - alpha * relu(-x)``: the slopes must go together with the input."""
    if not isinstance(inputs, Array):
        return inputs
    weight = compute_dtype(layer)
    if inputs.dtype is not None and inputs.dtype not in kernels.FLOATS:
        if inputs.dtype == "bool":
            kernels.check_dtype(cx, layer, inputs, "Relu", RELU, weight=None, argument="features")
        unsigned = tuple(name for name in kernels.NUMBERS if not name.startswith("uint"))
        kernels.check_dtype(cx, layer, inputs, "Mul", unsigned, weight=weight, argument="x", other="y")
    held = weights_of(layer)
    slopes = held[0].shape if held else None
    if slopes is None or inputs.shape is None:
        return kept(cx, layer, inputs, inputs.dtype)
    longer = max(len(slopes), len(inputs.shape))
    sizes = []
    for back in range(longer, 0, -1):
        one = inputs.shape[-back] if back <= len(inputs.shape) else 1
        other = slopes[-back] if back <= len(slopes) else 1
        if not (undefined(one) or one == 1 or other == 1 or cx.equal(one, other)):
            if is_keras3(cx) and kernels.in_graph(cx):
                return kept(cx, layer, inputs, inputs.dtype)
            shown = f"{kernels.sizes_text(slopes)} vs. {kernels.sizes_text(inputs.shape)}"
            raise BroadcastMismatch(
                kernels.shape_error(cx, f"Incompatible shapes: {shown} [Op:Mul] name: "), values=(inputs,),
                taker=class_name(layer), shapes=(inputs.shape, slopes), axis=-back,
            )  # fmt: skip
        sizes.append(other if one == 1 or (undefined(one) and other != 1) else one)
    made = output(cx, layer, inputs, tuple(sizes), roles=inputs.roles if len(sizes) == len(inputs.shape) else None)
    made.dtype = inputs.dtype
    return made


CALLS: Final = {
    "Activation": activation_call,
    "ReLU": relu_call,
    "LeakyReLU": relu_call,
    "ELU": relu_call,
    "PReLU": prelu_call,
    "Softmax": softmax_call,
    "ThresholdedReLU": thresholded_call,
}

for _layer, (_new, _old) in SIGNATURES.items():
    _full = library_type(f"keras.layers.{_layer}", "keras.Layer")
    register(f"{_full}.__init__", _new, init, since="3")
    register(f"{_full}.__init__", _old, init, until="3")
    _words = "inputs mask=" if _layer == "Softmax" else "inputs"
    register(f"{_full}.call", _words, CALLS[_layer])
    if _layer not in ("Activation", "Softmax"):
        register(f"{_full}.compute_output_spec", _words, spec, since="3")
    if _layer == "PReLU":
        register(f"{_full}.build", "input_shape", prelu_build)


def activation_spec(cx: Context, layer: Instance, inputs: Value) -> Value:
    """Keras 3, symbolically: functions of the program are not run."""
    function = activation_of(layer)
    if isinstance(function, Const) and function.value == "glu":
        return activation_call(cx, layer, inputs)
    return spec(cx, layer, inputs)


register("keras.layers.Activation.compute_output_spec", "inputs", activation_spec, since="3")


def softmax_spec(cx: Context, layer: Instance, inputs: Value, mask: Value | None = None) -> Value:
    """Keras 3, symbolically: the same shape, whatever the axis."""
    axis = as_int(layer.fields.get("axis"))
    if axis is not None and isinstance(inputs, Array):
        from foreshape.semantics.shared.silent import note_softmax

        note_softmax(cx, "Softmax", inputs, axis)
    return spec(cx, layer, inputs)


register("keras.layers.Softmax.compute_output_spec", "inputs mask=", softmax_spec, since="3")
