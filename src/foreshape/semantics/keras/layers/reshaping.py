"""``Flatten``, ``Reshape``, ``Permute``, ``RepeatVector``, cropping, zero padding and upsampling.

Follows ``keras/src/layers/reshaping`` and the ``tf_keras`` ones. None of them touches the batch axis.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.dim import DimLike, product
from foreshape.domain.values import Array, Const, Instance, Int, Sequence, Shape, Typed, Value, as_dim, as_int
from foreshape.faults.reshape_size import ReshapeSize
from foreshape.faults.transpose_axes import TransposeAxes
from foreshape.semantics.keras.base import (
    InputSpec,
    anonymous,
    data_format,
    dim_field,
    dims_text,
    error,
    init_layer,
    is_keras3,
    output,
    set_input_spec,
    str_field,
    undefined,
)
from foreshape.semantics.keras.config import invalid, repr_value
from foreshape.semantics.keras.layers import kernels
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.shared.reshape import reshape as reshaped
from foreshape.semantics.shared.result import SizeError

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

SPATIAL_AXES: Final = {
    1: ("batch", "timesteps", "features"),
    2: ("batch", "height", "width", "channels"),
    3: ("batch", "depth", "height", "width", "channels"),
}

for _name in ("Flatten", "Reshape", "Permute", "RepeatVector"):
    library_type(f"keras.layers.{_name}", "keras.Layer")
for _rank in (1, 2, 3):
    for _name in ("Cropping", "ZeroPadding", "UpSampling"):
        library_type(f"keras.layers.{_name}{_rank}D", "keras.Layer")


# -- Flatten ----------------------------------------------------------------------------------------------------------


@rule("keras.layers.Flatten.__init__")
def flatten_init(cx: Context, self: Instance, data_format: Value | None = None, **kwargs: Value) -> None:
    """All axes but the batch become one."""
    init_layer(cx, self, kwargs)
    set_input_spec(cx, self, InputSpec(min_ndim=1))


@rule("keras.layers.Flatten.call")
def flatten_call(cx: Context, self: Instance, inputs: Value) -> Value:
    """(batch, ...) -> (batch, product of the rest). A None in the rest makes it None."""
    if not isinstance(inputs, Array) or inputs.shape is None or not inputs.shape:
        return output(cx, self, inputs, None)
    rest = inputs.shape[1:]
    size: DimLike = anonymous(cx) if any(undefined(dim) for dim in rest) else product(rest)
    return output(cx, self, inputs, (inputs.shape[0], size), inputs.dtype, ("batch", "feature"))


# -- Reshape ----------------------------------------------------------------------------------------------------------


@rule("keras.layers.Reshape.__init__")
def reshape_init(cx: Context, self: Instance, target_shape: Value, **kwargs: Value) -> None:
    """``target_shape`` leaves the batch axis out; one -1 is worked out."""
    init_layer(cx, self, kwargs)
    if isinstance(target_shape, (Const, Int, Typed)) and (
        not isinstance(target_shape, Const) or not isinstance(target_shape.value, str)
    ):
        kind = type(target_shape.value).__name__ if isinstance(target_shape, Const) else "int"
        raise invalid(cx, "TypeError", f"'{kind}' object is not iterable", "target_shape", target_shape)
    cx.set(self, "target_shape", target_shape)
    sizes = _target(cx, self)
    if sizes is not None and is_keras3(cx) and sum(1 for size in sizes if size == -1) > 1:
        message = (
            "There must be at most one unknown dimension (-1) in `target_shape`. "
            f"Received: target_shape={repr_value(target_shape)}."
        )
        raise invalid(cx, "ValueError", message, "target_shape", target_shape)


def _target(cx: Context, self: Instance) -> tuple[DimLike, ...] | None:
    target = self.fields.get("target_shape")
    items = target.contents.items() if isinstance(target, Sequence) else None
    if items is None:
        return None
    sizes: list[DimLike] = []
    for item in items:
        size = as_dim(item)
        sizes.append(cx.fresh() if size is None else size)
    return tuple(sizes)


@rule("keras.layers.Reshape.call")
def reshape_call(cx: Context, self: Instance, inputs: Value) -> Value:
    """(batch, ...) -> (batch, *target_shape)."""
    target = _target(cx, self)
    if not isinstance(inputs, Array) or inputs.shape is None or not inputs.shape or target is None:
        return output(cx, self, inputs, None)
    rest = inputs.shape[1:]
    batch = inputs.shape[0]
    if any(undefined(dim) for dim in rest):
        sizes = tuple(anonymous(cx) if size == -1 else size for size in target)
        return output(cx, self, inputs, (batch, *sizes), inputs.dtype)
    try:
        result = reshaped(rest, target, cx.facts)
    except SizeError:
        shown = repr_value(self.fields["target_shape"])
        message = f"There must be at most one unknown dimension in output_shape. Received: output_shape=[{shown[1:-1]}]."
        raise invalid(cx, "ValueError", message, "target_shape", self.fields["target_shape"]) from None
    made = output(cx, self, inputs, (batch, *result.shape), inputs.dtype, _roles(inputs, result.shape))
    for need in result.needs:
        if need.truth.is_no:
            raise _wrong_size(cx, self, inputs, rest, target, made)
        if need.kind == "equal":
            cx.equal(need.left, need.right)
    return made


def _roles(inputs: Array, target: Shape) -> tuple[str | None, ...] | None:
    """Axes that a reshape leaves at their place keep their word."""
    if inputs.roles is None or inputs.shape is None:
        return None
    found: list[str | None] = ["batch"]
    for position, size in enumerate(target, 1):
        kept = position < len(inputs.shape) and inputs.shape[1 : position + 1] == target[:position]
        found.append(inputs.roles[position] if kept and inputs.shape[position] == size else None)
    return tuple(found)


def _wrong_size(
    cx: Context, self: Instance, inputs: Array, rest: Shape, target: tuple[DimLike, ...], made: Array
) -> ReshapeSize:
    shown = repr_value(self.fields["target_shape"])
    exception = "ValueError"
    if is_keras3(cx):
        divided = ", however, the input size cannot by divided by the specified dimensions in target_shape"
        extra = divided if -1 in target else ""
        message = (
            f"The total size of the tensor must be unchanged{extra}. Received: input_shape={dims_text(rest)}, "
            f"target_shape={shown}"
        )
    else:
        message = (
            f"total size of new array must be unchanged, input_shape = [{', '.join(map(str, rest))}], "
            f"output_shape = [{', '.join(map(str, target))}]"
        )
        batch = inputs.shape[0] if inputs.shape else 1
        if not undefined(batch) and -1 not in target:
            exception = "InvalidArgumentError"
            message = (
                f"Input to reshape is a tensor with {product((batch, *rest))} values, but the requested shape has "
                f"{product((batch, *target))} [Op:Reshape]"
            )
    return ReshapeSize(
        error(cx, exception, message), values=(inputs,), recover=made, shape=rest, target=target, taker="Reshape"
    )


# -- Permute, RepeatVector --------------------------------------------------------------------------------------------


@rule("keras.layers.Permute.__init__")
def permute_init(cx: Context, self: Instance, dims: Value, **kwargs: Value) -> None:
    """``dims`` counts from 1: the batch axis stays."""
    init_layer(cx, self, kwargs)
    cx.set(self, "dims", dims)
    items = dims.contents.items() if isinstance(dims, Sequence) else None
    axes = None if items is None else [as_int(item) for item in items]
    if axes is None or any(axis is None for axis in axes):
        return
    order = tuple(axis for axis in axes if axis is not None)
    if sorted(order) != list(range(1, len(order) + 1)):
        message = (
            "Invalid permutation argument `dims` for Permute Layer. The set of indices in `dims` must be consecutive "
            f"and start from 1. Received dims={repr_value(dims)}"
        )
        raise TransposeAxes(
            error(cx, "ValueError", message), values=(dims,), taker="Permute", axes=order, rank=len(order)
        )
    cx.set(self, "~order", order)
    set_input_spec(cx, self, InputSpec(ndim=len(order) + 1))


@rule("keras.layers.Permute.call")
def permute_call(cx: Context, self: Instance, inputs: Value) -> Value:
    """The axes after the batch in another order."""
    order: tuple[int, ...] | None = self.fields.get("~order")
    if not isinstance(inputs, Array) or inputs.shape is None or order is None:
        return output(cx, self, inputs, None)
    if len(inputs.shape) != len(order) + 1:
        return _other_rank(cx, self, inputs, order)
    shape = (inputs.shape[0], *(inputs.shape[axis] for axis in order))
    roles = None if inputs.roles is None else (inputs.roles[0], *(inputs.roles[axis] for axis in order))
    return output(cx, self, inputs, shape, inputs.dtype, roles)


def _other_rank(cx: Context, self: Instance, inputs: Array, order: tuple[int, ...]) -> Value:
    """Within a layer that does not look at its input, or in a second symbolic call of Keras 2."""
    assert inputs.shape is not None
    rank = len(inputs.shape)
    if is_keras3(cx) and kernels.in_graph(cx):
        if max(order) >= rank:
            raise kernels.wrong_rank(cx, self, inputs, len(order) + 1, "tuple index out of range", exception="IndexError")
        return output(cx, self, inputs, (inputs.shape[0], *(inputs.shape[axis] for axis in order)), inputs.dtype)
    text = f"transpose expects a vector of size {rank}. But input(1) is a vector of size {len(order) + 1} [Op:Transpose]"
    raise kernels.wrong_rank(cx, self, inputs, len(order) + 1, text)


@rule("keras.layers.RepeatVector.compute_output_spec", since="3")
def repeat_spec(cx: Context, self: Instance, inputs: Value) -> Value:
    """Keras 3, symbolically: the second axis is taken for the features."""
    times = dim_field(self, "n")
    if not isinstance(inputs, Array) or inputs.shape is None or len(inputs.shape) < 2:
        return output(cx, self, inputs, None)
    count: DimLike = cx.fresh("n") if times is None else times
    return output(cx, self, inputs, (inputs.shape[0], count, inputs.shape[1]), roles=("batch", "time", "feature"))


@rule("keras.layers.RepeatVector.__init__")
def repeat_init(cx: Context, self: Instance, n: Value, **kwargs: Value) -> None:
    """(batch, features) -> (batch, n, features)."""
    init_layer(cx, self, kwargs)
    if isinstance(n, Const) and not isinstance(n.value, int):
        message = f"Expected an integer value for `n`, got {'<class ' + repr(type(n.value).__name__) + '>'}."
        raise invalid(cx, "TypeError", message, "n", n)
    if isinstance(n, Typed) and n.kind == "float":
        raise invalid(cx, "TypeError", "Expected an integer value for `n`, got <class 'float'>.", "n", n)
    if is_keras3(cx) and isinstance(n, Const) and n.value <= 0:
        message = f"Argument `n` should be a positive integer. Received: n={n.value}"
        raise invalid(cx, "ValueError", message, "n", n)
    cx.set(self, "n", n)
    set_input_spec(cx, self, InputSpec(ndim=2, axis_names=("batch", "features")))


@rule("keras.layers.RepeatVector.call")
def repeat_call(cx: Context, self: Instance, inputs: Value) -> Value:
    """The vector n times, as a sequence."""
    times = dim_field(self, "n")
    if not isinstance(inputs, Array) or inputs.shape is None or len(inputs.shape) != 2:
        return output(cx, self, inputs, None)
    count: DimLike = cx.fresh("n") if times is None else times
    shape = (inputs.shape[0], count, inputs.shape[1])
    return output(cx, self, inputs, shape, inputs.dtype, ("batch", "time", "feature"))


# -- cropping, padding, upsampling ------------------------------------------------------------------------------------


def _spatial_init(cx: Context, self: Instance, rank: int, layout: Value | None, kwargs: dict[str, Value]) -> None:
    init_layer(cx, self, kwargs)
    found = data_format(cx, layout, "") if rank > 1 or layout is not None else "channels_last"
    cx.set(self, "data_format", Const(found) if found is not None else cx.unknown("the data format is not known"))
    set_input_spec(cx, self, InputSpec(ndim=rank + 2, axis_names=SPATIAL_AXES[rank]))


def _pairs(cx: Context, value: Value, rank: int, name: str) -> tuple[tuple[DimLike, DimLike], ...] | None:
    """``1``, ``(1, 2)`` or ``((1, 2), (3, 4))`` as (before, after) for each spatial axis."""
    size = as_dim(value)
    if size is not None:
        return ((size, size),) * rank
    items = value.contents.items() if isinstance(value, Sequence) else None
    if items is None:
        return None
    if rank == 1 and len(items) == 2:
        first, second = as_dim(items[0]), as_dim(items[1])
        return None if first is None or second is None else ((first, second),)
    if len(items) != rank:
        if rank == 1:
            message = f"The `{name}` argument must be a tuple of 2 integers. Received: {repr_value(value)}"
        else:
            message = f"`{name}` should have {('two', 'three')[rank - 2]} elements. Received: {repr_value(value)}."
        raise invalid(cx, "ValueError", message, name, value)
    found: list[tuple[DimLike, DimLike]] = []
    for item in items:
        size = as_dim(item)
        if size is not None:
            found.append((size, size))
            continue
        pair = item.contents.items() if isinstance(item, Sequence) else None
        if pair is None or len(pair) != 2:
            return None
        first, second = as_dim(pair[0]), as_dim(pair[1])
        if first is None or second is None:
            return None
        found.append((first, second))
    return tuple(found)


def _spatial_axes(self: Instance, rank: int) -> range:
    first = 2 if str_field(self, "data_format") == "channels_first" else 1
    return range(first, first + rank)


def _resized(
    cx: Context, self: Instance, inputs: Value, rank: int, sizes: tuple[DimLike, ...] | None
) -> Value:
    if not isinstance(inputs, Array) or inputs.shape is None or len(inputs.shape) != rank + 2 or sizes is None:
        return output(cx, self, inputs, None)
    if str_field(self, "data_format") is None:
        return output(cx, self, inputs, tuple(cx.fresh() for _ in inputs.shape), inputs.dtype)
    shape = list(inputs.shape)
    for axis, size in zip(_spatial_axes(self, rank), sizes):
        shape[axis] = size
    return output(cx, self, inputs, tuple(shape), inputs.dtype, inputs.roles)


def _lengths(self: Instance, inputs: Value, rank: int) -> tuple[DimLike, ...] | None:
    if not isinstance(inputs, Array) or inputs.shape is None or len(inputs.shape) != rank + 2:
        return None
    return tuple(inputs.shape[axis] for axis in _spatial_axes(self, rank))


def _moved(
    cx: Context, self: Instance, inputs: Value, rank: int, sign: int
) -> Value:
    lengths = _lengths(self, inputs, rank)
    pairs: tuple[tuple[DimLike, DimLike], ...] | None = self.fields.get("~pairs")
    if lengths is None or pairs is None:
        return _resized(cx, self, inputs, rank, None)
    sizes: list[DimLike] = []
    for length, (before, after) in zip(lengths, pairs):
        size = anonymous(cx) if undefined(length) else length + (before + after) * sign
        if isinstance(size, int) and size <= 0 and sign < 0:
            assert isinstance(inputs, Array) and inputs.shape is not None
            message = (
                "Values in `cropping` argument should be smaller than the corresponding spatial dimension of the "
                f"input. Received: input_shape={dims_text(inputs.shape)}, cropping={_shown(pairs, rank)}"
            )
            if not is_keras3(cx):
                message = (
                    "cropping parameter of Cropping layer is too high, the result of crop along any axis cannot be "
                    f"less than or equal to 0. Received: inputs.shape={dims_text(inputs.shape)}, "
                    f"and cropping={_shown(pairs, rank)}"
                )
            raise invalid(cx, "ValueError", message, "cropping", self.fields.get("cropping"))
        sizes.append(size)
    return _resized(cx, self, inputs, rank, tuple(sizes))


def _shown(pairs: tuple[tuple[DimLike, DimLike], ...], rank: int) -> str:
    text = [f"({before}, {after})" for before, after in pairs]
    return text[0] if rank == 1 else f"({', '.join(text)})"


def _crop(rank: int) -> None:
    default = Const(1) if rank == 3 or rank == 1 else Const(0)

    @rule(f"keras.layers.Cropping{rank}D.__init__")
    def crop_init(
        cx: Context, self: Instance, cropping: Value | None = None, data_format: Value | None = None, **kwargs: Value
    ) -> None:
        _spatial_init(cx, self, rank, data_format, kwargs)
        value = cropping if cropping is not None else default
        cx.set(self, "cropping", value)
        cx.set(self, "~pairs", _pairs(cx, value, rank, "cropping"))

    @rule(f"keras.layers.Cropping{rank}D.call")
    def crop_call(cx: Context, self: Instance, inputs: Value) -> Value:
        return _moved(cx, self, inputs, rank, -1)

    @rule(f"keras.layers.ZeroPadding{rank}D.__init__")
    def pad_init(
        cx: Context, self: Instance, padding: Value | None = None, data_format: Value | None = None, **kwargs: Value
    ) -> None:
        _spatial_init(cx, self, rank, data_format, kwargs)
        value = padding if padding is not None else Const(1)
        cx.set(self, "padding", value)
        cx.set(self, "~pairs", _pairs(cx, value, rank, "padding"))

    @rule(f"keras.layers.ZeroPadding{rank}D.call")
    def pad_call(cx: Context, self: Instance, inputs: Value) -> Value:
        return _moved(cx, self, inputs, rank, 1)

    @rule(f"keras.layers.UpSampling{rank}D.call")
    def up_call(cx: Context, self: Instance, inputs: Value) -> Value:
        lengths = _lengths(self, inputs, rank)
        times: tuple[DimLike, ...] | None = self.fields.get("~size")
        if lengths is None or times is None:
            return _resized(cx, self, inputs, rank, None)
        sizes = tuple(anonymous(cx) if undefined(size) else size * by for size, by in zip(lengths, times))
        return _resized(cx, self, inputs, rank, sizes)


for _rank in (1, 2, 3):
    _crop(_rank)


def _up_init(cx: Context, self: Instance, rank: int, size: Value | None, layout: Value | None, kwargs: dict[str, Value]) -> None:
    from foreshape.semantics.keras.base import normalize_tuple

    _spatial_init(cx, self, rank, layout, kwargs)
    value = size if size is not None else Const(2)
    cx.set(self, "size", value)
    cx.set(self, "~size", normalize_tuple(cx, value, rank, "size"))


@rule("keras.layers.UpSampling1D.__init__")
def up1_init(cx: Context, self: Instance, size: Value | None = None, **kwargs: Value) -> None:
    """Each timestep ``size`` times."""
    _spatial_init(cx, self, 1, None, kwargs)
    times = as_dim(size) if size is not None else 2
    cx.set(self, "size", size if size is not None else Const(2))
    cx.set(self, "~size", None if times is None else (times,))


@rule("keras.layers.UpSampling2D.__init__")
def up2_init(
    cx: Context, self: Instance, size: Value | None = None, data_format: Value | None = None,
    interpolation: Value | None = None, **kwargs: Value,
) -> None:  # fmt: skip
    """Rows and columns ``size`` times."""
    _up_init(cx, self, 2, size, data_format, kwargs)


@rule("keras.layers.UpSampling3D.__init__")
def up3_init(
    cx: Context, self: Instance, size: Value | None = None, data_format: Value | None = None, **kwargs: Value
) -> None:
    """Three spatial axes ``size`` times."""
    _up_init(cx, self, 3, size, data_format, kwargs)
