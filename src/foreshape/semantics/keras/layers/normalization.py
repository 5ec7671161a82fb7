"""``BatchNormalization``, ``LayerNormalization``, ``GroupNormalization``, ``UnitNormalization``, ``RMSNormalization``,
``SpectralNormalization``.

Follows ``keras/src/layers/normalization`` and the ``tf_keras`` ones. The shape stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike
from foreshape.domain.values import (
    Array,
    Const,
    DictValue,
    Instance,
    Sequence,
    Shape,
    Value,
    as_bool,
    as_int,
    is_none,
)
from foreshape.faults.axis_range import AxisRange
from foreshape.faults.dtype_mismatch import DtypeMismatch
from foreshape.faults.feature_mismatch import FeatureMismatch
from foreshape.faults.mask_shape import MaskShape
from foreshape.faults.rank_mismatch import RankMismatch
from foreshape.faults.undefined_dimension import UndefinedDimension
from foreshape.semantics.keras.base import (
    InputSpec,
    add_weight,
    bool_field,
    class_name,
    dims_text,
    error,
    init_layer,
    is_keras3,
    output,
    same,
    set_input_spec,
    shape_of,
    undefined,
    weights_of,
)
from foreshape.semantics.keras.config import invalid, repr_value
from foreshape.semantics.keras.layers.checks import needs_defined
from foreshape.semantics.keras.layers.kernels import shape_error
from foreshape.semantics.keras.layers.numbers import fitted
from foreshape.semantics.keras.methods import in_graph
from foreshape.semantics.registry import library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

for _name in (
    "BatchNormalization", "LayerNormalization", "UnitNormalization", "RMSNormalization",
):  # fmt: skip
    library_type(f"keras.layers.{_name}", "keras.Layer")


def axes_of(self: Instance, rank: int) -> list[int] | None:
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


def given_axes(self: Instance) -> list[int] | None:
    """The axes as they were given."""
    value = self.fields.get("axis")
    one = as_int(value)
    if one is not None:
        return [one]
    items = value.contents.items() if isinstance(value, Sequence) else None
    found = [as_int(item) for item in items] if items is not None else [None]
    return None if None in found else [axis for axis in found if axis is not None]


def _check_axis_type(cx: Context, value: Value | None) -> None:
    """An axis is an int, or a list of them."""
    if isinstance(value, (Const, DictValue)) and as_int(value) is None:
        shown = repr_value(value)
        message = f"Expected an int or a list/tuple of ints for the argument 'axis', but received: {shown}"
        raise invalid(cx, "TypeError", message, "axis", value)


def check_in_range(cx: Context, self: Instance, shape: Shape) -> None:
    """Axes that the input does not have, when the layer is built."""
    rank = len(shape)
    for axis in given_axes(self) or ():
        if -rank <= axis < rank:
            continue
        if is_keras3(cx):
            raise AxisRange(
                error(cx, "IndexError", "tuple index out of range"), taker=class_name(self), axis=axis, rank=rank
            )
        message = (
            f"Invalid value for `axis` argument. Expected 0 <= axis < inputs.rank (with inputs.rank={rank}). "
            f"Received: axis={repr_value(self.fields.get('axis'))}"
        )
        raise AxisRange(error(cx, "ValueError", message), taker=class_name(self), axis=axis, rank=rank)


def _check_twice(cx: Context, self: Instance, axes: list[int], op: str) -> None:
    """The same axis twice: Keras 2 looks when it builds, Keras 3 leaves it to TensorFlow."""
    if len(set(axes)) == len(axes):
        return
    given = self.fields.get("axis")
    if not is_keras3(cx):
        raise invalid(cx, "ValueError", f"Duplicate axis: {repr_value(given)}", "axis", given)
    text = f"Invalid reduction arguments: Axes contains duplicate dimension: {axes[0]} [Op:{op}]"
    fault = invalid(cx, "InvalidArgumentError", text, "axis", given)
    fault.raises = shape_error(cx, text)
    raise fault


def keep(cx: Context, self: Instance, inputs: Value) -> Value:
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
    own: dict[str, Value | None] = {}
    for name in ("renorm", "renorm_clipping", "renorm_momentum"):
        if not is_keras3(cx) or cx.targets.at_least("keras", "3.15"):
            own[name] = kwargs.pop(name, None)
    if is_keras3(cx):
        if isinstance(axis, (Sequence, DictValue)) or (axis is not None and is_none(axis)):
            kind = getattr(axis, "kind", "NoneType")
            text = f"int() argument must be a string, a bytes-like object or a real number, not '{kind}'"
            raise invalid(cx, "TypeError", text, "axis", axis)
        _check_renorm(cx, own)
    else:
        _check_axis_type(cx, axis)
        fused = kwargs.pop("fused", None)
        for name in ("virtual_batch_size", "adjustment"):
            kwargs.pop(name, None)
    init_layer(cx, self, kwargs)
    if not is_keras3(cx):
        cx.set(self, "~fused", fused)
    cx.set(self, "axis", axis if axis is not None else Const(-1))
    cx.set(self, "center", center if center is not None else Const(True))
    cx.set(self, "scale", scale if scale is not None else Const(True))
    cx.set(self, "supports_masking", Const(True))


def _check_renorm(cx: Context, own: dict[str, Value | None]) -> None:
    clipping, renorm = own.get("renorm_clipping"), own.get("renorm")
    if renorm is None or as_bool(renorm) is not True or not isinstance(clipping, DictValue):
        return
    if set(clipping.entries) - {"rmax", "rmin", "dmax"}:
        message = (
            f"Received invalid keys for `renorm_clipping` argument: {repr_value(clipping)}. Supported values: "
            "['rmax', 'rmin', 'dmax']."
        )
        raise invalid(cx, "ValueError", message, "renorm_clipping", clipping)
    held = {key: value.value for key, value in clipping.entries.items() if isinstance(value, Const)}
    high, low, shift = (held.get(key) for key in ("rmax", "rmin", "dmax"))
    if isinstance(high, (int, float)) and isinstance(low, (int, float)) and high < low:
        message = "rmax should be greater than rmin in the `renorm_clipping` argument."
        raise invalid(cx, "ValueError", message, "renorm_clipping", clipping)
    if isinstance(shift, (int, float)) and shift < 0:
        message = "dmax should be non-negative in the `renorm_clipping` argument."
        raise invalid(cx, "ValueError", message, "renorm_clipping", clipping)


@rule("keras.layers.BatchNormalization.build")
def batch_norm_build(cx: Context, self: Instance, input_shape: Value) -> None:
    """gamma, beta and the moving statistics have the size of the axis."""
    shape = shape_of(cx, input_shape)
    if not shape:
        return
    check_in_range(cx, self, shape)
    axes = axes_of(self, len(shape))
    if axes is None:
        return
    if not is_keras3(cx):
        _check_twice(cx, self, axes, "")
        _check_fused(cx, self, shape, axes)
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


def _check_fused(cx: Context, self: Instance, shape: Shape, axes: list[int]) -> None:
    """Keras 2 has a faster way for images, which wants the channels first or last."""
    fused = self.fields.get("~fused")
    wanted = as_bool(fused) if isinstance(fused, Value) and not is_none(fused) else None
    if wanted is True and len(shape) not in (4, 5):
        message = (
            "Batch normalization layers with `fused=True` only support 4D or 5D input tensors. Received tensor with "
            "shape: "
            f"{dims_text(shape)}"
        )
        raise RankMismatch(
            error(cx, "ValueError", message), taker="BatchNormalization", needs=4, at_least=True, got=shape
        )
    if len(shape) == 4 and axes == [0] and wanted is not False and given_axes(self) != [0]:
        message = (
            "Unsupported axis. The use of `fused=True` is only possible with `axis=1` or `axis=3` for 4D input "
            "tensors. "
            f"Received: axis={tuple(axes)}"
        )
        raise invalid(cx, "ValueError", message, "axis", self.fields.get("axis"))


def _undefined_axis(cx: Context, self: Instance, shape: Shape, axis: int) -> None:
    if is_keras3(cx):
        needs_defined(cx, self, "BatchNormalization", shape, (None,), "gamma", axis)
    message = f"Input has undefined `axis` dimension. Received input with shape {dims_text(shape)} and axis=({axis},)"
    raise UndefinedDimension(error(cx, "ValueError", message), taker="BatchNormalization", axis=axis, shape=shape)


@rule("keras.layers.BatchNormalization.compute_output_spec", "keras.layers.LayerNormalization.compute_output_spec",
      "keras.layers.RMSNormalization.compute_output_spec", since="3")  # fmt: skip
def batch_norm_spec(
    cx: Context, self: Instance, inputs: Value, training: Value | None = None, mask: Value | None = None
) -> Value:
    """Keras 3, symbolically: the shape stays."""
    return keep(cx, self, inputs)


@rule("keras.layers.BatchNormalization.call")
def batch_norm_call(
    cx: Context, self: Instance, inputs: Value, training: Value | None = None, mask: Value | None = None
) -> Value:
    """The shape stays. A mask has one axis less."""
    if isinstance(inputs, Array) and inputs.shape is not None:
        if isinstance(mask, Array) and mask.shape is not None:
            trained = training is not None and as_bool(training) is True
            _check_mask(cx, inputs, mask, trained)
        if not is_keras3(cx):
            _check_again(cx, self, inputs)
    return keep(cx, self, inputs)


def _check_mask(cx: Context, inputs: Array, mask: Array, trained: bool) -> None:
    shape, got = inputs.shape or (), mask.shape or ()
    if is_keras3(cx) and len(got) != len(shape) - 1:
        text = (
            "The mask provided should be one dimension less than the inputs. Received: "
            f"mask.shape={dims_text(got)}, inputs.shape={dims_text(shape)}"
        )
        raise MaskShape(error(cx, "ValueError", text), values=(mask,), mask=got, shape=shape[:-1], axis=0)
    if not trained:
        return
    spread = (*got, 1)
    for axis in range(-min(len(spread), len(shape)), 0):
        one, two = spread[axis], shape[axis]
        if one != 1 and two != 1 and not same(cx, one, two):
            text = f"Incompatible shapes: {dims_text(spread)} vs. {dims_text(shape)} [Op:BroadcastTo]"
            raise MaskShape(shape_error(cx, text), values=(mask,), mask=got, shape=shape[:-1], axis=axis)


def _check_again(cx: Context, self: Instance, inputs: Array) -> None:
    """Keras 2 does not look at symbolic inputs of a layer that is built; its operations do."""
    specs = self.fields.get("~input_spec", ())
    spec = specs[0] if specs else None
    if spec is None or inputs.shape is None:
        return
    shape = inputs.shape
    if spec.ndim == 4 and len(shape) != 4:
        raise _other_rank(cx, self, inputs, 4, "ValueError", f"Shape must be rank 4 but is rank {len(shape)}")
    for axis, size in spec.axes:
        if axis >= len(shape):
            raise _other_rank(cx, self, inputs, spec.ndim or 0, "IndexError", "list index out of range")
        if size is not None and not same(cx, shape[axis], size):
            text = f"Dimensions must be equal, but are {shape[axis]} and {size}"
            raise _other_size(cx, self, inputs, axis, size, text)


def _other_rank(cx: Context, self: Instance, inputs: Array, needs: int, kind: str, text: str) -> RankMismatch:
    return RankMismatch(
        error(cx, kind, text),
        values=(inputs,),
        taker=class_name(self),
        needs=needs,
        at_least=False,
        got=inputs.shape or (),
    )


def _other_size(cx: Context, self: Instance, inputs: Array, axis: int, size: DimLike, text: str) -> FeatureMismatch:
    shape = inputs.shape or ()
    return FeatureMismatch(
        shape_error(cx, text), values=(inputs,), taker=class_name(self), needs=size, got=shape[axis],
        axis=axis if axis < 0 else axis - len(shape), shape=shape,
    )  # fmt: skip


# -- LayerNormalization and relatives ---------------------------------------------------------------------------------


@rule("keras.layers.LayerNormalization.__init__")
def layer_norm_init(
    cx: Context, self: Instance, axis: Value | None = None, epsilon: Value | None = None, center: Value | None = None,
    scale: Value | None = None, beta_initializer: Value | None = None, gamma_initializer: Value | None = None,
    beta_regularizer: Value | None = None, gamma_regularizer: Value | None = None,
    beta_constraint: Value | None = None, gamma_constraint: Value | None = None, **kwargs: Value,
) -> None:  # fmt: skip
    """Over ``axis``, the last one unless said otherwise."""
    if is_keras3(cx):
        kwargs.pop("rms_scaling", None)
    init_layer(cx, self, kwargs)
    _check_axis_type(cx, axis)
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
    kind = class_name(self)
    given = self.fields.get("axis")
    if kind == "RMSNormalization" and isinstance(given, Const) and as_int(given) is None:
        text = f"tuple indices must be integers or slices, not {type(given.value).__name__}"
        raise invalid(cx, "TypeError", text, "axis", given)
    check_in_range(cx, self, shape)
    axes = axes_of(self, len(shape))
    if axes is None:
        return
    if not is_keras3(cx):
        _check_twice(cx, self, axes, "")
    ordered = tuple(sorted(given_axes(self) or ())) if is_keras3(cx) else tuple(axes)
    cx.set(self, "~axes", ordered)
    sizes: tuple[DimLike, ...] = tuple(shape[axis] for axis in ordered)
    if any(undefined(size) for size in sizes):
        if is_keras3(cx):
            needs_defined(cx, self, kind, shape, sizes, "gamma", axes[0])
        message = "Attempt to convert a value (None) with an unsupported type (<class 'NoneType'>) to a Tensor."
        raise UndefinedDimension(error(cx, "ValueError", message), taker=kind, axis=axes[0], shape=shape)
    if bool_field(self, "scale", True):
        add_weight(cx, self, "gamma", sizes)
    if bool_field(self, "center", True):
        add_weight(cx, self, "beta", sizes)


@rule("keras.layers.LayerNormalization.call")
def layer_norm_call(cx: Context, self: Instance, inputs: Value) -> Value:
    """The shape stays. The sizes of the axes are those that the layer was built with."""
    axes: tuple[int, ...] | None = self.fields.get("~axes")
    weights = weights_of(self)
    if isinstance(inputs, Array) and inputs.shape is not None and axes is not None:
        shape = inputs.shape
        _check_twice(cx, self, [axis % len(shape) for axis in axes if shape], "Mean")
        sizes = weights[0].shape if weights else None
        for axis, size in zip(axes, sizes or ()):
            if not -len(shape) <= axis < len(shape):
                raise _other_rank(cx, self, inputs, axis + 1, "IndexError", "list index out of range")
            if not same(cx, shape[axis], size):
                text = f"Incompatible shapes: {dims_text(shape)} vs. {dims_text(sizes)} [Op:Mul] name: "
                raise _other_size(cx, self, inputs, axis, size, text)
    return keep(cx, self, inputs)


@rule("keras.layers.RMSNormalization.call", since="3")
def rms_norm_call(cx: Context, self: Instance, x: Value) -> Value:
    """The shape stays. The scale is multiplied from the right, so other axes than the last ones do not fit."""
    axes: tuple[int, ...] | None = self.fields.get("~axes")
    weights = weights_of(self)
    if not isinstance(x, Array) or x.shape is None or axes is None:
        return keep(cx, self, x)
    shape = x.shape
    _check_twice(cx, self, [axis % len(shape) for axis in axes if shape], "Mean")
    if weights and weights[0].shape is not None:
        shape = fitted(cx, self, x, shape, weights[0].shape, "Mul")
    return output(cx, self, x, shape, x.dtype, roles=x.roles if len(shape) == len(x.shape) else None)


@rule("keras.layers.UnitNormalization.__init__")
def unit_norm_init(cx: Context, self: Instance, axis: Value | None = None, **kwargs: Value) -> None:
    """Length 1 along ``axis``."""
    init_layer(cx, self, kwargs)
    _check_axis_type(cx, axis)
    cx.set(self, "axis", axis if axis is not None else Const(-1))
    cx.set(self, "supports_masking", Const(True))


@rule("keras.layers.UnitNormalization.build")
def unit_norm_build(cx: Context, self: Instance, input_shape: Value) -> None:
    """Keras 2 looks at the axes here."""
    shape = shape_of(cx, input_shape)
    if shape is None or is_keras3(cx):
        return
    check_in_range(cx, self, shape)
    axes = axes_of(self, len(shape))
    if axes is not None:
        _check_twice(cx, self, axes, "")


@rule("keras.layers.UnitNormalization.compute_output_spec", since="3")
def unit_norm_spec(cx: Context, self: Instance, inputs: Value) -> Value:
    """Keras 3, symbolically: the shape stays, the axes must be there."""
    if isinstance(inputs, Array) and inputs.shape is not None:
        rank = len(inputs.shape)
        for axis in given_axes(self) or ():
            if not -rank <= axis < rank:
                message = (
                    f"Axis {repr_value(self.fields.get('axis'))} is out of bounds for input shape "
                    f"{dims_text(inputs.shape)}."
                )
                raise AxisRange(
                    error(cx, "ValueError", message), values=(inputs,), taker="UnitNormalization", axis=axis, rank=rank
                )
    return keep(cx, self, inputs)


@rule("keras.layers.UnitNormalization.call")
def unit_norm_call(cx: Context, self: Instance, inputs: Value) -> Value:
    """The shape stays."""
    if is_keras3(cx) and isinstance(inputs, Array) and inputs.shape is not None:
        axes, rank = given_axes(self) or [], len(inputs.shape)
        for axis in axes:
            if not -rank <= axis < rank:
                text = f"Invalid reduction dimension ({axis} for input with {rank} dimension(s) [Op:Sum]"
                raise AxisRange(
                    shape_error(cx, text), values=(inputs,), taker="UnitNormalization", axis=axis, rank=rank
                )
        _check_twice(cx, self, [axis % rank for axis in axes], "Sum")
        if inputs.dtype is not None and inputs.dtype.startswith(("int", "uint", "bool")):
            text = (
                f"Value for attr 'T' of {inputs.dtype} is not in the list of allowed values: bfloat16, half, float, "
                "double"
            )
            raises = error(cx, "TypeError" if in_graph(cx) else "InvalidArgumentError", text)
            raise DtypeMismatch(
                raises, values=(inputs,), taker="UnitNormalization", got=(inputs.dtype,), wanted="float32"
            )
    return keep(cx, self, inputs)
