"""``x[...]`` of tensors: integers, slices, ``...``, new axes, scalar tensors, and masks of booleans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import Dim, DimLike
from foreshape.domain.dim import is_none as undefined
from foreshape.domain.values import (
    Array,
    Const,
    Int,
    Sequence,
    Shape,
    SliceValue,
    Typed,
    Unknown,
    Value,
    as_dim,
    is_none,
)
from foreshape.faults.base import Fault
from foreshape.semantics.shared.index import ends_from_the_length, index_need, slice_length
from foreshape.semantics.tensorflow.convert import as_tensor
from foreshape.semantics.tensorflow.support import (
    failed,
    graph_mode,
    open_size,
    raises,
    tensor,
    unknown_tensor,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


class Mask:
    """A whole-index mask of booleans."""


def index_core(cx: Context, self: Value, index: Value) -> Value:
    """``x[index]``."""
    x = as_tensor(cx, self)
    if x is None:
        return unknown_tensor(cx, self)
    if isinstance(index, Array) and index.dtype == "bool":
        from foreshape.semantics.tensorflow.selecting import mask_core

        return mask_core(cx, x, index, 0)
    if isinstance(index, Const) and isinstance(index.value, bool):
        raise _type_fault(cx, x, index, "mask cannot be scalar.", "ValueError")
    given = index.contents.items(limit=64) if isinstance(index, Sequence) else (index,)
    if given is None or isinstance(index, Unknown):
        return unknown_tensor(cx, self, index)
    if x.shape is None:
        return tensor(None, x.dtype, x)
    items: list[object] = []
    for item in given:
        found = _item(cx, x, item)
        if found is None:
            return unknown_tensor(cx, self, item)
        items.append(found[0])
    if sum(1 for item in items if item is Ellipsis) > 1:
        from foreshape.faults.index_type import IndexType

        raise IndexType(raises(cx, "Multiple ellipses in slice spec not allowed", x), values=(x,), got="two ellipses")
    used = sum(1 for item in items if item is not None and item is not Ellipsis)
    if used > len(x.shape):
        from foreshape.faults.too_many_indices import TooManyIndices

        message = f"Index out of range using input dim {len(x.shape)}; input has only {len(x.shape)} dims"
        raise TooManyIndices(raises(cx, message, x), values=(x,), given=used, shape=x.shape)
    shape, axes = _sliced(cx, x, items, used)
    roles = None if x.roles is None else tuple(None if axis is None else x.roles[axis] for axis in axes)
    data = _picked(x, items)
    lo, hi = x.lo, x.hi
    if data is not None and len(data) == 1 and isinstance(data[0], (int, Dim)):
        lo = hi = data[0]
    return tensor(shape, x.dtype, x, lo=lo, hi=hi, data=data, roles=roles)


def _type_fault(cx: Context, x: Array, index: Value, message: str, exception: str) -> Fault:
    from foreshape.faults.index_type import IndexType

    got = index.dtype or "array" if isinstance(index, Array) else type(getattr(index, "value", None)).__name__
    return IndexType(failed(exception, message), values=(x, index), got=got)


def _refused(cx: Context, x: Array, index: Value) -> Fault:
    message = (
        "Only integers, slices (`:`), ellipsis (`...`), tf.newaxis (`None`) and scalar "
        "tf.int32/tf.int64 tensors are valid "
        f"indices, got {cx.text(index) or 'something else'}"
    )
    return _type_fault(cx, x, index, message, "TypeError")


def _item(cx: Context, x: Array, value: Value) -> tuple[object] | None:
    """What one part of the index is: an int or Dim, a slice, None, Ellipsis; None where that is not known."""
    if isinstance(value, Const):
        if value.value is None or value.value is Ellipsis:
            return (value.value,)
        if isinstance(value.value, (bool, float, str)):
            raise _refused(cx, x, value)
        return (value.value,) if isinstance(value.value, int) else None
    if isinstance(value, Int):
        return (cx.resolve(value.dim),)
    if isinstance(value, Typed):
        if value.kind == "int":
            return (cx.fresh(lo=0, keras_none=True),)
        if value.kind in ("float", "str"):
            raise _refused(cx, x, value)
        return None
    if isinstance(value, SliceValue):
        ends = [_end(cx, part) for part in (value.start, value.stop, value.step)]
        if ends[2] is not None and not isinstance(ends[2], int):
            return None
        return (slice(*ends),)
    if isinstance(value, Array):
        if value.shape is None:
            return None
        if value.shape or (value.dtype is not None and "int" not in value.dtype):
            raise _refused(cx, x, value)
        found = as_dim(value)
        return (found if found is not None else cx.fresh(lo=0, keras_none=True),)
    return None


def _end(cx: Context, part: Value) -> DimLike | None:
    if is_none(part):
        return None
    found = as_dim(part)
    if found is None and isinstance(part, Array) and part.data:
        found = part.data[0] if isinstance(part.data[0], (int, Dim)) else None
    return cx.fresh(lo=0) if found is None else cx.resolve(found)


def _sliced(cx: Context, x: Array, items: list[object], used: int) -> tuple[Shape, list[int | None]]:
    """The shape, and for each axis of it which axis of ``x`` it was."""
    assert x.shape is not None
    made: list[DimLike] = []
    axes: list[int | None] = []
    axis = 0
    for item in items:
        if item is None:
            made.append(1)
            axes.append(None)
        elif item is Ellipsis:
            for _ in range(len(x.shape) - used):
                made.append(x.shape[axis])
                axes.append(axis)
                axis += 1
        elif isinstance(item, slice):
            made.append(_length(cx, cx.resolve(x.shape[axis]), item))
            axes.append(axis)
            axis += 1
        else:
            assert isinstance(item, (int, Dim))
            _check(cx, x, item, axis)
            axis += 1
    for rest in range(axis, len(x.shape)):
        made.append(x.shape[rest])
        axes.append(rest)
    return tuple(made), axes


def _check(cx: Context, x: Array, item: DimLike, axis: int) -> None:
    assert x.shape is not None
    size = cx.resolve(x.shape[axis])
    if undefined(size) or undefined(item):
        return
    need = index_need(item, size, cx.facts, axis)
    if not need.truth.is_no:
        return
    from foreshape.faults.index_range import IndexRange

    shown = item + size if isinstance(item, int) and item < 0 and not graph_mode(cx, x) else item
    message = f"slice index {shown} of dimension {axis} out of bounds."
    raise IndexRange(raises(cx, message, x), values=(x,), taker="tensor", index=item, size=size, axis=axis)


def _length(cx: Context, size: DimLike, item: slice) -> DimLike:
    start, stop, step = item.start, item.stop, item.step
    if start is None and stop is None and step in (None, 1, -1):
        return size
    if isinstance(step, int) and step == 0:
        return open_size(cx)
    if undefined(size):
        # None stays None, even where the ends leave one place only
        length = slice_length(size, start, stop, step, cx.facts)
        return length if length is not None and _plain(length, size) else cx.fresh(lo=0, keras_none=True)
    length = slice_length(size, start, stop, step, cx.facts)
    if length is None:
        for end in ends_from_the_length(size, start, stop, cx.facts):
            cx.at_least(end, 0)
        length = slice_length(size, start, stop, step, cx.facts)
    return open_size(cx) if length is None else length


def _plain(length: DimLike, size: DimLike) -> bool:
    """Whether it is the whole axis but for a number of places, so that it is None with it."""
    return isinstance(length - size, int)


def _picked(x: Array, items: list[object]) -> tuple[object, ...] | None:
    """Elements of a small vector: ``tf.shape(x)[0]``."""
    if x.data is None or x.shape is None or len(x.shape) != 1 or len(items) != 1 or len(x.data) != x.shape[0]:
        return None
    item = items[0]
    if isinstance(item, int) and -len(x.data) <= item < len(x.data):
        return (x.data[item],)
    if isinstance(item, slice) and all(
        part is None or isinstance(part, int) for part in (item.start, item.stop, item.step)
    ):
        return tuple(x.data[item])
    return None
