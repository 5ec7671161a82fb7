"""``Dropout`` and its kin, ``GaussianNoise``, ``ActivityRegularization``: layers that change values in training, never
shapes.

Follows ``keras/src/layers/regularization`` and the ``tf_keras`` ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Const, Instance, Sequence, Value, as_bool, as_dim, dim_or, is_none
from foreshape.faults.broadcast_mismatch import BroadcastMismatch
from foreshape.faults.dtype_mismatch import DtypeMismatch
from foreshape.semantics.keras.base import (
    InputSpec,
    class_name,
    compute_dtype,
    error,
    init_layer,
    is_keras3,
    output,
    set_input_spec,
    undefined,
)
from foreshape.semantics.keras.config import checked_data_format, invalid, repr_value
from foreshape.semantics.keras.layers import kernels
from foreshape.semantics.keras.layers.signatures import register
from foreshape.semantics.keras.layers.windows import AXES
from foreshape.semantics.registry import library_type

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

OWN: Final = frozenset({"rate", "stddev", "noise_shape", "seed", "data_format", "l1", "l2"})
SPATIAL: Final = {"SpatialDropout1D": 1, "SpatialDropout2D": 2, "SpatialDropout3D": 3}
SIGNATURES: Final = {
    "Dropout": ("rate noise_shape= seed= **kwargs", "rate noise_shape= seed= **kwargs"),
    "AlphaDropout": ("rate noise_shape= seed= **kwargs", "rate noise_shape= seed= **kwargs"),
    "GaussianDropout": ("rate seed= **kwargs", "rate seed= **kwargs"),
    "GaussianNoise": ("stddev seed= **kwargs", "stddev seed= **kwargs"),
    "SpatialDropout1D": ("rate seed= name= dtype=", "rate **kwargs"),
    "SpatialDropout2D": ("rate data_format= seed= name= dtype=", "rate data_format= **kwargs"),
    "SpatialDropout3D": ("rate data_format= seed= name= dtype=", "rate data_format= **kwargs"),
    "ActivityRegularization": ("l1= l2= **kwargs", "l1= l2= **kwargs"),
}
"""For Keras 3 and for Keras 2."""


def _name(layer: Instance) -> str:
    return (layer.library_type or "").rpartition(".")[2]


def init(cx: Context, layer: Instance, **given: Value) -> None:
    """``rate`` is a share between 0 and 1."""
    name = _name(layer)
    for key in ("rate", "stddev"):
        if key in given:
            _share(cx, name, key, given[key])
    noise = given.get("noise_shape")
    if is_keras3(cx) and name == "Dropout" and noise is not None and not is_none(noise):
        _check_noise_shape(cx, noise)
    rank = SPATIAL.get(name)
    if rank is not None and rank > 1:
        checked_data_format(cx, given.get("data_format"), name)
    init_layer(cx, layer, {key: value for key, value in given.items() if key not in OWN})
    for key in ("rate", "stddev", "noise_shape"):
        cx.set(layer, key, given.get(key, Const(None)))
    cx.set(layer, "supports_masking", Const(True))
    if rank is not None:
        set_input_spec(cx, layer, InputSpec(ndim=rank + 2, axis_names=AXES[rank]))


def _share(cx: Context, name: str, key: str, value: Value) -> None:
    """Keras 3 looks at every share, Keras 2 at those of ``Dropout`` only."""
    if not isinstance(value, Const):
        return
    given = value.value
    new = is_keras3(cx)
    if isinstance(given, (int, float)):
        if 0 <= given <= 1 or not (
            new or (name.endswith("Dropout") and name not in ("AlphaDropout", "GaussianDropout"))
        ):
            return
        message = (
            f"Invalid value received for argument `{key}`. Expected a float value between 0 and 1. "
            f"Received: {key}={given}"
        )
        if not new:
            message = f"Invalid value {given} received for `{key}`, expected a value between 0 and 1."
        raise invalid(cx, "ValueError", message, key, value)
    if new:
        kind = type(given).__name__
        raise invalid(cx, "TypeError", f"'<=' not supported between instances of 'int' and '{kind}'", key, value)


def _check_noise_shape(cx: Context, noise: Value) -> None:
    """Keras 3: positive ints and None."""
    start = "Invalid value received for argument `noise_shape`. "
    if isinstance(noise, Const):
        words = (
            "a tuple or list of integers"
            if isinstance(noise.value, str)
            else "an iterable of integers (e.g., a tuple or list)"
        )
        raise invalid(
            cx, "ValueError", f"{start}Expected {words}. Received: noise_shape={noise.value}", "noise_shape", noise
        )
    items = noise.contents.items() if isinstance(noise, Sequence) else None
    for number, item in enumerate(items or ()):
        if is_none(item) or not isinstance(item, Const):
            continue
        if not isinstance(item.value, int):
            message = (
                f"{start}Expected all elements to be integers or None. Received element at index {number}: "
                f"{item.value} "
                f"(type: {type(item.value).__name__})"
            )
        elif item.value <= 0:
            message = (
                f"{start}Expected all dimensions to be positive integers or None. Received negative or zero value "
                f"at index "
                f"{number}: {item.value}"
            )
        else:
            continue
        raise invalid(cx, "ValueError", message, "noise_shape", noise)


def spec(cx: Context, layer: Instance, inputs: Value, training: Value | None = None) -> Value:
    """Keras 3, symbolically: the same shape, in the dtype in which the layer computes."""
    if not isinstance(inputs, Array):
        return inputs
    return output(cx, layer, inputs, inputs.shape, compute_dtype(layer), inputs.roles)


def call(cx: Context, layer: Instance, inputs: Value, training: Value | None = None) -> Value:
    """The same shape and dtype."""
    if not isinstance(inputs, Array):
        return inputs
    rate = layer.fields.get("rate")
    name = _name(layer)
    compared = not is_keras3(cx) and name in ("AlphaDropout", "GaussianDropout") and isinstance(rate, Const)
    if compared and isinstance(rate, Const) and (rate.value is None or isinstance(rate.value, str)):
        kind = type(rate.value).__name__
        number = "float" if name == "AlphaDropout" else "int"
        text = f"'<' not supported between instances of '{number}' and '{kind}'"
        raise invalid(cx, "TypeError", text, "rate", rate)
    made = inputs.replace(meta={}, data=None, lo=None, hi=None) if as_bool(training) is not False else inputs
    made.origin, made.tainted = None, inputs.tainted
    if as_bool(training) is True:
        return _noisy(cx, layer, inputs, made)
    return made


def _noisy(cx: Context, layer: Instance, inputs: Array, made: Array) -> Array:
    """The noise must go together with the input."""
    noise = layer.fields.get("noise_shape")
    items = noise.contents.items() if isinstance(noise, Sequence) else None
    if items is None or inputs.shape is None:
        return made
    if _name(layer) == "AlphaDropout" and not is_keras3(cx) and any(is_none(item) for item in items):
        text = "Attempt to convert a value (None) with an unsupported type (<class 'NoneType'>) to a Tensor."
        raise invalid(cx, "TypeError" if kernels.in_graph(cx) else "ValueError", text, "noise_shape", noise)
    shape: list[DimLike] = list(inputs.shape)
    for back in range(1, min(len(items), len(shape)) + 1):
        wanted, got = as_dim(items[-back]), shape[-back]
        if wanted is None or wanted == 1:
            continue
        if undefined(got):
            shape[-back] = wanted
        elif not cx.equal(wanted, got):
            shown = f"{kernels.sizes_text(inputs.shape)} vs. {repr_value(noise)}"
            raise BroadcastMismatch(
                kernels.shape_error(cx, f"Incompatible shapes: {shown} [Op:Mul] name: "),
                values=(inputs,),
                taker=class_name(layer),
                shapes=(inputs.shape, tuple(dim_or(item, cx.fresh()) for item in items)),
                axis=-back,
            )
    return made.replace(shape=tuple(shape) if len(items) <= len(shape) else None)


def activity(cx: Context, layer: Instance, inputs: Value) -> Value:
    """The very input. Keras 2 adds up its absolute values, which only floats have."""
    if (
        isinstance(inputs, Array)
        and not is_keras3(cx)
        and inputs.dtype in ("bool", "uint8", "int32", "int64", "int8", "int16")
    ):
        text = f"Cannot convert 0.0 to EagerTensor of dtype {inputs.dtype}"
        if kernels.in_graph(cx):
            text = f"Expected {inputs.dtype}, but got 0.0 of type 'float'."
        raise DtypeMismatch(
            error(cx, "TypeError", text),
            values=(inputs,),
            taker=class_name(layer),
            got=(inputs.dtype or "",),
            wanted="float32",
        )
    return inputs


for _layer, (_new, _old) in SIGNATURES.items():
    _full = library_type(f"keras.layers.{_layer}", "keras.Layer")
    register(f"{_full}.__init__", _new, init, since="3")
    register(f"{_full}.__init__", _old, init, until="3")
    _call = "inputs" if _layer == "ActivityRegularization" else "inputs training="
    register(f"{_full}.call", _call, activity if _layer == "ActivityRegularization" else call)
    register(f"{_full}.compute_output_spec", _call, spec, since="3")
