"""``x[...]`` and ``x[...] = value``: integers, slices, ``...``, new axes, tensors of integers and masks."""

from __future__ import annotations

from collections.abc import Sequence as SequenceOf
from math import prod
from typing import TYPE_CHECKING, Any

from foreshape.domain.dim import Dim, DimLike
from foreshape.domain.values import (
    Array,
    Const,
    DictValue,
    Int,
    RangeValue,
    Sequence,
    SliceValue,
    Typed,
    Unknown,
    Value,
    as_dim,
    is_none,
)
from foreshape.faults.base import Fault
from foreshape.semantics.registry import rule
from foreshape.semantics.shared.index import ArrayIndex, BoolIndex, ends_from_the_length, index_shape, slice_length
from foreshape.semantics.shared.result import Need, Result, SizeError, TooManyIndicesError
from foreshape.semantics.torch.convert import converted
from foreshape.semantics.torch.final_state import taken
from foreshape.semantics.torch.recorded import trues_of, with_trues
from foreshape.semantics.torch.silent import note_index
from foreshape.semantics.torch.strides import Strides
from foreshape.semantics.torch.support import (
    error,
    is_floating,
    is_integral,
    python_type,
    shown,
    strides_of,
    tensor,
    unknown_tensor,
)
from foreshape.semantics.torch.views import view

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


class Item:
    """One part of an index: ``what`` is an int, Dim, slice, None, Ellipsis, ArrayIndex or BoolIndex; ``source`` where it
    came from."""

    __slots__ = ("source", "what")

    def __init__(self, what: Any, source: Value) -> None:
        self.what = what
        self.source = source


class Flag:
    """One bool as an index: a new axis, of size 1 where it is true and 0 where it is not."""

    __slots__ = ("count",)

    def __init__(self, count: DimLike) -> None:
        self.count = count


class Opaque(Exception):
    """Nothing is known of a part of the index."""

    def __init__(self, value: Value) -> None:
        super().__init__()
        self.value = value


# -- parts of an index ---------------------------------------------------------------------------------------------------


def parts_of(cx: Context, x: Array, index: Value) -> list[Item]:
    """The parts of an index. Raises Opaque, and the fault for what is no index."""
    if isinstance(index, Sequence) and (index.kind == "tuple" or _is_tuple_like(index)):
        items = index.contents.items(64)
        if items is None:
            raise Opaque(index)
        return [one for item in items for one in _parts(cx, x, item)]
    return _parts(cx, x, index)


def _is_tuple_like(index: Sequence) -> bool:
    """Short lists that hold slices, tensors, None or lists are taken for tuples."""
    if index.kind != "list":
        return False
    items = index.contents.items(32)
    if items is None or len(items) >= 32:
        return False
    for item in items:
        if isinstance(item, (SliceValue, Sequence, Array)) or is_none(item):
            return True
        if isinstance(item, Const) and item.value is Ellipsis:
            return True
    return False


def _parts(cx: Context, x: Array, item: Value) -> list[Item]:
    if isinstance(item, Const):
        value = item.value
        if isinstance(value, bool):
            return [Item(Flag(1 if value else 0), item)]
        if value is None or value is Ellipsis or isinstance(value, int):
            return [Item(value, item)]
        raise _no_index(cx, x, item)
    if isinstance(item, Int):
        return [Item(cx.resolve(item.dim), item)]
    if isinstance(item, Typed):
        if item.kind == "int":
            return [Item(cx.fresh(lo=0), item)]
        if item.kind in ("float", "str"):
            raise _no_index(cx, x, item)
        raise Opaque(item)
    if isinstance(item, SliceValue):
        return [Item(_slice(cx, x, item), item)]
    if isinstance(item, Array) and item.kind in ("torch", "numpy"):
        return _array(cx, x, item)
    if isinstance(item, (Sequence, RangeValue)):
        if isinstance(item, Sequence) and not item.contents.segments:
            return [Item(ArrayIndex((0,)), item)]
        made = converted(cx, item, None, "__getitem__")
        if made is None or made.shape is None:
            raise Opaque(item)
        return _array(cx, x, made)
    if isinstance(item, Unknown):
        raise Opaque(item)
    if isinstance(item, DictValue):
        raise _no_index(cx, x, item)
    raise Opaque(item)


def _array(cx: Context, x: Array, item: Array) -> list[Item]:
    if item.shape is None or item.dtype is None:
        raise Opaque(item)
    if item.kind == "numpy" and is_floating(item.dtype):
        raise Opaque(item)
    if item.dtype in ("bool", "uint8"):
        if not item.shape:
            if item.dtype == "bool":
                return [Item(Flag(cx.fresh(lo=0, hi=1)), item)]
            return [Item(cx.fresh(lo=0), item)]
        return [Item(BoolIndex(item.shape, _true_count(cx, item)), item)]
    if not is_integral(item.dtype) or item.dtype in ("int8", "int16"):
        if item.kind == "numpy" and is_integral(item.dtype):
            return [Item(_indices(item), item)]
        if not item.shape and is_integral(item.dtype):
            return [Item(cx.fresh(lo=0), item)]
        message = "tensors used as indices must be long, int, byte or bool tensors"
        raise _type_fault(cx, x, item, message, "IndexError", item.dtype)
    if not item.shape:
        found = as_dim(item)
        if found is None:
            # an element of a tensor: anything between its bounds
            return [Item(ArrayIndex(()), item)]
        return [Item(cx.resolve(found), item)]
    return [Item(_indices(item), item)]


def _true_count(cx: Context, item: Array) -> DimLike:
    if item.data is not None and item.shape is not None and len(item.data) <= 64:
        return sum(1 for one in item.data if one)
    held = trues_of(cx, item)
    if held is not None:
        return cx.resolve(held)
    made = cx.fresh(lo=0)
    with_trues(cx, item, made)
    return made


def _indices(item: Array) -> ArrayIndex:
    """Known by its values, and by its bounds where they are reached."""
    assert item.shape is not None
    places = [place for place in item.data or () if isinstance(place, int)]
    if item.data and len(places) == len(item.data):
        return ArrayIndex(item.shape, min(places), max(places))
    if item.meta.get("loose") or not item.shape:
        return ArrayIndex(item.shape)
    return ArrayIndex(item.shape, _dim(item.lo), _dim(item.hi))


def _dim(bound: object) -> DimLike | None:
    return bound if isinstance(bound, (int, Dim)) and not isinstance(bound, bool) else None


def _slice(cx: Context, x: Array, item: SliceValue) -> slice:
    ends: list[DimLike | None] = []
    for part in (item.start, item.stop, item.step):
        if is_none(part):
            ends.append(None)
            continue
        found = as_dim(part)
        if found is None:
            if isinstance(part, Const) or (isinstance(part, Typed) and part.kind in ("float", "str")):
                message = "slice indices must be integers or None or have an __index__ method"
                raise _type_fault(cx, x, part, message, "TypeError", python_type(part))
            found = cx.fresh(lo=0)
        ends.append(cx.resolve(found))
    step = ends[2]
    if isinstance(step, int) and step <= 0:
        from foreshape.faults.invalid_argument import InvalidArgument

        message = "step must be greater than zero" if step else "slice step cannot be zero"
        recover = tensor(cx, x.shape, x.dtype, x)
        raise InvalidArgument(
            error(cx, "ValueError", message), values=(x,), recover=recover, argument="step", given=str(step)
        )
    if step is not None and not isinstance(step, int):
        raise Opaque(item)
    return slice(*ends)


def _type_fault(cx: Context, x: Array, item: Value, message: str, exception: str, got: str) -> Fault:
    from foreshape.faults.index_type import IndexType

    return IndexType(error(cx, exception, message), values=(x, item), got=got)


def _no_index(cx: Context, x: Array, item: Value) -> Fault:
    got = python_type(item)
    if got in ("str", "bytes"):
        return _type_fault(cx, x, item, f"new(): invalid data type '{got}'", "TypeError", got)
    message = (
        f"only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid indices (got {got})"
    )
    return _type_fault(cx, x, item, message, "IndexError", got)


# -- reading -------------------------------------------------------------------------------------------------------------


@rule("torch.Tensor.__getitem__")
def getitem(cx: Context, self: Array, index: Value) -> Value:
    """Basic parts give a view; tensors of integers and masks a copy."""
    if self.shape is None:
        return tensor(cx, None, self.dtype, self, lo=self.lo, hi=self.hi, strides=None)
    try:
        parts = parts_of(cx, self, index)
        if any(isinstance(part.what, Flag) for part in parts):
            return _flagged(cx, self, parts)
    except Opaque as stopped:
        if isinstance(stopped.value, Array) and stopped.value.shape is None:
            return tensor(cx, None, self.dtype, self, lo=self.lo, hi=self.hi)
        return unknown_tensor(cx, stopped.value)
    return picked(cx, self, parts)


def _flagged(cx: Context, x: Array, parts: SequenceOf[Item]) -> Value:
    """A single bool among the parts, and nothing else that is no integer."""
    assert x.shape is not None
    flags = [part.what for part in parts if isinstance(part.what, Flag)]
    rest = [part for part in parts if not isinstance(part.what, Flag)]
    if len(flags) > 1 or not isinstance(parts[0].what, Flag) or any(not isinstance(p.what, (int, Dim)) for p in rest):
        return tensor(cx, None, x.dtype, x)
    made = picked(cx, x, rest) if rest else x
    if not isinstance(made, Array) or made.shape is None:
        return made
    return tensor(cx, (flags[0].count, *made.shape), x.dtype, x, lo=x.lo, hi=x.hi)


def shape_of(cx: Context, x: Array, parts: SequenceOf[Item]) -> Result:
    """The shape of ``x[parts]``, with what it needs; raises too-many-indices."""
    assert x.shape is not None
    items = [part.what for part in _one_ellipsis(parts)]
    shape = tuple(cx.resolve(size) for size in x.shape)
    try:
        found = index_shape(shape, items, cx.facts, ints_are_basic=True)
        if found is None:
            _learn_ends(cx, shape, items)
            fresh = [cx.fresh(lo=0) for _ in items]
            found = index_shape(shape, items, cx.facts, ints_are_basic=True, fresh=fresh)
    except TooManyIndicesError as problem:
        raise _too_many(cx, x, problem.given) from None
    except SizeError:
        found = None
    assert found is not None
    return found


def _one_ellipsis(parts: SequenceOf[Item]) -> list[Item]:
    """A second ``...`` stands for nothing."""
    made: list[Item] = []
    seen = False
    for part in parts:
        if part.what is Ellipsis:
            if seen:
                continue
            seen = True
        made.append(part)
    return made


def _learn_ends(cx: Context, shape: SequenceOf[DimLike], items: SequenceOf[Any]) -> None:
    """Who slices at the length less something means a place in the tensor."""
    axis = 0
    for item in items:
        if isinstance(item, slice) and axis < len(shape):
            if slice_length(shape[axis], item.start, item.stop, item.step, cx.facts) is None:
                for end in ends_from_the_length(shape[axis], item.start, item.stop, cx.facts):
                    cx.at_least(end, 0)
        if item is Ellipsis:
            used = sum(len(one.shape) if isinstance(one, BoolIndex) else one is not None for one in items) - 1
            axis += len(shape) - used
        elif isinstance(item, BoolIndex):
            axis += len(item.shape)
        elif item is not None:
            axis += 1


def _too_many(cx: Context, x: Array, given: int) -> Fault:
    from foreshape.faults.too_many_indices import TooManyIndices

    assert x.shape is not None
    message = f"too many indices for tensor of dimension {len(x.shape)}"
    if not x.shape:
        message = (
            "invalid index of a 0-dim tensor. Use `tensor.item()` in Python or `tensor.item<T>()` in C++ to convert a 0-dim "
            "tensor to a number"
        )
    return TooManyIndices(error(cx, "IndexError", message), values=(x,), given=given, shape=x.shape)


def checked(cx: Context, x: Array, parts: SequenceOf[Item], found: Result, recover: Value) -> None:
    """Raise for what certainly does not hold, learn what depends."""
    assert x.shape is not None
    for need in found.needs:
        if need.truth.is_no:
            raise _broken(cx, x, parts, need, recover)
    for need in found.open:
        if need.kind == "equal" and need.where != "indices":
            cx.equal(need.left, need.right)


def _broken(cx: Context, x: Array, parts: SequenceOf[Item], need: Need, recover: Value) -> Fault:
    assert x.shape is not None
    axis = need.where if isinstance(need.where, int) else 0
    if need.kind == "index":
        from foreshape.faults.index_range import IndexRange

        message = f"index {need.left} is out of bounds for dimension {_shown_axis(parts, axis)} with size {need.right}"
        return IndexRange(
            error(cx, "IndexError", message), values=(x,), recover=recover, taker="tensor", index=need.left,
            size=need.right, axis=axis,
        )  # fmt: skip
    if need.where == "indices":
        from foreshape.faults.broadcast_mismatch import BroadcastMismatch

        shapes = [part.what.shape for part in parts if isinstance(part.what, ArrayIndex)]
        shapes += [(part.what.count,) for part in parts if isinstance(part.what, BoolIndex)]
        message = "shape mismatch: indexing tensors could not be broadcast together with shapes " + ", ".join(
            shown(shape) for shape in shapes
        )
        return BroadcastMismatch(
            error(cx, "IndexError", message), values=(x,), recover=recover, taker="[]", shapes=tuple(shapes)
        )
    from foreshape.faults.mask_shape import MaskShape

    mask = next(part for part in parts if isinstance(part.what, BoolIndex))
    place = axis
    message = (
        f"The shape of the mask {shown(mask.what.shape)} at index {place - _start(parts, mask, x)} does not match the shape of "
        f"the indexed tensor {shown(x.shape)} at index {place}"
    )
    return MaskShape(
        error(cx, "IndexError", message), values=(mask.source, x), recover=recover, mask=mask.what.shape, shape=x.shape,
        axis=place,
    )  # fmt: skip


def _shown_axis(parts: SequenceOf[Item], axis: int) -> int:
    """Integers before the axis have been taken away by then."""
    arrays = any(isinstance(part.what, (ArrayIndex, BoolIndex)) for part in parts)
    plain = [part for part in parts[:axis] if isinstance(part.what, (int, Dim))]
    return axis if arrays and not plain else axis - len(plain)


def _start(parts: SequenceOf[Item], mask: Item, x: Array) -> int:
    axis = 0
    for part in parts:
        if part is mask:
            return axis
        if part.what is Ellipsis:
            return 0
        axis += len(part.what.shape) if isinstance(part.what, BoolIndex) else int(part.what is not None)
    return 0


def picked(cx: Context, x: Array, parts: list[Item]) -> Value:
    """``x[parts]``."""
    assert x.shape is not None
    found = shape_of(cx, x, parts)
    advanced = any(isinstance(part.what, (ArrayIndex, BoolIndex)) and part.what.shape != () for part in parts)
    shape = tuple(cx.resolve(size) for size in found.shape)
    if advanced or any(isinstance(part.what, ArrayIndex) for part in parts):
        data = _gathered(x, parts)
        if data is not None and isinstance(parts[0].what, BoolIndex):
            shape = (len(data),)
        made = tensor(cx, shape, x.dtype, x, lo=x.lo, hi=x.hi, roles=_advanced_roles(x, parts), data=data)
    else:
        strides, roles = _basic(cx, x, parts)
        data = _sliced_data(x, parts)
        made = view(cx, x, shape, strides, roles=roles, data=data)
        if data and all(isinstance(one, (int, float, Dim) if len(data) == 1 else (int, float)) for one in data):
            made = made.replace(lo=min(data) + 0, hi=max(data) + 0)
        elif not shape and (made.lo is not None or made.hi is not None) and made.lo != made.hi:
            made = made.replace(meta={**made.meta, "loose": True})
    checked(cx, x, parts, found, made)
    if x.roles is not None and not advanced:
        written = [part.what for part in parts]
        note_index(cx, x, written)
        return taken(cx, x, written, made)
    return made


def _advanced_roles(x: Array, parts: SequenceOf[Item]) -> tuple[str | None, ...] | None:
    if x.roles is None or len(parts) != 1 or not isinstance(parts[0].what, (ArrayIndex, BoolIndex)):
        return None
    used = len(parts[0].what.shape) if isinstance(parts[0].what, BoolIndex) else 1
    made = 1 if isinstance(parts[0].what, BoolIndex) else len(parts[0].what.shape)
    first = x.roles[0] if made == 1 and used == 1 else None
    return ((first,) if made else ()) + (None,) * max(made - 1, 0) + x.roles[used:]


def _gathered(x: Array, parts: SequenceOf[Item]) -> tuple[Any, ...] | None:
    """Elements of a small vector at known places."""
    if x.data is None or x.shape is None or len(x.shape) != 1 or len(parts) != 1:
        return None
    source = parts[0].source
    if not isinstance(source, Array) or source.data is None:
        return None
    size = len(x.data)
    if isinstance(parts[0].what, BoolIndex):
        if len(source.data) != size or not all(isinstance(one, bool) for one in source.data):
            return None
        return tuple(held for held, one in zip(x.data, source.data) if one)
    if not isinstance(parts[0].what, ArrayIndex):
        return None
    if not all(isinstance(place, int) and -size <= place < size for place in source.data):
        return None
    return tuple(x.data[place] for place in source.data)


def _basic(cx: Context, x: Array, parts: SequenceOf[Item]) -> tuple[Strides | None, tuple[str | None, ...] | None]:
    """Strides and roles of a view."""
    assert x.shape is not None
    old = strides_of(x)
    used = sum(1 for part in parts if part.what is not None and part.what is not Ellipsis)
    strides: list[DimLike] = []
    roles: list[str | None] = []
    axis = 0
    filled = False

    def keep(step: DimLike = 1) -> None:
        nonlocal axis
        strides.append(0 if old is None else old[axis] * step)
        roles.append(None if x.roles is None else x.roles[axis])
        axis += 1

    for part in parts:
        what = part.what
        if what is None:
            strides.append(1 if old is None or axis >= len(old) else x.shape[axis] * old[axis])
            roles.append(None)
        elif what is Ellipsis:
            if not filled:
                for _ in range(len(x.shape) - used):
                    keep()
                filled = True
        elif isinstance(what, slice):
            keep(1 if what.step is None else what.step)
        else:
            axis += 1
    while axis < len(x.shape):
        keep()
    return None if old is None else tuple(strides), None if x.roles is None else tuple(roles)


def _sliced_data(x: Array, parts: SequenceOf[Item]) -> tuple[Any, ...] | None:
    """The elements that a basic index picks out of a small tensor."""
    sizes = [size for size in x.shape or () if isinstance(size, int)]
    if x.data is None or x.shape is None or len(sizes) != len(x.shape) or prod(sizes) != len(x.data):
        return None
    whats = [part.what for part in parts if part.what is not None]
    at = whats.index(Ellipsis) if Ellipsis in whats else len(whats)
    whats[at : at + 1] = [slice(None)] * (len(sizes) - len(whats) + (at < len(whats)))
    places = [0]
    for size, what in zip(sizes, whats):
        if isinstance(what, slice):
            if not all(end is None or isinstance(end, int) for end in (what.start, what.stop, what.step)):
                return None
            chosen: SequenceOf[int] = range(size)[what]
        elif isinstance(what, int) and -size <= what < size:
            chosen = (what % size,)
        else:
            return None
        places = [place * size + one for place in places for one in chosen]
    return tuple(x.data[place] for place in places)
