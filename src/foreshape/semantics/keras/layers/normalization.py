"""``BatchNormalization``, ``LayerNormalization``, ``GroupNormalization``, ``UnitNormalization``, ``RMSNormalization``,
``SpectralNormalization``.

Follows ``keras/src/layers/normalization`` and the ``tf_keras`` ones. The shape stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Const, Instance, Sequence, Shape, Value, as_int
from foreshape.faults.undefined_dimension import UndefinedDimension
from foreshape.semantics.keras.base import (
    InputSpec,
    add_weight,
    bool_field,
    build_layer,
    call_layer,
    dims_text,
    error,
    init_layer,
    is_keras3,
    output,
    set_input_spec,
    shape_of,
    undefined,
)
from foreshape.semantics.keras.config import invalid
from foreshape.semantics.keras.layers.checks import needs_defined
from foreshape.semantics.registry import library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

for _name in (
    "BatchNormalization", "LayerNormalization", "GroupNormalization", "UnitNormalization", "RMSNormalization",
):  # fmt: skip
    library_type(f"keras.layers.{_name}", "keras.Layer")
library_type("keras.layers.SpectralNormalization", "keras.layers.Wrapper")


def _axes(self: Instance, rank: int) -> list[int] | None:
    """The axes that are normalised, counted from the left; None where they are not known or not there."""
    value = self.fields.get("axis")
    one = as_int(value)
    found: list[int] = []
    if one is not None:
        found = [one]
    elif isinstance(value, Sequence):
        for item in value.contents.items() or ():
            axis = as_int(item)
            if axis is None:
                return None
            found.append(axis)
    else:
        return None
    if any(not -rank <= axis < rank for axis in found):
        return None
    return [axis % rank for axis in found]


def _keep(cx: Context, self: Instance, inputs: Value) -> Value:
    if isinstance(inputs, Array):
        return output(cx, self, inputs, inputs.shape, roles=inputs.roles)
    return output(cx, self, inputs, None)


# -- BatchNormalization -----------------------------------------------------------------------------------------------


@rule("keras.layers.BatchNormalization.__init__")
def batch_norm_init(
    cx: Context, self: Instance, axis: Value | None = None, momentum: Value | None = None,
    epsilon: Value | None = None, center: Value | None = None, scale: Value | None = None,
    beta_initializer: Value | None = None, gamma_initializer: Value | None = None,
    moving_mean_initializer: Value | None = None, moving_variance_initializer: Value | None = None,
    beta_regularizer: Value | None = None, gamma_regularizer: Value | None = None,
    beta_constraint: Value | None = None, gamma_constraint: Value | None = None,
    synchronized: Value | None = None, **kwargs: Value,
) -> None:  # fmt: skip
    """Over all axes but ``axis`` (the features)."""
    for name in ("renorm", "renorm_clipping", "renorm_momentum"):
        if not is_keras3(cx) or cx.targets.at_least("keras", "3.15"):
            kwargs.pop(name, None)
    for name in ("fused", "virtual_batch_size", "adjustment"):
        if not is_keras3(cx):
            kwargs.pop(name, None)
    init_layer(cx, self, kwargs)
    cx.set(self, "axis", axis if axis is not None else Const(-1))
    cx.set(self, "center", center if center is not None else Const(True))
    cx.set(self, "scale", scale if scale is not None else Const(True))
    cx.set(self, "supports_masking", Const(True))


@rule("keras.layers.BatchNormalization.build")
def batch_norm_build(cx: Context, self: Instance, input_shape: Value) -> None:
    """gamma, beta and the moving statistics have the size of the axis."""
    shape = shape_of(cx, input_shape)
    if not shape:
        return
    axes = _axes(self, len(shape))
    if axes is None:
        wrong = as_int(self.fields.get("axis"))
        if wrong is None:
            return
        if is_keras3(cx):
            raise invalid(cx, "IndexError", "tuple index out of range", "axis", self.fields["axis"])
        message = (
            "Invalid value for `axis` argument. Expected 0 <= axis < inputs.rank "
            f"(with inputs.rank={len(shape)}). Received: axis=({wrong},)"
        )
        raise invalid(cx, "ValueError", message, "axis", self.fields["axis"])
    sizes = tuple(shape[axis] for axis in axes)
    for axis, size in zip(axes, sizes):
        if undefined(size):
            _undefined_axis(cx, self, shape, axis)
    if bool_field(self, "scale", True):
        add_weight(cx, self, "gamma", sizes)
    if bool_field(self, "center", True):
        add_weight(cx, self, "beta", sizes)
    add_weight(cx, self, "moving_mean", sizes, trainable=False)
    add_weight(cx, self, "moving_variance", sizes, trainable=False)
    set_input_spec(cx, self, InputSpec(ndim=len(shape), axes=tuple(zip(axes, sizes))))


def _undefined_axis(cx: Context, self: Instance, shape: Shape, axis: int) -> None:
    if is_keras3(cx):
        needs_defined(cx, self, "BatchNormalization", shape, (None,), "gamma", axis)
    message = f"Input has undefined `axis` dimension. Received input with shape {dims_text(shape)} and axis=({axis},)"
    raise UndefinedDimension(error(cx, "ValueError", message), taker="BatchNormalization", axis=axis, shape=shape)


@rule("keras.layers.BatchNormalization.call")
def batch_norm_call(
    cx: Context, self: Instance, inputs: Value, training: Value | None = None, mask: Value | None = None
) -> Value:
    """The shape stays."""
    return _keep(cx, self, inputs)


# -- LayerNormalization and relatives ---------------------------------------------------------------------------------


@rule("keras.layers.LayerNormalization.__init__")
def layer_norm_init(
    cx: Context, self: Instance, axis: Value | None = None, epsilon: Value | None = None, center: Value | None = None,
    scale: Value | None = None, beta_initializer: Value | None = None, gamma_initializer: Value | None = None,
    beta_regularizer: Value | None = None, gamma_regularizer: Value | None = None,
    beta_constraint: Value | None = None, gamma_constraint: Value | None = None, **kwargs: Value,
) -> None:  # fmt: skip
    """Over ``axis``, the last one unless said otherwise."""
    kwargs.pop("rms_scaling", None)
    init_layer(cx, self, kwargs)
    cx.set(self, "axis", axis if axis is not None else Const(-1))
    cx.set(self, "center", center if center is not None else Const(True))
    cx.set(self, "scale", scale if scale is not None else Const(True))
    cx.set(self, "supports_masking", Const(True))


@rule("keras.layers.RMSNormalization.__init__")
def rms_norm_init(
    cx: Context, self: Instance, axis: Value | None = None, epsilon: Value | None = None, **kwargs: Value
) -> None:
    """Over ``axis``, the last one unless said otherwise."""
    init_layer(cx, self, kwargs)
    cx.set(self, "axis", axis if axis is not None else Const(-1))
    cx.set(self, "center", Const(False))
    cx.set(self, "scale", Const(True))
    cx.set(self, "supports_masking", Const(True))


@rule("keras.layers.LayerNormalization.build", "keras.layers.RMSNormalization.build")
def layer_norm_build(cx: Context, self: Instance, input_shape: Value) -> None:
    """gamma and beta have the sizes of the axes."""
    shape = shape_of(cx, input_shape)
    if not shape:
        return
    axes = _axes(self, len(shape))
    if axes is None:
        return
    sizes: tuple[DimLike, ...] = tuple(shape[axis] for axis in axes)
    if any(undefined(size) for size in sizes):
        needs_defined(cx, self, self.cls.name.rpartition(".")[2], shape, sizes, "gamma", axes[0])
    if bool_field(self, "scale", True):
        add_weight(cx, self, "gamma", sizes)
    if bool_field(self, "center", True):
        add_weight(cx, self, "beta", sizes)


@rule("keras.layers.LayerNormalization.call", "keras.layers.RMSNormalization.call",
      "keras.layers.UnitNormalization.call", "keras.layers.GroupNormalization.call")  # fmt: skip
def layer_norm_call(cx: Context, self: Instance, inputs: Value) -> Value:
    """The shape stays."""
    return _keep(cx, self, inputs)


@rule("keras.layers.UnitNormalization.__init__")
def unit_norm_init(cx: Context, self: Instance, axis: Value | None = None, **kwargs: Value) -> None:
    """Length 1 along ``axis``."""
    init_layer(cx, self, kwargs)
    cx.set(self, "axis", axis if axis is not None else Const(-1))
    cx.set(self, "supports_masking", Const(True))


@rule("keras.layers.GroupNormalization.__init__")
def group_norm_init(
    cx: Context, self: Instance, groups: Value | None = None, axis: Value | None = None, epsilon: Value | None = None,
    center: Value | None = None, scale: Value | None = None, beta_initializer: Value | None = None,
    gamma_initializer: Value | None = None, beta_regularizer: Value | None = None,
    gamma_regularizer: Value | None = None, beta_constraint: Value | None = None,
    gamma_constraint: Value | None = None, **kwargs: Value,
) -> None:  # fmt: skip
    """The channels in ``groups`` groups (32 unless said otherwise)."""
    init_layer(cx, self, kwargs)
    cx.set(self, "groups", groups if groups is not None else Const(32))
    cx.set(self, "axis", axis if axis is not None else Const(-1))
    cx.set(self, "center", center if center is not None else Const(True))
    cx.set(self, "scale", scale if scale is not None else Const(True))
    cx.set(self, "supports_masking", Const(True))


@rule("keras.layers.GroupNormalization.build")
def group_norm_build(cx: Context, self: Instance, input_shape: Value) -> None:
    """The number of channels must be a multiple of the groups."""
    shape = shape_of(cx, input_shape)
    if not shape:
        return
    axes = _axes(self, len(shape))
    if not axes:
        return
    size, groups = shape[axes[0]], as_int(self.fields.get("groups"))
    if undefined(size):
        message = (
            f"Axis {as_int(self.fields['axis'])} of input tensor should have a defined dimension but the layer "
            f"received an input with shape {dims_text(shape)}."
        )
        raise UndefinedDimension(
            error(cx, "ValueError", message), taker="GroupNormalization", axis=axes[0], shape=shape
        )
    if groups is not None and isinstance(size, int) and groups != -1:
        if size < groups:
            message = f"Number of groups ({groups}) cannot be more than the number of channels ({size})."
            raise invalid(cx, "ValueError", message, "groups", self.fields["groups"])
        if groups and size % groups:
            message = f"Number of groups ({groups}) must be a multiple of the number of channels ({size})."
            raise invalid(cx, "ValueError", message, "groups", self.fields["groups"])
    if bool_field(self, "scale", True):
        add_weight(cx, self, "gamma", (size,))
    if bool_field(self, "center", True):
        add_weight(cx, self, "beta", (size,))
    set_input_spec(cx, self, InputSpec(ndim=len(shape), axes=((axes[0], size),)))


# -- SpectralNormalization --------------------------------------------------------------------------------------------


@rule("keras.layers.SpectralNormalization.__init__")
def spectral_init(
    cx: Context, self: Instance, layer: Value, power_iterations: Value | None = None, **kwargs: Value
) -> None:
    """A layer whose kernel is normalised."""
    init_layer(cx, self, kwargs)
    cx.set(self, "layer", layer)


@rule("keras.layers.SpectralNormalization.build")
def spectral_build(cx: Context, self: Instance, input_shape: Value) -> None:
    """Builds the inner layer."""
    build_layer(cx, self.fields["layer"], shape_of(cx, input_shape))


@rule("keras.layers.SpectralNormalization.call")
def spectral_call(cx: Context, self: Instance, inputs: Value, training: Value | None = None) -> Value:
    """What the inner layer gives."""
    return call_layer(cx, self.fields["layer"], inputs)
