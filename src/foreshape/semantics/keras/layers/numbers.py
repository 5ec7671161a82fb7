"""``Rescaling`` and ``Normalization``: numbers in, numbers out.

Follows ``keras/src/layers/preprocessing`` and the ``tf_keras`` ones. Both stretch what they multiply with to the
input, as NumPy does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike, product
from foreshape.domain.values import Array, Const, Instance, Int, Sequence, Shape, Typed, Value, as_int, is_none
from foreshape.faults.broadcast_mismatch import BroadcastMismatch
from foreshape.faults.undefined_dimension import UndefinedDimension
from foreshape.semantics.keras.base import (
    add_weight,
    anonymous,
    build_layer,
    class_name,
    dims_text,
    error,
    init_layer,
    is_keras3,
    output,
    shape_of,
    undefined,
)
from foreshape.semantics.keras.config import default_data_format, invalid, repr_value
from foreshape.semantics.keras.layers.kernels import shape_error, sizes_text
from foreshape.semantics.registry import library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

library_type("keras.layers.Rescaling", "keras.Layer")
library_type("keras.layers.Normalization", "keras.Layer")


def shape_of_data(value: Value | None) -> Shape | None:
    """The shape of what ``np.shape`` is given: a number, nested lists of numbers, an array. None: not known."""
    if isinstance(value, Array):
        return value.shape
    if isinstance(value, (Const, Int, Typed)):
        return ()
    if isinstance(value, Sequence):
        items = value.contents.items()
        if items is None:
            return None
        if not items:
            return (0,)
        inner = shape_of_data(items[0])
        return None if inner is None else (len(items), *inner)
    return None


def stretched(cx: Context, layer: Instance, inputs: Array, other: Shape, op: str) -> Shape:
    """The shape of ``inputs`` and ``other`` together; raises where they do not fit."""
    assert inputs.shape is not None
    return fitted(cx, layer, inputs, inputs.shape, other, op)


def fitted(cx: Context, layer: Instance, like: Array, one: Shape, other: Shape, op: str) -> Shape:
    """As :func:`stretched`, for a shape that follows from ``like``."""
    rank = max(len(one), len(other))
    sizes: list[DimLike] = []
    for axis in range(-rank, 0):
        a = one[axis] if -axis <= len(one) else 1
        b = other[axis] if -axis <= len(other) else 1
        if b == 1 or a == 1:
            sizes.append(b if a == 1 else a)
        elif undefined(a) or undefined(b):
            sizes.append(b if undefined(a) else a)
        elif cx.equal(a, b):
            sizes.append(a)
        else:
            text = f"Incompatible shapes: {sizes_text(one)} vs. {sizes_text(other)} [Op:{op}] name: "
            raise BroadcastMismatch(
                shape_error(cx, text), values=(like,), taker=class_name(layer), shapes=(one, other), axis=axis
            )
    return tuple(sizes)


# -- Rescaling --------------------------------------------------------------------------------------------------------


@rule("keras.layers.Rescaling.__init__")
def rescaling_init(cx: Context, self: Instance, scale: Value, offset: Value | None = None, **kwargs: Value) -> None:
    """``inputs * scale + offset``; both may be lists, one number for each channel."""
    init_layer(cx, self, kwargs)
    cx.set(self, "scale", scale)
    cx.set(self, "offset", offset if offset is not None else Const(0.0))
    cx.set(self, "supports_masking", Const(True))


@rule("keras.layers.Rescaling.compute_output_spec", since="3")
def rescaling_spec(cx: Context, self: Instance, inputs: Value) -> Value:
    """Keras 3, symbolically: the shape stays, whatever the scale."""
    return _kept(cx, self, inputs)


def _kept(cx: Context, self: Instance, inputs: Value) -> Value:
    if not isinstance(inputs, Array):
        return output(cx, self, inputs, None)
    return output(cx, self, inputs, inputs.shape, roles=inputs.roles)


@rule("keras.layers.Rescaling.call")
def rescaling_call(cx: Context, self: Instance, inputs: Value) -> Value:
    """The shape stays, unless the scale has more axes."""
    if not isinstance(inputs, Array) or inputs.shape is None:
        return _kept(cx, self, inputs)
    shape = inputs.shape
    for name, op in (("scale", "Mul"), ("offset", "AddV2")):
        other = shape_of_data(self.fields.get(name))
        if other is None:
            return _kept(cx, self, inputs)
        if name == "scale" and other and is_keras3(cx) and default_data_format(cx) == "channels_first":
            other = (*other, *(1 for _ in range(3 - len(other))))
        shape = fitted(cx, self, inputs, shape, other, op)
    return output(cx, self, inputs, shape, roles=inputs.roles if len(shape) == len(inputs.shape) else None)


# -- Normalization ----------------------------------------------------------------------------------------------------


@rule("keras.layers.Normalization.__init__")
def normalization_init(
    cx: Context, self: Instance, axis: Value | None = None, mean: Value | None = None, variance: Value | None = None,
    invert: Value | None = None, **kwargs: Value,
) -> None:  # fmt: skip
    """``axis``: the axes that have a mean of their own each."""
    init_layer(cx, self, kwargs)
    cx.set(self, "~axes", _axes(axis))
    cx.set(self, "axis", axis if axis is not None else Const(-1))
    cx.set(self, "supports_masking", Const(True))
    given = {name: value for name, value in (("mean", mean), ("variance", variance)) if not is_none(value)}
    given = {name: value for name, value in given.items() if value is not None}
    if len(given) == 1:
        got = f"mean={repr_value(mean)} and variance={repr_value(variance)}"
        message = f"When setting values directly, both `mean` and `variance` must be set. Received: {got}"
        raise invalid(cx, "ValueError", message, *next(iter(given.items())))
    if not given:
        return
    cx.set(self, "~mean", given["mean"])
    one, two, axes = shape_of_data(given["mean"]), shape_of_data(given["variance"]), self.fields["~axes"]
    if not is_keras3(cx) or one is None or two is None:
        return
    if len(one) != len(two) or not all(cx.equal(a, b) for a, b in zip(one, two)):
        message = (
            "When setting values directly, `mean` and `variance` must have the same shape. Received: "
            f"mean shape {dims_text(one)} and variance shape {dims_text(two)}"
        )
        raise invalid(cx, "ValueError", message, "variance", variance)
    if axes is not None and len(one) > len(axes):
        message = (
            f"The rank of `mean` must be less than or equal to the number of axes ({len(axes)}). Received: mean shape "
            f"{dims_text(one)} for axis {axes}"
        )
        raise invalid(cx, "ValueError", message, "axis", axis)


def _axes(value: Value | None) -> tuple[int, ...] | None:
    if value is None:
        return (-1,)
    if is_none(value):
        return ()
    one = as_int(value)
    if one is not None:
        return (one,)
    items = value.contents.items() if isinstance(value, Sequence) else None
    found = [as_int(item) for item in items] if items is not None else [None]
    return None if any(axis is None for axis in found) else tuple(axis for axis in found if axis is not None)


@rule("keras.layers.Normalization.build")
def normalization_build(cx: Context, self: Instance, input_shape: Value) -> None:
    """Mean and variance have the sizes of the axes that are kept, which must be known."""
    shape = shape_of(cx, input_shape)
    axes: tuple[int, ...] | None = self.fields.get("~axes")
    if shape is None or axes is None:
        return
    rank = len(shape)
    if any(not -rank <= axis < rank for axis in axes):
        message = (
            f"All `axis` values must be in the range [-ndim, ndim). Received inputs with ndim={rank}, while axis={axes}"
        )
        raise invalid(cx, "ValueError", message, "axis", self.fields.get("axis"))
    kept = sorted(axis % rank for axis in axes)
    for axis in kept:
        if undefined(shape[axis]):
            message = (
                f"All `axis` values to be kept must have a known shape. Received axis={axes}, "
                f"inputs.shape={dims_text(shape)}, with unknown axis at index {axis}"
            )
            raise UndefinedDimension(error(cx, "ValueError", message), taker="Normalization", axis=axis, shape=shape)
    sizes = tuple(shape[axis] for axis in kept)
    cx.set(self, "~broadcast", tuple(shape[axis] if axis in kept else 1 for axis in range(rank)))
    mean = self.fields.get("~mean")
    if mean is None:
        for name in ("mean", "variance"):
            add_weight(cx, self, name, sizes, trainable=False)
        add_weight(cx, self, "count", (), "int32" if is_keras3(cx) else "int64", trainable=False)
        return
    given = shape_of_data(mean)
    if given:
        _check_mean(cx, self, given, sizes, kept, rank)


def _check_mean(cx: Context, self: Instance, given: Shape, sizes: Shape, kept: list[int], rank: int) -> None:
    """A mean that was passed in must fit. It is worked out at once, also while a model is made."""
    if is_keras3(cx):
        if len(given) > len(kept):
            return
        wanted = sizes[len(sizes) - len(given) :]
        for axis, (got, size) in enumerate(zip(given, wanted)):
            if got == 1 or cx.equal(got, size):
                continue
            text = f"Incompatible shapes: {sizes_text(given)} vs. {sizes_text(wanted)} [Op:BroadcastTo]"
            raise _unfitting(cx, "InvalidArgumentError", text, given, wanted, axis - len(given))
        return
    for axis in range(-min(len(given), len(sizes)), 0):
        got, size = given[axis], sizes[axis]
        if got != 1 and size != 1 and not cx.equal(got, size):
            text = f"operands could not be broadcast together with shapes {dims_text(given)} {dims_text(sizes)} "
            raise _unfitting(cx, "ValueError", text, given, sizes, axis)
    longer = max(len(given), len(sizes))
    spread = [1] * (longer - len(given)), [1] * (longer - len(sizes))
    both = [b if a == 1 else a for a, b in zip((*spread[0], *given), (*spread[1], *sizes))]
    if not cx.equal(product(tuple(both)), product(sizes)):
        text = (
            f"Input to reshape is a tensor with {product(tuple(both))} values, but the requested shape has "
            f"{product(sizes)}"
        )
        raise _unfitting(cx, "InvalidArgumentError", text, given, sizes, -1)


def _unfitting(cx: Context, kind: str, text: str, given: Shape, wanted: Shape, axis: int) -> BroadcastMismatch:
    return BroadcastMismatch(error(cx, kind, text), taker="Normalization", shapes=(given, wanted), axis=axis)


@rule("keras.layers.Normalization.compute_output_spec", since="3")
def normalization_spec(cx: Context, self: Instance, inputs: Value) -> Value:
    """Keras 3, symbolically: the shape stays."""
    return _kept(cx, self, inputs)


@rule("keras.layers.Normalization.call")
def normalization_call(cx: Context, self: Instance, inputs: Value) -> Value:
    """The input against mean and variance, which have the shape that the layer was built with."""
    other = self.fields.get("~broadcast")
    if not isinstance(inputs, Array) or inputs.shape is None or other is None:
        return _kept(cx, self, inputs)
    shape = stretched(cx, self, inputs, other, "Sub")
    return output(cx, self, inputs, shape, roles=inputs.roles if len(shape) == len(inputs.shape) else None)


@rule("keras.layers.Normalization.adapt")
def normalization_adapt(
    cx: Context, self: Instance, data: Value, batch_size: Value | None = None, steps: Value | None = None
) -> Value:
    """Finds mean and variance in the data; builds the layer for its shape. A list of arrays is one of batches."""
    first = data.contents.at(0) if isinstance(data, Sequence) and is_keras3(cx) else None
    shape = shape_of_data(first if isinstance(first, Array) and first.rank != 0 else data)
    if shape is not None and (len(shape) > 1 or is_keras3(cx)):
        rows = shape[:1] if len(shape) == 1 else (anonymous(cx),)
        build_layer(cx, self, (*rows, *shape[1:]))
    return Const(None)
