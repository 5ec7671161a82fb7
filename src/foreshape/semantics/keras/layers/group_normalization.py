"""``GroupNormalization`` and ``SpectralNormalization``.

Follows ``keras/src/layers/normalization`` and the ``tf_keras`` ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import Array, Const, Instance, Sequence, Value, as_dim, as_int
from foreshape.faults.dtype_mismatch import DtypeMismatch
from foreshape.faults.undefined_dimension import UndefinedDimension
from foreshape.semantics.keras.base import (
    InputSpec,
    add_weight,
    bool_field,
    build_layer,
    call_layer,
    class_name,
    dims_text,
    error,
    init_layer,
    is_keras3,
    output,
    output_shape_of,
    set_input_spec,
    shape_of,
    undefined,
    weights_of,
)
from foreshape.semantics.keras.config import invalid, repr_value
from foreshape.semantics.keras.layers.normalization import axes_of, check_in_range, keep
from foreshape.semantics.keras.methods import in_graph
from foreshape.semantics.registry import library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

library_type("keras.layers.GroupNormalization", "keras.Layer")
library_type("keras.layers.SpectralNormalization", "keras.layers.Wrapper")


@rule("keras.layers.GroupNormalization.__init__")
def group_norm_init(
    cx: Context, self: Instance, groups: Value | None = None, axis: Value | None = None, epsilon: Value | None = None,
    center: Value | None = None, scale: Value | None = None, beta_initializer: Value | None = None,
    gamma_initializer: Value | None = None, beta_regularizer: Value | None = None,
    gamma_regularizer: Value | None = None, beta_constraint: Value | None = None,
    gamma_constraint: Value | None = None, **kwargs: Value,
) -> None:  # fmt: skip
    """The channels in ``groups`` groups (32 unless said otherwise)."""
    if is_keras3(cx) and isinstance(groups, Const):
        count = groups.value
        if not isinstance(count, int) or (count <= 0 and count != -1):
            message = (
                "Received an invalid value for argument `groups`, expected a positive integer (or `-1` for instance "
                f"normalization). Received: groups={repr_value(groups)}"
            )
            raise invalid(cx, "ValueError", message, "groups", groups)
    init_layer(cx, self, kwargs)
    if is_keras3(cx):
        cx.set(self, "autocast", Const(False))
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
    given = self.fields.get("axis")
    if isinstance(given, Sequence):
        raise invalid(cx, "TypeError", "tuple indices must be integers or slices, not tuple", "axis", given)
    check_in_range(cx, self, shape)
    axes = axes_of(self, len(shape))
    if not axes:
        return
    size, groups = shape[axes[0]], as_int(self.fields.get("groups"))
    if groups == 0 and not undefined(size):
        raise invalid(cx, "ZeroDivisionError", "integer modulo by zero", "groups", self.fields["groups"])
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


@rule("keras.layers.GroupNormalization.call")
def group_norm_call(cx: Context, self: Instance, inputs: Value) -> Value:
    """The shape stays. Keras 2 takes numbers of its own dtype only."""
    dtype = inputs.dtype if isinstance(inputs, Array) and not is_keras3(cx) else None
    if dtype is not None and dtype.startswith(("int", "uint", "bool")):
        text = (
            "cannot compute SquaredDifference as input #1(zero-based) was expected to be a "
            f"{dtype} tensor but is a double tensor [Op:SquaredDifference] name: "
        )
        raises = error(cx, "TypeError" if in_graph(cx) else "InvalidArgumentError", text)
        raise DtypeMismatch(raises, values=(inputs,), taker="GroupNormalization", got=(dtype,), wanted="float32")
    return keep(cx, self, inputs)


@rule("keras.layers.GroupNormalization.compute_output_spec", since="3")
def group_norm_spec(cx: Context, self: Instance, inputs: Value) -> Value:
    """Keras 3, symbolically: the shape stays."""
    return keep(cx, self, inputs)


# -- SpectralNormalization --------------------------------------------------------------------------------------------


@rule("keras.layers.SpectralNormalization.__init__")
def spectral_init(
    cx: Context, self: Instance, layer: Value, power_iterations: Value | None = None, **kwargs: Value
) -> None:
    """A layer whose kernel is normalised."""
    init_layer(cx, self, kwargs)
    count = as_dim(power_iterations)
    if isinstance(count, int) and count <= 0:
        message = f"`power_iterations` should be greater than zero. Received: `power_iterations={count}`"
        raise invalid(cx, "ValueError", message, "power_iterations", power_iterations)
    cx.set(self, "layer", layer)


@rule("keras.layers.SpectralNormalization.build")
def spectral_build(cx: Context, self: Instance, input_shape: Value) -> None:
    """Builds the inner layer, which must have a kernel or a table."""
    shape = shape_of(cx, input_shape)
    inner = self.fields["layer"]
    build_layer(cx, inner, shape)
    if not shape:
        return
    if is_keras3(cx):
        set_input_spec(cx, self, InputSpec(min_ndim=1, axes=((-1, shape[-1]),)))
    else:
        set_input_spec(cx, self, InputSpec(shape=(None, *(None if undefined(size) else size for size in shape[1:]))))
    if not isinstance(inner, Instance) or not isinstance(inner.library_type, str):
        return
    known = weights_of(inner)
    table = next((weight for weight in known if weight.name in ("kernel", "embeddings")), None)
    if table is None:
        if known or (inner.cls.name == inner.library_type and not known and not _has_weights(inner)):
            message = f"{class_name(inner)} object has no attribute 'kernel' nor 'embeddings'"
            raise invalid(cx, "ValueError", message, "layer", inner)
        return
    if table.shape:
        add_weight(cx, self, "vector_u", (1, table.shape[-1]), trainable=False)


def _has_weights(inner: Instance) -> bool:
    """Whether it holds layers that may have weights."""
    return any(isinstance(value, (Instance, Sequence)) for key, value in inner.fields.items() if key != "~nodes")


@rule("keras.layers.SpectralNormalization.call")
def spectral_call(cx: Context, self: Instance, inputs: Value, training: Value | None = None) -> Value:
    """What the inner layer gives; Keras 3 casts it to the dtype of the input."""
    made = call_layer(cx, self.fields["layer"], inputs)
    if is_keras3(cx) and isinstance(made, Array) and isinstance(inputs, Array):
        return made.replace(dtype=inputs.dtype)
    return made


@rule("keras.layers.SpectralNormalization.compute_output_spec", since="3")
def spectral_spec(cx: Context, self: Instance, inputs: Value, training: Value | None = None) -> Value:
    """Keras 3, symbolically: the shape that the inner layer gives."""
    shape = inputs.shape if isinstance(inputs, Array) else None
    return output(cx, self, inputs, output_shape_of(cx, self.fields["layer"], shape))
