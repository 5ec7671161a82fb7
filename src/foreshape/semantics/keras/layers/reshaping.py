"""``Flatten``, ``Reshape``, ``Permute``, ``RepeatVector``, cropping, zero padding and upsampling.

Follows ``keras/src/layers/reshaping`` and the ``tf_keras`` ones. None of them touches the batch axis.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike, product
from foreshape.domain.values import Array, Const, Instance, Int, Sequence, Shape, Typed, Value, as_dim, as_int, as_str
from foreshape.faults.reshape_size import ReshapeSize
from foreshape.faults.transpose_axes import TransposeAxes
from foreshape.semantics.keras.base import (
    InputSpec,
    anonymous,
    dim_field,
    dims_text,
    error,
    init_layer,
    is_keras3,
    output,
    set_input_spec,
    undefined,
)
from foreshape.semantics.keras.config import checked_data_format, invalid, repr_value
from foreshape.semantics.keras.layers import kernels
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.shared.reshape import reshape as reshaped
from foreshape.semantics.shared.result import SizeError

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

for _name in ("Flatten", "Reshape", "Permute", "RepeatVector"):
    library_type(f"keras.layers.{_name}", "keras.Layer")


# -- Flatten ----------------------------------------------------------------------------------------------------------


@rule("keras.layers.Flatten.__init__")
def flatten_init(cx: Context, self: Instance, data_format: Value | None = None, **kwargs: Value) -> None:
    """All axes but the batch become one."""
    checked_data_format(cx, data_format, "")
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
    items = target_shape.contents.items() if isinstance(target_shape, Sequence) else None
    sizes = [] if items is None else [as_dim(item) for item in items]
    if not is_keras3(cx):
        return
    bad = next((size for size in sizes if isinstance(size, int) and size < -1), None)
    if bad is not None:
        message = (
            "Each dimension in `target_shape` must be a non-negative integer, or `-1` for a single unknown dimension. "
            f"Received: target_shape={repr_value(target_shape)}."
        )
        raise invalid(cx, "ValueError", message, "target_shape", target_shape)
    if sum(1 for size in sizes if isinstance(size, int) and size == -1) > 1:
        message = (
            "There must be at most one unknown dimension (-1) in `target_shape`. "
            f"Received: target_shape={repr_value(target_shape)}."
        )
        raise invalid(cx, "ValueError", message, "target_shape", target_shape)


def _target(cx: Context, self: Instance) -> tuple[DimLike | None, ...] | None:
    """The sizes; None for one that is no int (4.0, None), a fresh one where it is an int that is not known."""
    target = self.fields.get("target_shape")
    items = target.contents.items() if isinstance(target, Sequence) else None
    if items is None:
        return None
    sizes: list[DimLike | None] = []
    for item in items:
        size = as_dim(item)
        if size is None and not (isinstance(item, Const) and (item.value is None or isinstance(item.value, float))):
            size = cx.fresh()
        sizes.append(size)
    return tuple(sizes)


@rule("keras.layers.Reshape.compute_output_spec", since="3")
def reshape_spec(cx: Context, self: Instance, inputs: Value) -> Value:
    """Keras 3, symbolically: sizes that are no ints are left open, and nothing is checked then."""
    target = _target(cx, self)
    text = as_str(self.fields.get("target_shape"))
    if text is not None and isinstance(inputs, Array) and inputs.shape:
        shape = (inputs.shape[0], *(anonymous(cx) for _ in text))
        return output(cx, self, inputs, shape, inputs.dtype)
    if not isinstance(inputs, Array) or inputs.shape is None or not inputs.shape or target is None:
        return output(cx, self, inputs, None)
    if None in target or any(undefined(dim) for dim in inputs.shape[1:]):
        return _open(cx, self, inputs, target)
    return _reshaped(cx, self, inputs, tuple(size for size in target if size is not None), False)


def _open(cx: Context, self: Instance, inputs: Array, target: tuple[DimLike | None, ...]) -> Array:
    assert inputs.shape is not None
    sizes = (anonymous(cx) if size is None or (isinstance(size, int) and size < 0) else size for size in target)
    return output(cx, self, inputs, (inputs.shape[0], *sizes), inputs.dtype)


@rule("keras.layers.Reshape.call")
def reshape_call(cx: Context, self: Instance, inputs: Value) -> Value:
    """(batch, ...) -> (batch, *target_shape)."""
    target = _target(cx, self)
    _check_text(cx, self)
    if not isinstance(inputs, Array) or inputs.shape is None or not inputs.shape or target is None:
        return output(cx, self, inputs, None)
    graph = kernels.in_graph(cx)
    odd = None in target
    if odd and not is_keras3(cx):
        _refuse_odd(cx, self)
    if any(undefined(dim) for dim in inputs.shape[1:]):
        if any(isinstance(size, int) and size < -1 for size in target):
            bad = next(size for size in target if isinstance(size, int) and size < -1)
            raise kernels.refused(cx, f"Dimension {bad} must be >= 0", "target_shape", bad)
        return _open(cx, self, inputs, target)
    items = self.fields["target_shape"].contents.items()
    sizes = tuple(_as_int(size, item) for size, item in zip(target, items))
    if not graph and any(isinstance(size, int) and size < -1 for size in sizes):
        bad = next(size for size in sizes if isinstance(size, int) and size < -1)
        raise kernels.refused(cx, f"Size 1 must be non-negative, not {bad} [Op:Reshape]", "target_shape", bad)
    return _reshaped(cx, self, inputs, sizes, odd)


def _as_int(size: DimLike | None, item: Value) -> DimLike:
    """Keras 3 at once: 4.0 is 4, None is whatever is left."""
    if size is not None:
        return size
    return int(item.value) if isinstance(item, Const) and isinstance(item.value, float) else -1


def _check_text(cx: Context, self: Instance) -> None:
    """``target_shape="20"``: each letter is taken for a size."""
    given = self.fields.get("target_shape")
    text = as_str(given)
    if text is None or not isinstance(given, Value):
        return
    if is_keras3(cx):
        message = f"There must be at most one unknown dimension (-1) in `newshape`. Received: newshape={text}."
        raise invalid(cx, "ValueError", message, "target_shape", given)
    message = f"Cannot convert {text[:1]!r} to EagerTensor of dtype int32"
    if kernels.in_graph(cx):
        message = f"Expected int32, but got {text[:1]} of type 'str'."
    raise invalid(cx, "TypeError", message, "target_shape", given)


def _refuse_odd(cx: Context, self: Instance) -> None:
    """Keras 2 takes ints only."""
    given = self.fields["target_shape"]
    items = given.contents.items() or ()
    value = next(item.value for item in items if isinstance(item, Const) and not isinstance(item.value, int))
    if value is None:
        message = "Attempt to convert a value (None) with an unsupported type (<class 'NoneType'>) to a Tensor."
        raise invalid(cx, "ValueError", message, "target_shape", given)
    message = f"Cannot convert {value} to EagerTensor of dtype int32"
    if kernels.in_graph(cx):
        message = f"Expected int32, but got {value} of type 'float'."
    raise invalid(cx, "TypeError", message, "target_shape", given)


def _reshaped(cx: Context, self: Instance, inputs: Array, target: tuple[DimLike, ...], odd: bool) -> Array:
    assert inputs.shape is not None
    rest, batch = inputs.shape[1:], inputs.shape[0]
    if not is_keras3(cx):
        # any negative size stands for what is left
        target = tuple(-1 if isinstance(size, int) and size < 0 else size for size in target)
    try:
        result = reshaped(rest, target, cx.facts)
    except SizeError:
        shown = repr_value(self.fields["target_shape"])
        message = (
            f"There must be at most one unknown dimension in output_shape. Received: output_shape=[{shown[1:-1]}]."
        )
        at_once = not is_keras3(cx) and not kernels.in_graph(cx)
        if at_once:
            message = "Only one input size may be -1, not both 1 and 2 [Op:Reshape]"
        exception = "InvalidArgumentError" if at_once else "ValueError"
        raise invalid(cx, exception, message, "target_shape", self.fields["target_shape"]) from None
    made = output(cx, self, inputs, (batch, *result.shape), inputs.dtype, _roles(inputs, result.shape))
    if inputs.roles is not None and any(role is not None for role in inputs.roles[1:]):
        from foreshape.semantics.shared.silent import note_reshape

        note_reshape(cx, inputs, (batch, *result.shape))
    for need in result.needs:
        if need.truth.is_no:
            raise _wrong_size(cx, self, inputs, rest, target, made, odd)
        if need.kind == "equal" and not cx.equal(need.left, need.right):
            raise _wrong_size(cx, self, inputs, rest, target, made, odd)
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
    cx: Context, self: Instance, inputs: Array, rest: Shape, target: tuple[DimLike, ...], made: Array, odd: bool
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
    if odd or not (is_keras3(cx) or kernels.in_graph(cx)):
        batch = inputs.shape[0] if inputs.shape else 1
        exception = "InvalidArgumentError"
        asked = "requires a multiple of" if -1 in target else "has"
        known = product(tuple(size for size in (batch, *target) if size != -1))
        message = (
            f"Input to reshape is a tensor with {product((batch, *rest))} values, but the requested shape {asked} "
            f"{known} "
            "[Op:Reshape]"
        )
    return ReshapeSize(
        error(cx, exception, message), values=(inputs,), recover=made, shape=rest, target=target, taker="Reshape"
    )


# -- Permute, RepeatVector --------------------------------------------------------------------------------------------


@rule("keras.layers.Permute.__init__")
def permute_init(cx: Context, self: Instance, dims: Value, **kwargs: Value) -> None:
    """``dims`` counts from 1: the batch axis stays."""
    init_layer(cx, self, kwargs)
    if as_dim(dims) is not None:
        raise invalid(cx, "TypeError", "'int' object is not iterable", "dims", dims)
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
            raise kernels.wrong_rank(
                cx, self, inputs, len(order) + 1, "tuple index out of range", exception="IndexError"
            )
        return output(cx, self, inputs, (inputs.shape[0], *(inputs.shape[axis] for axis in order)), inputs.dtype)
    if is_keras3(cx) and max(order) >= rank:
        text = f"axis {max(order)} is out of bounds for an array of dimension {rank}."
        raise kernels.wrong_rank(cx, self, inputs, len(order) + 1, text, exception="ValueError")
    text = (
        f"transpose expects a vector of size {rank}. But input(1) is a vector of size {len(order) + 1} [Op:Transpose]"
    )
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
    if isinstance(n, Sequence):
        raise invalid(cx, "TypeError", f"Expected an integer value for `n`, got <class '{n.kind}'>.", "n", n)
    if is_keras3(cx) and isinstance(n, Const) and n.value <= 0:
        message = f"Argument `n` should be a positive integer. Received: n={n.value}"
        raise invalid(cx, "ValueError", message, "n", n)
    cx.set(self, "n", n)
    set_input_spec(cx, self, InputSpec(ndim=2, axis_names=("batch", "features")))


@rule("keras.layers.RepeatVector.call")
def repeat_call(cx: Context, self: Instance, inputs: Value) -> Value:
    """The vector n times, as a sequence."""
    times = dim_field(self, "n")
    if not isinstance(inputs, Array) or inputs.shape is None:
        return output(cx, self, inputs, None)
    if len(inputs.shape) != 2:
        if not is_keras3(cx):
            raise kernels.wrong_rank(cx, self, inputs, 2, "", exception="AssertionError", axes=("batch", "features"))
        text = "Input to reshape is a tensor with more values than the requested shape has [Op:Reshape]"
        raise kernels.wrong_rank(cx, self, inputs, 2, text, axes=("batch", "features"))
    count: DimLike = cx.fresh("n") if times is None else times
    if isinstance(count, int) and count < 0:
        if not kernels.in_graph(cx):
            raise kernels.refused(cx, f"Expected multiples[1] >= 0, but got {count} [Op:Tile] name: ", "n", count)
        count = anonymous(cx)
    shape = (inputs.shape[0], count, inputs.shape[1])
    return output(cx, self, inputs, shape, inputs.dtype, ("batch", "time", "feature"))
