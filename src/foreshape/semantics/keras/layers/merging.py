"""``Add``, ``Subtract``, ``Multiply``, ``Average``, ``Maximum``, ``Minimum``, ``Concatenate``, ``Dot``, and their functions.

Follows ``keras/src/layers/merging`` and the ``tf_keras`` ones. They check the shapes of a list of tensors when they are built.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Const, Instance, Int, LibraryRef, Sequence, Shape, Value, as_int
from foreshape.faults.broadcast_mismatch import BroadcastMismatch
from foreshape.faults.join_mismatch import JoinMismatch
from foreshape.faults.layer_input_count import LayerInputCount
from foreshape.faults.matmul_mismatch import MatmulMismatch
from foreshape.semantics.keras.base import (
    anonymous,
    dims_text,
    error,
    init_layer,
    output,
    same,
    shape_of,
    undefined,
)
from foreshape.semantics.registry import library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

ELEMENTWISE: Final = ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum")

library_type("keras.layers.Merge", "keras.Layer")
for _name in (*ELEMENTWISE, "Concatenate", "Dot"):
    library_type(f"keras.layers.{_name}", "keras.layers.Merge")


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


def _shapes_text(shapes: list[Shape | None]) -> str:
    return "[" + ", ".join(dims_text(shape) for shape in shapes) + "]"


@rule("keras.layers.Merge.build")
def merge_build(cx: Context, self: Instance, input_shape: Value) -> None:
    """Each pair must broadcast, the batch axis aside."""
    shapes = shapes_of_list(cx, input_shape)
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


@rule("keras.layers.Merge.call")
def merge_call(cx: Context, self: Instance, inputs: Value) -> Value:
    """Element by element: the broadcast shape. Tensors of fewer axes get axes of size 1 after the batch."""
    arrays = _arrays(inputs)
    if not arrays:
        return output(cx, self, None, None)
    rank = max(len(array.shape or ()) for array in arrays)
    whole: list[DimLike] = []
    for axis in range(rank):
        sizes = [_padded(array.shape or (), rank)[axis] for array in arrays]
        whole.append(_broadcast(cx, sizes, axis))
    roles = next((array.roles for array in arrays if array.roles and len(array.roles) == rank), None)
    made = output(cx, self, arrays[0], tuple(whole), roles=roles)
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
    shapes = shapes_of_list(cx, input_shape)
    if shapes is None:
        text = dims_text(shape_of(cx, input_shape))
        message = f"A `Concatenate` layer should be called on a list of at least 1 input. Received: input_shape={text}"
        raise _not_a_list(cx, self, message, 1)
    known = [shape for shape in shapes if shape is not None]
    axis = as_int(self.fields.get("axis"))
    if len(known) != len(shapes) or len(known) < 2 or axis is None:
        return
    rank = len(known[0])
    message = (
        "A `Concatenate` layer requires inputs with matching shapes except for the concatenation axis. "
        f"Received: input_shape={_shapes_text(shapes)}"
    )
    for number, shape in enumerate(known[1:], 1):
        if len(shape) != rank:
            raise _unequal(cx, message, known, axis, None, number)
    place = axis % rank if rank else 0
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


@rule("keras.layers.Concatenate.call")
def concatenate_call(cx: Context, self: Instance, inputs: Value) -> Value:
    """The sizes along the axis are added."""
    arrays = _arrays(inputs)
    axis = as_int(self.fields.get("axis"))
    if not arrays or axis is None:
        return output(cx, self, None, None)
    rank = len(arrays[0].shape or ())
    if not -rank <= axis < rank:
        return output(cx, self, arrays[0], None)
    axis %= rank
    shape: list[DimLike] = []
    for position in range(rank):
        sizes = [(array.shape or ())[position] for array in arrays]
        if position == axis:
            total: DimLike = 0
            for size in sizes:
                total = total + size
            shape.append(anonymous(cx) if any(undefined(size) for size in sizes) else total)
        else:
            shape.append(next((size for size in sizes if not undefined(size)), sizes[0]))
    made = output(cx, self, arrays[0], tuple(shape), roles=arrays[0].roles)
    made.tainted = any(array.tainted for array in arrays)
    return made


# -- Dot --------------------------------------------------------------------------------------------------------------


@rule("keras.layers.Dot.__init__")
def dot_init(cx: Context, self: Instance, axes: Value, normalize: Value | None = None, **kwargs: Value) -> None:
    """``axes``: one axis for both inputs, or one for each."""
    init_layer(cx, self, kwargs)
    cx.set(self, "axes", axes)
    cx.set(self, "supports_masking", Const(True))


def _dot_axes(self: Instance, one: Shape, two: Shape) -> tuple[int, int] | None:
    axes = self.fields.get("axes")
    both = as_int(axes)
    if both is not None:
        first, second = both, both
    else:
        items = axes.contents.items() if isinstance(axes, Sequence) else None
        if items is None or len(items) != 2:
            return None
        a, b = as_int(items[0]), as_int(items[1])
        if a is None or b is None:
            return None
        first, second = a, b
    if not -len(one) <= first < len(one) or not -len(two) <= second < len(two):
        return None
    return first % len(one), second % len(two)


@rule("keras.layers.Dot.build")
def dot_build(cx: Context, self: Instance, input_shape: Value) -> None:
    """The two axes must agree."""
    shapes = shapes_of_list(cx, input_shape)
    if shapes is None or len(shapes) != 2:
        if shapes == []:
            return
        text = dims_text(shape_of(cx, input_shape)) if shapes is None else _shapes_text(shapes)
        message = f"A `Dot` layer should be called on a list of 2 inputs. Received: input_shape={text}"
        raise _not_a_list(cx, self, message, 1 if shapes is None else len(shapes))
    one, two = shapes
    if one is None or two is None:
        return
    axes = _dot_axes(self, one, two)
    if axes is None or same(cx, one[axes[0]], two[axes[1]]):
        return
    message = (
        f"Incompatible input shapes: axis values {one[axes[0]]} (at axis {axes[0]}) != {two[axes[1]]} "
        f"(at axis {axes[1]}). Full input shapes: {dims_text(one)}, {dims_text(two)}"
    )
    raise MatmulMismatch(
        error(cx, "ValueError", message), taker="Dot", left=one, right=two, left_axis=axes[0], right_axis=axes[1]
    )


@rule("keras.layers.Dot.call")
def dot_call(cx: Context, self: Instance, inputs: Value) -> Value:
    """The batch axis, what is left of the first, what is left of the second; at least (batch, 1)."""
    arrays = _arrays(inputs)
    if not arrays or len(arrays) != 2:
        return output(cx, self, None, None)
    one, two = arrays[0].shape or (), arrays[1].shape or ()
    axes = _dot_axes(self, one, two)
    if axes is None:
        return output(cx, self, arrays[0], None)
    left = [size for axis, size in enumerate(one) if axis not in (0, axes[0])]
    right = [size for axis, size in enumerate(two) if axis not in (0, axes[1])]
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
