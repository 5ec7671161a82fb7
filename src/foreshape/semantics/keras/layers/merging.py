"""``Add``, ``Subtract``, ``Multiply``, ``Average``, ``Maximum``, ``Minimum``, ``Concatenate``, ``Dot``.

They also come as functions: ``keras.layers.add`` and so on.

Follows ``keras/src/layers/merging`` and the ``tf_keras`` ones. They check the shapes of a list of tensors when they
are built.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.dim import DimLike
from foreshape.domain.dtype import promote_keras
from foreshape.domain.values import Array, Const, Instance, Int, LibraryRef, Sequence, Shape, Unknown, Value, as_int
from foreshape.faults.axis_range import AxisRange
from foreshape.faults.broadcast_mismatch import BroadcastMismatch
from foreshape.faults.dtype_mismatch import DtypeMismatch
from foreshape.faults.join_mismatch import JoinMismatch
from foreshape.faults.layer_input_count import LayerInputCount
from foreshape.faults.matmul_mismatch import MatmulMismatch
from foreshape.faults.rank_mismatch import RankMismatch
from foreshape.semantics.keras.base import (
    anonymous,
    dims_text,
    error,
    init_layer,
    is_keras3,
    output,
    same,
    shape_of,
    undefined,
)
from foreshape.semantics.keras.config import invalid, repr_value
from foreshape.semantics.keras.layers.numbers import fitted
from foreshape.semantics.keras.methods import in_graph
from foreshape.semantics.registry import library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

ELEMENTWISE: Final = ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum")
OPS: Final = {"Add": "AddV2", "Subtract": "Sub", "Multiply": "Mul", "Average": "AddV2", "Concatenate": "ConcatV2"}
"""What TensorFlow calls the operation, where its name is another one."""

library_type("keras.layers.Merge", "keras.Layer")
for _layer in (*ELEMENTWISE, "Concatenate", "Dot"):
    library_type(f"keras.layers.{_layer}", "keras.layers.Merge")


@rule(*(f"keras.layers.{name}.__init__" for name in ELEMENTWISE))
def merge_init(cx: Context, self: Instance, **kwargs: Value) -> None:
    """No arguments of their own."""
    init_layer(cx, self, kwargs)
    cx.set(self, "supports_masking", Const(True))


def shapes_of_list(cx: Context, value: Value) -> list[Shape | None] | None:
    """The shapes of a list of tensors; None where it is not a list."""
    if not isinstance(value, Sequence):
        return None
    items = value.contents.items()
    if items is None:
        return []
    if any(isinstance(item, (Const, Int)) for item in items):
        return None  # one shape, not a list of them
    return [shape_of(cx, item) for item in items]


def _name(self: Instance) -> str:
    return self.cls.name.rpartition(".")[2]


def _not_a_list(cx: Context, self: Instance, message: str, got: int) -> LayerInputCount:
    return LayerInputCount(error(cx, "ValueError", message), taker=_name(self), needs=2, got=got)


def _is_empty(value: Value) -> bool:
    return isinstance(value, Sequence) and value.contents.items() == ()


def _nothing(cx: Context, self: Instance, kind: str, message: str) -> LayerInputCount:
    return LayerInputCount(error(cx, kind, message), taker=_name(self), needs=2, got=0)


def _shapes_text(shapes: list[Shape | None]) -> str:
    return "[" + ", ".join(dims_text(shape) for shape in shapes) + "]"


@rule("keras.layers.Merge.build")
def merge_build(cx: Context, self: Instance, input_shape: Value) -> None:
    """Each pair must broadcast, the batch axis aside."""
    if isinstance(input_shape, Unknown):
        return
    shapes = shapes_of_list(cx, input_shape)
    if _is_empty(input_shape):
        if is_keras3(cx):
            raise _nothing(cx, self, "TypeError", "'NoneType' object is not subscriptable")
        raise _nothing(cx, self, "IndexError", "tuple index out of range")
    if shapes is None:
        text = dims_text(shape_of(cx, input_shape))
        message = (
            f"A merge layer should be called on a list of inputs. Received: input_shape={text} (not a list of shapes)"
        )
        raise _not_a_list(cx, self, message, 1)
    if _name(self) == "Subtract" and len(shapes) != 2 and shapes:
        message = (
            f"A `Subtract` layer should be called on exactly 2 inputs. Received: input_shape={_shapes_text(shapes)}"
        )
        raise _not_a_list(cx, self, message, len(shapes))
    known = [shape for shape in shapes if shape is not None]
    if len(known) != len(shapes) or not known:
        return
    _check_batches(cx, self, known)
    _check_pairs(cx, self, known)


def _check_batches(cx: Context, self: Instance, shapes: list[Shape]) -> None:
    batches = [shape[0] for shape in shapes if shape and not undefined(shape[0])]
    for batch in batches[1:]:
        if not cx.equal(batches[0], batch):
            word = "Received" if cx.targets.at_least("keras", "3") else "Got"
            message = (
                f"Cannot merge tensors with different batch sizes. {word} tensors with shapes "
                f"{_shapes_text(list(shapes))}"
            )
            raise BroadcastMismatch(error(cx, "ValueError", message), taker=_name(self), shapes=tuple(shapes), axis=0)


def _check_pairs(cx: Context, self: Instance, shapes: list[Shape]) -> None:
    joined: Shape = shapes[0][1:]
    for shape in shapes[1:]:
        other: Shape = shape[1:]
        if len(joined) < len(other):
            joined, other = other, joined
        if not other:
            continue
        sizes: list[DimLike] = list(joined[: len(joined) - len(other)])
        for i, j in zip(joined[len(joined) - len(other) :], other):
            if undefined(i) or undefined(j):
                sizes.append(anonymous(cx))
            elif i == 1 or j == 1:
                sizes.append(j if i == 1 else i)
            elif same(cx, i, j):
                sizes.append(i)
            else:
                message = f"Inputs have incompatible shapes. Received shapes {dims_text(joined)} and {dims_text(other)}"
                raise BroadcastMismatch(
                    error(cx, "ValueError", message), taker=_name(self), shapes=(joined, other), axis=len(sizes) + 1
                )
        joined = tuple(sizes)


def _arrays(value: Value) -> list[Array] | None:
    items = value.contents.items() if isinstance(value, Sequence) else None
    if items is None or not all(isinstance(item, Array) and item.shape is not None for item in items):
        return None
    return [item for item in items if isinstance(item, Array)]


@rule("keras.layers.Merge.compute_output_spec", since="3")
def merge_spec(cx: Context, self: Instance, inputs: Value) -> Value:
    """Keras 3, symbolically: the broadcast shape, in the dtype of the layer."""
    arrays = _arrays(inputs)
    if not arrays:
        return output(cx, self, None, None)
    _check_pairs(cx, self, [array.shape or () for array in arrays])
    return _merged(cx, self, arrays, None)


@rule("keras.layers.Merge.call", since="3")
def merge_call(cx: Context, self: Instance, inputs: Value) -> Value:
    """Element by element: the broadcast shape. Tensors of fewer axes get axes of size 1 after the batch."""
    return _merge(cx, self, inputs)


@rule("keras.layers.Merge.call", until="3")
def merge_call_keras2(cx: Context, self: Instance, inputs: Value, *others: Value) -> Value:
    """As in Keras 3. Tensors that are not in a list are noticed when the layer is built."""
    return _merge(cx, self, inputs)


def _merge(cx: Context, self: Instance, inputs: Value) -> Value:
    arrays = _arrays(inputs)
    if not arrays:
        return output(cx, self, None, None)
    if _name(self) == "Subtract" and len(arrays) != 2:
        message = f"A `Subtract` layer should be called on exactly 2 inputs. Received: {len(arrays)} inputs"
        raise _not_a_list(cx, self, message, len(arrays))
    dtype = _common_dtype(cx, self, arrays)
    op = OPS.get(_name(self), _name(self))
    rank = max(len(array.shape or ()) for array in arrays)
    shape = _padded(arrays[0].shape or (), rank)
    for array in arrays[1:]:
        shape = fitted(cx, self, array, shape, _padded(array.shape or (), rank), op)
    if _name(self) == "Average" and dtype is not None and not dtype.startswith(("float", "bfloat", "complex")):
        dtype = "float32" if dtype in ("int8", "uint8", "int16", "uint16") else "float64"  # a true division
    return _merged(cx, self, arrays, dtype)


def _common_dtype(cx: Context, self: Instance, arrays: list[Array]) -> str | None:
    """Keras 3 promotes; Keras 2 leaves it to TensorFlow, which does not."""
    dtypes = [array.dtype for array in arrays]
    known = [dtype for dtype in dtypes if dtype is not None]
    if len(known) < len(dtypes):
        return None
    if is_keras3(cx):
        return promote_keras(*known)
    for array, dtype in zip(arrays, known):
        if dtype != known[0]:
            op = OPS.get(_name(self), _name(self))
            text = (
                f"cannot compute {op} as input #1(zero-based) was expected to be a {known[0]} tensor but is a "
                f"{dtype} tensor"
            )
            raises = error(cx, "TypeError" if in_graph(cx) else "InvalidArgumentError", f"{text} [Op:{op}] name: ")
            raise DtypeMismatch(raises, values=(array,), taker=_name(self), got=(known[0], dtype), wanted=known[0])
    return known[0]


def _merged(cx: Context, self: Instance, arrays: list[Array], dtype: str | None) -> Value:
    rank = max(len(array.shape or ()) for array in arrays)
    whole: list[DimLike] = []
    for axis in range(rank):
        sizes = [_padded(array.shape or (), rank)[axis] for array in arrays]
        whole.append(_broadcast(cx, sizes, axis))
    roles = next((array.roles for array in arrays if array.roles and len(array.roles) == rank), None)
    made = output(cx, self, arrays[0], tuple(whole), dtype, roles=roles)
    made.tainted = any(array.tainted for array in arrays)
    return made


def _padded(shape: Shape, rank: int) -> Shape:
    missing = rank - len(shape)
    return shape if not missing else (*shape[:1], *(1 for _ in range(missing)), *shape[1:])


def _broadcast(cx: Context, sizes: list[DimLike], axis: int) -> DimLike:
    if axis == 0:
        return next((size for size in sizes if not undefined(size)), sizes[0])
    known = [size for size in sizes if not undefined(size)]
    if len(known) < len(sizes) and cx.targets.at_least("keras", "3"):
        return anonymous(cx)
    wide = [size for size in known if not (isinstance(size, int) and size == 1)]
    if wide:
        return wide[0]
    return anonymous(cx) if len(known) < len(sizes) else 1


@rule("keras.layers.Merge.compute_mask", "keras.layers.Concatenate.compute_mask", "keras.layers.Dot.compute_mask")
def merge_mask(cx: Context, self: Instance, inputs: Value, mask: Value | None = None) -> Value:
    """A mask of the shape of the first, where every input has one."""
    if _name(self) == "Dot" or not isinstance(mask, Sequence):
        return Const(None)
    items = mask.contents.items() or ()
    held = [item for item in items if isinstance(item, Array)]
    if not held or (len(held) < len(items) and _name(self) != "Concatenate"):
        return Const(None)
    if _name(self) == "Concatenate":
        return Const(None) if as_int(self.fields.get("axis")) not in (-1, 2) else held[0]
    return held[0]


# -- Concatenate ------------------------------------------------------------------------------------------------------


@rule("keras.layers.Concatenate.__init__")
def concatenate_init(cx: Context, self: Instance, axis: Value | None = None, **kwargs: Value) -> None:
    """Along the last axis unless said otherwise."""
    init_layer(cx, self, kwargs)
    cx.set(self, "axis", axis if axis is not None else Const(-1))
    cx.set(self, "supports_masking", Const(True))


@rule("keras.layers.Concatenate.build")
def concatenate_build(cx: Context, self: Instance, input_shape: Value) -> None:
    """All axes but one must agree."""
    if isinstance(input_shape, Unknown):
        return
    shapes = shapes_of_list(cx, input_shape)
    if shapes is None or _is_empty(input_shape):
        if shapes is not None and is_keras3(cx):
            raise _nothing(cx, self, "TypeError", "object of type 'NoneType' has no len()")
        text = "()" if shapes is not None else dims_text(shape_of(cx, input_shape))
        message = f"A `Concatenate` layer should be called on a list of at least 1 input. Received: input_shape={text}"
        raise _not_a_list(cx, self, message, 1 if shapes is None else 0)
    known = [shape for shape in shapes if shape is not None]
    given = self.fields.get("axis")
    axis = as_int(given)
    if isinstance(given, (Const, Sequence)) and axis is None:
        held = "TrackedList" if isinstance(given, Sequence) else type(given.value).__name__
        text = f"list indices must be integers or slices, not {held}"
        raise invalid(cx, "TypeError", text, "axis", given)
    if len(known) != len(shapes) or axis is None:
        return
    for shape in known:
        if axis < -len(shape) or (axis >= len(shape) and not is_keras3(cx)):
            raise AxisRange(
                error(cx, "IndexError", "list assignment index out of range"), taker="Concatenate", axis=axis,
                rank=len(shape),
            )  # fmt: skip
    if len(known) < 2:
        return
    rank = len(known[0])
    message = (
        "A `Concatenate` layer requires inputs with matching shapes except for the concatenation axis. "
        f"Received: input_shape={_shapes_text(shapes)}"
    )
    for number, shape in enumerate(known[1:], 1):
        if len(shape) != rank:
            raise _unequal(cx, message, known, axis, None, number)
    place = axis % rank if rank and axis < rank else -1
    for position in range(rank):
        if position == place:
            continue
        for number, shape in enumerate(known[1:], 1):
            if not same(cx, known[0][position], shape[position]):
                raise _unequal(cx, message, known, axis, position, number)


def _unequal(
    cx: Context, message: str, shapes: list[Shape], axis: int, differs: int | None, second: int
) -> JoinMismatch:
    return JoinMismatch(
        error(cx, "ValueError", message), taker="Concatenate", shapes=tuple(shapes), axis=axis, differs=differs,
        first=0, second=second,
    )  # fmt: skip


@rule("keras.layers.Concatenate.compute_output_spec", since="3")
def concatenate_spec(cx: Context, self: Instance, inputs: Value) -> Value:
    """Keras 3, symbolically: the shape of the first, with the sizes along the axis added."""
    arrays, axis = _arrays(inputs), as_int(self.fields.get("axis"))
    if not arrays or axis is None:
        return output(cx, self, None, None)
    shape = list(arrays[0].shape or ())
    for array in arrays[1:]:
        if not -len(shape) <= axis < len(shape):
            raise AxisRange(
                error(cx, "IndexError", "list index out of range"), values=(array,), taker="Concatenate", axis=axis,
                rank=len(shape),
            )  # fmt: skip
        other = (array.shape or ())[axis]
        if undefined(shape[axis]) or undefined(other):
            shape[axis] = anonymous(cx)
            break
        shape[axis] = shape[axis] + other
    made = output(cx, self, arrays[0], tuple(shape), roles=arrays[0].roles)
    made.tainted = any(array.tainted for array in arrays)
    return made


@rule("keras.layers.Concatenate.call", since="3")
def concatenate_call(cx: Context, self: Instance, inputs: Value) -> Value:
    """The sizes along the axis are added."""
    return _concatenate(cx, self, inputs)


@rule("keras.layers.Concatenate.call", until="3")
def concatenate_call_keras2(cx: Context, self: Instance, inputs: Value, *others: Value) -> Value:
    """The sizes along the axis are added."""
    return _concatenate(cx, self, inputs)


def _concatenate(cx: Context, self: Instance, inputs: Value) -> Value:
    arrays = _arrays(inputs)
    axis = as_int(self.fields.get("axis"))
    if not arrays or axis is None:
        return output(cx, self, None, None)
    dtype = _common_dtype(cx, self, arrays)
    rank = len(arrays[0].shape or ())
    if not -rank <= axis < rank:
        if len(arrays) == 1:
            return output(cx, self, arrays[0], arrays[0].shape, dtype)
        text = (
            f"ConcatOp : Expected concatenating dimensions in the range [{-rank}, {rank}), but got {axis} [Op:ConcatV2]"
        )
        raises = error(cx, "ValueError" if in_graph(cx) else "InvalidArgumentError", text)
        raise AxisRange(raises, values=(arrays[0],), taker="Concatenate", axis=axis, rank=rank)
    axis %= rank
    shape: list[DimLike] = []
    for position in range(rank):
        sizes = [
            (array.shape or (anonymous(cx),) * rank)[position] for array in arrays if len(array.shape or ()) == rank
        ]
        if position == axis:
            total: DimLike = 0
            for size in sizes:
                total = total + size
            shape.append(anonymous(cx) if any(undefined(size) for size in sizes) else total)
        else:
            shape.append(next((size for size in sizes if not undefined(size)), sizes[0]))
    made = output(cx, self, arrays[0], tuple(shape), dtype, roles=arrays[0].roles)
    made.tainted = any(array.tainted for array in arrays)
    return made


# -- Dot --------------------------------------------------------------------------------------------------------------


@rule("keras.layers.Dot.__init__")
def dot_init(cx: Context, self: Instance, axes: Value, normalize: Value | None = None, **kwargs: Value) -> None:
    """``axes``: one axis for both inputs, or one for each."""
    init_layer(cx, self, kwargs)
    if isinstance(axes, Const) and as_int(axes) is None:
        message = f"Invalid type for argument `axes`: it should be a list or an int. Received: axes={repr_value(axes)}"
        raise invalid(cx, "TypeError", message, "axes", axes)
    items = axes.contents.items() if isinstance(axes, Sequence) else None
    if items is not None and len(items) != 2:
        message = (
            f"Invalid format for argument `axes`: it should contain two elements. Received: axes={repr_value(axes)}"
        )
        raise invalid(cx, "ValueError", message, "axes", axes)
    if items is not None and any(isinstance(item, Const) and as_int(item) is None for item in items):
        message = (
            f"Invalid format for argument `axes`: list elements should be integers. Received: axes={repr_value(axes)}"
        )
        raise invalid(cx, "ValueError", message, "axes", axes)
    cx.set(self, "axes", axes)
    cx.set(self, "supports_masking", Const(True))


def _dot_axes(self: Instance, one: Shape, two: Shape) -> tuple[int, int] | None:
    """The axis of each, as Keras counts them: a single negative one from the end of each."""
    axes = self.fields.get("axes")
    both = as_int(axes)
    if both is not None:
        if both >= 0:
            return both, both
        return (both % len(one), both % len(two)) if one and two else None
    items = axes.contents.items() if isinstance(axes, Sequence) else None
    if items is None or len(items) != 2:
        return None
    a, b = as_int(items[0]), as_int(items[1])
    return None if a is None or b is None else (a, b)


def _check_axis(cx: Context, shape: Shape, axis: int, text: str) -> None:
    if not -len(shape) <= axis < len(shape):
        raise AxisRange(error(cx, "IndexError", text), taker="Dot", axis=axis, rank=len(shape))


@rule("keras.layers.Dot.build")
def dot_build(cx: Context, self: Instance, input_shape: Value) -> None:
    """The two axes must agree; None agrees with None only."""
    shapes = shapes_of_list(cx, input_shape)
    if shapes is None or len(shapes) != 2:
        if shapes == [] and not _is_empty(input_shape):
            return
        text = dims_text(shape_of(cx, input_shape)) if shapes is None else _shapes_text(shapes)
        message = f"A `Dot` layer should be called on a list of 2 inputs. Received: input_shape={text}"
        raise _not_a_list(cx, self, message, 1 if shapes is None else len(shapes))
    one, two = shapes
    if one is None or two is None:
        return
    axes = _dot_axes(self, one, two)
    if axes is None:
        return
    _check_axis(cx, one, axes[0], "tuple index out of range")
    _check_axis(cx, two, axes[1], "tuple index out of range")
    left, right = one[axes[0]], two[axes[1]]
    if undefined(left) and undefined(right):
        return
    if not undefined(left) and not undefined(right) and cx.equal(left, right):
        return
    words = [None if undefined(size) else size for size in (left, right)]
    message = (
        f"Incompatible input shapes: axis values {words[0]} (at axis {axes[0]}) != {words[1]} (at axis {axes[1]}). "
        f"Full input shapes: {dims_text(one)}, {dims_text(two)}"
    )
    raise MatmulMismatch(
        error(cx, "ValueError", message), taker="Dot", left=one, right=two, left_axis=axes[0], right_axis=axes[1]
    )


@rule("keras.layers.Dot.compute_output_spec", since="3")
def dot_spec(cx: Context, self: Instance, inputs: Value) -> Value:
    """Keras 3, symbolically: what is left of both without their axes, and without the batch axis of the second."""
    arrays = _arrays(inputs)
    if not arrays or len(arrays) != 2:
        return output(cx, self, None, None)
    one, two = list(arrays[0].shape or ()), list(arrays[1].shape or ())
    axes = _dot_axes(self, tuple(one), tuple(two))
    if axes is None:
        return output(cx, self, arrays[0], None)
    for shape, axis in ((one, axes[0]), (two, axes[1]), (two, 0)):
        _check_axis(cx, tuple(shape), axis, "pop from empty list" if not shape else "pop index out of range")
        shape.pop(axis)
    made = (*one, *two)
    return output(cx, self, arrays[0], made if len(made) > 1 else (*made, 1))


@rule("keras.layers.Dot.call", since="3")
def dot_call(cx: Context, self: Instance, inputs: Value) -> Value:
    """The batch axis, what is left of the first, what is left of the second; at least (batch, 1)."""
    return _dot(cx, self, inputs)


@rule("keras.layers.Dot.call", until="3")
def dot_call_keras2(cx: Context, self: Instance, inputs: Value, *others: Value) -> Value:
    """As in Keras 3."""
    return _dot(cx, self, inputs)


def _dot(cx: Context, self: Instance, inputs: Value) -> Value:
    arrays = _arrays(inputs)
    if not arrays or len(arrays) != 2:
        return output(cx, self, None, None)
    one, two = arrays[0].shape or (), arrays[1].shape or ()
    axes = _dot_axes(self, one, two)
    if axes is None:
        return output(cx, self, arrays[0], None)
    first, second = (axis + len(shape) if axis < 0 else axis for axis, shape in zip(axes, (one, two)))
    shown = f"Received inputs with shapes {dims_text(one)} and {dims_text(two)}."
    if len(one) < 2 or len(two) < 2:
        few = arrays[0] if len(one) < 2 else arrays[1]
        message = f"Cannot do batch_dot on inputs with rank < 2. {shown}"
        raise RankMismatch(
            error(cx, "ValueError", message), values=(few,), taker="Dot", needs=2, at_least=True, got=few.shape or ()
        )
    if not same(cx, one[0], two[0]):
        message = f"Cannot do batch_dot on inputs with different batch sizes. {shown}"
        raise BroadcastMismatch(
            error(cx, "ValueError", message), values=tuple(arrays), taker="Dot", shapes=(one, two), axis=0
        )
    if first == 0 or second == 0:
        message = (
            "Cannot perform batch_dot over axis 0. If your inputs are not batched, add a dummy batch dimension to "
            "your inputs "
            "using keras.ops.expand_dims(x, 0)"
        )
        raise invalid(cx, "ValueError", message, "axes", self.fields.get("axes"))
    if not same(cx, one[first], two[second]):
        message = (
            f"Cannot do batch_dot on inputs with shapes {dims_text(one)} and {dims_text(two)} with "
            f"axes={[first, second]}."
        )
        raise MatmulMismatch(
            error(cx, "ValueError", message), values=tuple(arrays), taker="Dot", left=one, right=two, left_axis=first,
            right_axis=second,
        )  # fmt: skip
    left = [size for axis, size in enumerate(one) if axis not in (0, first)]
    right = [size for axis, size in enumerate(two) if axis not in (0, second)]
    shape = (one[0], *left, *right)
    return output(cx, self, arrays[0], shape if len(shape) > 1 else (one[0], 1))


# -- the functions ----------------------------------------------------------------------------------------------------


def _function(name: str) -> None:
    layer = name.capitalize()

    @rule(f"keras.layers.{name}")
    def merge_function(
        cx: Context, inputs: Value, axis: Value | None = None, axes: Value | None = None, **kwargs: Value
    ) -> Value:
        given = {key: value for key, value in (("axis", axis), ("axes", axes)) if value is not None}
        made = cx.call(LibraryRef(f"keras.layers.{layer}"), (), {**given, **kwargs})
        return cx.call(made, (inputs,))


for _name_of in ("add", "subtract", "multiply", "average", "maximum", "minimum", "concatenate", "dot"):
    _function(_name_of)
