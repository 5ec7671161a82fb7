"""Reading and writing parts of arrays: ``x[...]`` in every form."""

from __future__ import annotations

import math
from itertools import product as cartesian
from typing import TYPE_CHECKING, Any, Union

from foreshape.domain.contents import objects_in
from foreshape.domain.dim import Dim, DimLike
from foreshape.domain.values import (
    Array,
    Bound,
    Const,
    DictValue,
    Instance,
    RangeValue,
    Sequence,
    Shape,
    SliceValue,
    Typed,
    Unknown,
    Value,
    as_dim,
    is_none,
)
from foreshape.faults.base import Raises
from foreshape.semantics.numpy.array_from import array_of, as_array
from foreshape.semantics.numpy.dtypes import bound_low, kind_of
from foreshape.semantics.numpy.objects import object_at
from foreshape.semantics.numpy.support import (
    MOST_DATA,
    invalid,
    is_scalar,
    is_text,
    known,
    made,
    resolved,
    shape_text,
    type_fault,
    view_of,
    zero_d,
)
from foreshape.semantics.registry import rule
from foreshape.semantics.shared.index import ArrayIndex, BoolIndex, index_shape
from foreshape.semantics.shared.result import Result, SizeError, TooManyIndicesError

if TYPE_CHECKING:
    from types import EllipsisType

    from foreshape.semantics.protocol import Context

ONLY = (
    "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean arrays are valid "
    "indices"
)
NO_INTEGER = "arrays used as indices must be of integer (or boolean) type"


class OpenIndexError(Exception):
    """It is not known what an index selects; ``rank`` is that of the result where at least that is known."""


class Mask:
    """A boolean index that is kept until its count is asked for."""

    __slots__ = ("array",)

    def __init__(self, array: Array) -> None:
        self.array = array


Item = Union[int, Dim, slice, None, "EllipsisType", Array, Mask, bool]


# -- reading the index ------------------------------------------------------------------------------------------------
def items_of(cx: Context, owner: Array, index: Value) -> list[Item]:
    """The parts of an index. Raises what is no index, OpenIndexError where it is not known."""
    if isinstance(index, Sequence) and index.kind == "tuple":
        parts = index.contents.items(64)
        if parts is None:
            raise OpenIndexError
        return [item_of(cx, owner, part) for part in parts]
    return [item_of(cx, owner, index)]


def item_of(cx: Context, owner: Array, value: Value) -> Item:
    """One part of an index."""
    if isinstance(value, SliceValue):
        return slice_of(cx, owner, value)
    if isinstance(value, Const):
        if value.value is None or value.value is Ellipsis or isinstance(value.value, (bool, int)):
            return value.value
        if isinstance(value.value, str) and not kind_of(owner.dtype):
            raise OpenIndexError  # the dtype is not known: it may have fields
        raise no_index(type(value.value).__name__, owner, value)
    dim = None if isinstance(value, Array) else as_dim(value)
    if dim is not None:
        return cx.resolve(dim)
    if isinstance(value, Typed):
        if value.kind == "int":
            return cx.fresh(lo=_least(value.lo), hi=None)
        if value.kind == "bool":
            raise OpenIndexError
        if value.kind == "str" and not kind_of(owner.dtype):
            raise OpenIndexError
        raise no_index(value.kind, owner, value)
    if isinstance(value, (Sequence, RangeValue)) and not (
        isinstance(value, Sequence) and value.kind in ("set", "frozenset")
    ):
        return _list_index(cx, owner, value)
    if isinstance(value, Array) or (isinstance(value, Instance) and (value.library_type or "").startswith("pandas.")):
        array = as_array(cx, value)
        if isinstance(array, Unknown):
            raise OpenIndexError
        return _array_index(cx, owner, array, value)
    if isinstance(value, (DictValue, Sequence)):
        raise no_index(value.kind, owner, value)
    raise OpenIndexError


def _least(lo: Bound) -> int:
    low = bound_low(lo)
    return int(low) if low is not None and not math.isinf(low) else -(2**31)


def _list_index(cx: Context, owner: Array, value: Value) -> Item:
    array = array_of(cx, value, None, "index")
    if isinstance(array, Unknown):
        raise OpenIndexError
    if array.shape is not None and 0 in array.shape and kind_of(array.dtype) == "f":
        return made(array.shape, "int64", data=())
    if kind_of(array.dtype) not in ("b", "i", "u", ""):
        if kind_of(array.dtype) == "U" and not kind_of(owner.dtype):
            raise OpenIndexError
        raise no_index("list of " + str(array.dtype), owner, value)
    return _array_index(cx, owner, array, value)


def _array_index(cx: Context, owner: Array, array: Array, value: Value) -> Item:
    kind = kind_of(array.dtype)
    if kind == "b":
        if array.shape is None:
            raise OpenIndexError
        if array.shape == ():
            raise OpenIndexError
        return Mask(array)
    if kind in ("i", "u"):
        if array.shape == ():
            dim = as_dim(array)
            if dim is not None:
                return cx.resolve(dim)
            return cx.fresh(lo=_least(array.lo), hi=array.hi if isinstance(array.hi, (int, Dim)) else None)
        if array.shape is None:
            raise OpenIndexError
        return array
    if kind == "":
        if array.shape is None or array.shape == ():
            raise OpenIndexError
        return array
    if array.shape == ():
        raise no_index(str(array.dtype), owner, value)
    raise no_index(str(array.dtype), owner, value, NO_INTEGER)


def no_index(got: str, owner: Array, value: Value, text: str = ONLY) -> Exception:
    """The fault for something that is no index."""
    from foreshape.faults.index_type import IndexType

    return IndexType(
        Raises("IndexError", text, by="numpy"), values=(value, owner), recover=made(None, owner.dtype), got=got
    )


def slice_of(cx: Context, owner: Array, value: SliceValue) -> slice:
    """A slice with sizes for ends."""
    return slice(*(_end(cx, owner, end) for end in (value.start, value.stop, value.step)))


def _end(cx: Context, owner: Array, value: Value) -> DimLike | None:
    if is_none(value):
        return None
    dim = as_dim(value)
    if dim is not None:
        return cx.resolve(dim)
    shown = None
    if isinstance(value, Const) and not isinstance(value.value, int):
        shown = type(value.value).__name__
    elif isinstance(value, Typed) and value.kind in ("float", "str"):
        shown = value.kind
    elif isinstance(value, Array) and value.shape == () and kind_of(value.dtype) == "f":
        shown = str(value.dtype)
    if shown is not None:
        raise slice_end(shown, owner, value)
    if isinstance(value, (Typed, Array)):
        return cx.fresh(lo=_least(value.lo))
    # whatever it is, it cuts along this axis
    return cx.fresh(lo=_least(None))


def slice_end(shown: str, owner: Array, value: Value) -> Exception:
    from foreshape.faults.index_type import IndexType

    text = "slice indices must be integers or None or have an __index__ method"
    recover = made(None, owner.dtype)
    return IndexType(Raises("TypeError", text, by="numpy"), values=(value, owner), recover=recover, got=shown)


# -- the shape of a part ----------------------------------------------------------------------------------------------
class Selection:
    """What an index selects of an array. at: where the new axes of index arrays stand; mask: a single mask that
    is the whole index."""

    __slots__ = ("items", "later", "mask", "result")

    def __init__(self, items: list[Item], result: Result, mask: Array | None) -> None:
        self.later: list[tuple[Array, DimLike, int]] = []
        self.items = items
        self.result = result
        self.mask = mask


def select(cx: Context, owner: Array, index: Value, writes: bool = False) -> Selection:
    """What ``owner[index]`` selects. Raises the faults of indexing; OpenIndexError where it is not known.

    writes: for an assignment, which looks at the shape of the value before it looks at positions in arrays: these are
    left
    in ``later``."""
    assert owner.shape is not None
    shape = resolved(cx, owner.shape)
    items = items_of(cx, owner, index)
    if any(isinstance(item, bool) for item in items):
        return _with_bools(cx, owner, shape, items)
    for item in items:
        if isinstance(item, Mask) and item.array.shape == ():
            raise OpenIndexError
    parts: list[Any] = []
    masks = [item for item in items if isinstance(item, Mask)]
    for item in items:
        if isinstance(item, Mask):
            parts.append(BoolIndex(resolved(cx, item.array.shape or ()), _count(cx, item.array)))
        elif isinstance(item, Array):
            parts.append(ArrayIndex(resolved(cx, item.shape or ())))
        else:
            parts.append(item)
    try:
        found = index_shape(shape, parts, cx.facts, fresh=_spare(cx, shape, items))
    except TooManyIndicesError as error:
        raise _too_many(cx, owner, error.given, index) from None
    except SizeError as error:
        raise _bad_size(error.reason, owner, index) from None
    if found is None:
        raise OpenIndexError
    later = _check(cx, owner, shape, items, found, index)
    whole = masks[0].array if len(items) == 1 and masks else None
    selection = Selection(items, Result(resolved(cx, found.shape)), whole)
    selection.later = later
    nothing = any(isinstance(size, int) and size == 0 for size in found.shape)
    if not writes and (not nothing or cx.targets.at_least("numpy", "2")):
        check_positions(cx, owner, later, index)
    return selection


def check_positions(cx: Context, owner: Array, later: list[tuple[Array, DimLike, int]], index: Value) -> None:
    """Raise for a position in an index array that is past an end."""
    for item, size, axis in later:
        _check_positions(cx, owner, item, size, axis, index)


def _spare(cx: Context, shape: Shape, items: list[Item]) -> list[DimLike]:
    """Sizes for slices whose length cannot be told, each at most that of some axis."""
    return [cx.fresh(lo=0) for item in items if isinstance(item, slice)]


def _count(cx: Context, mask: Array) -> DimLike:
    """How many elements a mask keeps."""
    if mask.data is not None and all(isinstance(item, bool) for item in mask.data):
        return int(sum(mask.data))
    from foreshape.domain.dim import product

    whole = product(mask.shape or ())
    if mask.lo is not None and mask.lo == mask.hi == 1:
        return whole
    return cx.fresh(f"count of {cx.text(mask) or 'a mask'}", lo=0, hi=whole)


def _with_bools(cx: Context, owner: Array, shape: Shape, items: list[Item]) -> Selection:
    """``True`` and ``False`` as indices: a new axis of 1 or 0."""
    if len(items) == 1:
        return Selection([Ellipsis] if items[0] else [slice(0)], Result((int(bool(items[0])), *shape)), None)
    raise OpenIndexError


def _too_many(cx: Context, owner: Array, given: int, index: Value) -> Exception:
    from foreshape.faults.too_many_indices import TooManyIndices

    assert owner.shape is not None
    if is_scalar(owner):
        text = "invalid index to scalar variable."
    else:
        text = f"too many indices for array: array is {len(owner.shape)}-dimensional, but {given} were indexed"
    return TooManyIndices(
        Raises("IndexError", text, by="numpy"), values=(owner,), recover=cx.unknown("it has too many indices"),
        given=given, shape=owner.shape,
    )  # fmt: skip


def _bad_size(reason: str, owner: Array, index: Value) -> Exception:
    if reason == "two-ellipses":
        text = "an index can only have a single ellipsis ('...')"
        return invalid("index", "...", text, owner, index, exception="IndexError")
    return invalid("step", 0, "slice step cannot be zero", owner, index)


def _check(
    cx: Context, owner: Array, shape: Shape, items: list[Item], found: Result, index: Value
) -> list[tuple[Array, DimLike, int]]:
    """Raise what certainly fails, learn what must hold. Gives the index arrays whose positions are still to be
    checked."""
    used = sum(len(i.array.shape or ()) if isinstance(i, Mask) else i is not None and i is not Ellipsis for i in items)
    placed: list[tuple[Item, int]] = []
    axis = 0
    for item in items:
        if item is None:
            continue
        if item is Ellipsis:
            axis += len(shape) - used
            continue
        placed.append((item, axis))
        axis += len(item.array.shape or ()) if isinstance(item, Mask) else 1
    # NumPy looks at masks first, then whether the arrays broadcast, then at positions
    for item, axis in placed:
        if isinstance(item, Mask):
            _check_mask(cx, owner, shape, axis, item.array, index)
    _check_arrays_broadcast(cx, owner, items, found, index)
    for item, axis in placed:
        if isinstance(item, (int, Dim)) and not isinstance(item, bool):
            _check_position(cx, owner, item, shape[axis], axis, index)
    return [(item, shape[axis], axis) for item, axis in placed if isinstance(item, Array)]


def _check_arrays_broadcast(cx: Context, owner: Array, items: list[Item], found: Result, index: Value) -> None:
    for need in found.needs:
        if need.where != "indices":
            continue
        if need.truth.is_no:
            from foreshape.faults.broadcast_mismatch import BroadcastMismatch

            shapes: list[Shape] = []
            for item in items:
                if isinstance(item, Array):
                    shapes.append(item.shape or ())
                elif isinstance(item, Mask):
                    count = next((s for s in (need.left, need.right)), 0)
                    shapes.append((count,))
                elif isinstance(item, (int, Dim)):
                    shapes.append(())
            text = "shape mismatch: indexing arrays could not be broadcast together with shapes "
            text += " ".join(shape_text(shape) for shape in shapes) + " "
            raise BroadcastMismatch(
                Raises("IndexError", text, by="numpy"), values=(owner, index), recover=made(None, owner.dtype),
                taker="[]", shapes=tuple(shapes),
            )  # fmt: skip
        if need.kind == "equal":
            cx.equal(need.left, need.right)


def _check_mask(cx: Context, owner: Array, shape: Shape, axis: int, mask: Array, index: Value) -> None:
    for offset, size in enumerate(mask.shape or ()):
        if axis + offset < len(shape) and not cx.equal(size, shape[axis + offset]):
            from foreshape.faults.mask_shape import MaskShape

            at, real = axis + offset, shape[axis + offset]
            if cx.targets.at_least("numpy", "2"):
                text = (
                    f"boolean index did not match indexed array along axis {at}; size of axis is {real} but size of "
                    f"corresponding boolean axis is {size}"
                )
            else:
                text = (
                    f"boolean index did not match indexed array along dimension {at}; dimension is {real} but "
                    f"corresponding boolean dimension is {size}"
                )
            raise MaskShape(
                Raises("IndexError", text, by="numpy"), values=(index, owner), recover=made(None, owner.dtype),
                mask=mask.shape or (), shape=shape, axis=at,
            )  # fmt: skip


def _check_position(cx: Context, owner: Array, item: DimLike, size: DimLike, axis: int, index: Value) -> None:
    """-size <= item < size. What is certainly outside is a fault; else it is learnt for an index from the left."""
    from foreshape.domain.dim import ge, lt

    inside_left = ge(item, 0, cx.facts)
    if inside_left.is_yes:
        fits = cx.at_least(size, item + 1)
    elif lt(item, 0, cx.facts).is_yes:
        fits = cx.at_least(size + item, 0)
    else:
        fits = not (lt(item, size, cx.facts).is_no or ge(item, -size, cx.facts).is_no)
    if not fits:
        raise out_of_range(owner, item, size, axis, index)


def out_of_range(owner: Array, item: DimLike, size: DimLike, axis: int, *values: Value) -> Exception:
    """The fault for a position past an end."""
    from foreshape.faults.index_range import IndexRange

    text = f"index {item} is out of bounds for axis {axis} with size {size}"
    assert owner.shape is not None
    recover = made(None, owner.dtype)
    if axis == 0:
        recover = made(owner.shape[1:], owner.dtype, owner.lo, owner.hi)
    return IndexRange(
        Raises("IndexError", text, by="numpy"), values=(owner, *values), recover=recover, taker="numpy array",
        index=item, size=size, axis=axis,
    )  # fmt: skip


def _check_positions(cx: Context, owner: Array, item: Array, size: DimLike, axis: int, index: Value) -> None:
    """An array of positions: a known element that is outside, or bounds that are all outside."""
    from foreshape.domain.dim import ge, lt

    if item.data is not None:
        for position in item.data:
            if (
                isinstance(position, (int, Dim))
                and not isinstance(position, bool)
                and (lt(position, size, cx.facts).is_no or ge(position, -size, cx.facts).is_no)
            ):
                raise out_of_range(owner, position, size, axis, index)
        return
    if isinstance(item.lo, (int, Dim)) and lt(item.lo, size, cx.facts).is_no and _not_empty(cx, item):
        raise out_of_range(owner, item.lo, size, axis, index)


def _not_empty(cx: Context, array: Array) -> bool:
    from foreshape.domain.dim import ge

    return all(ge(size, 1, cx.facts).is_yes for size in array.shape or ())


# -- roles and elements -----------------------------------------------------------------------------------------------
def kept_roles(owner: Array, items: list[Item]) -> tuple[str | None, ...] | None:
    """The roles of the axes that are left after basic indexing."""
    if owner.roles is None or owner.shape is None or any(isinstance(i, (Array, Mask, bool)) for i in items):
        if owner.roles is not None and len(items) == 1 and isinstance(items[0], (Array, Mask)):
            first = items[0]
            if len((first.array if isinstance(first, Mask) else first).shape or ()) == 1:
                return owner.roles
        return None
    rest = len(owner.shape) - sum(1 for item in items if item is not None and item is not Ellipsis)
    roles: list[str | None] = []
    axis = 0
    for item in [*items, *(() if Ellipsis in items else (Ellipsis,))]:
        if item is None:
            roles.append(None)
        elif item is Ellipsis:
            roles.extend(owner.roles[axis : axis + rest])
            axis += rest
        else:
            if isinstance(item, slice):
                roles.append(owner.roles[axis])
            axis += 1
    return tuple(roles)


def positions(owner: Array, items: list[Item]) -> list[int] | None:
    """The flat positions that a known index selects, in order; None where that cannot be told."""
    plain = known(owner.shape)
    if plain is None or math.prod(plain) > 4 * MOST_DATA:
        return None
    arrays = [item for item in items if isinstance(item, (Array, Mask))]
    if arrays:
        if len(items) != 1:
            return None
        return _array_positions(plain, arrays[0])
    choices: list[list[int]] = []
    rest = len(plain) - sum(1 for item in items if item is not None and item is not Ellipsis)
    axis = 0
    for item in [*items, *(() if any(i is Ellipsis for i in items) else (Ellipsis,))]:
        if item is None:
            continue
        if item is Ellipsis:
            for _ in range(rest):
                choices.append(list(range(plain[axis])))
                axis += 1
            continue
        if isinstance(item, slice):
            if any(isinstance(end, Dim) for end in (item.start, item.stop, item.step)):
                return None
            choices.append(list(range(plain[axis]))[item])
        elif isinstance(item, int):
            choices.append([item % plain[axis]] if plain[axis] else [])
        else:
            return None
        axis += 1
    found: list[int] = []
    for place in cartesian(*choices):
        flat = 0
        for size, at in zip(plain, place):
            flat = flat * size + at
        found.append(flat)
    return found


def _array_positions(plain: tuple[int, ...], item: Array | Mask) -> list[int] | None:
    data = item.array.data if isinstance(item, Mask) else item.data
    if data is None or not plain or (isinstance(item, Mask) and len(item.array.shape or ()) != 1):
        return None
    if isinstance(item, Mask):
        rows = [row for row, keep in enumerate(data) if keep is True]
        if not all(isinstance(keep, bool) for keep in data):
            return None
    else:
        if not all(isinstance(row, int) and -plain[0] <= row < plain[0] for row in data):
            return None
        rows = [row % plain[0] for row in data]
    width = math.prod(plain[1:])
    return [row * width + offset for row in rows for offset in range(width)]


@rule("numpy.ndarray.__getitem__", doc="https://numpy.org/doc/stable/user/basics.indexing.html")
def getitem(cx: Context, self: Value, index: Value) -> Value:
    """Every axis that is not indexed stays. IndexError: index-range, too-many-indices, mask-shape, index-type."""
    if not isinstance(self, Array) or self.shape is None:
        return (
            made(None, self.dtype)
            if isinstance(self, Array) and _keeps_kind(index)
            else cx.unknown("it is part of an array whose rank is not known")
        )
    if self.dtype is not None and kind_of(self.dtype) == "V" and isinstance(index, (Const, Sequence)):
        return _field(cx, self, index)
    if (
        is_text(self)
        or (is_scalar(self) and self.dtype is None)
        or ("flat" in self.meta and not isinstance(index, (Const, SliceValue)))
    ):
        return cx.unknown("it is a part of a text, or of an iterator")
    try:
        chosen = select(cx, self, index)
    except OpenIndexError:
        return cx.unknown(index.reason if isinstance(index, Unknown) else "it is not known which part this is")
    held = objects_in(self)
    if held is not None and (isinstance(index, SliceValue) or as_dim(index) is not None):
        return object_at(cx, self, held, index)
    found = part_of(cx, self, chosen, index)
    if found.dtype == "object" and found.shape == () and not found.meta.get("0d"):
        return cx.unknown("an element of an array of Python objects")
    return found


def part_of(cx: Context, owner: Array, chosen: Selection, index: Value) -> Array:
    """The array that a selection gives."""
    shape = chosen.result.shape
    data = None
    if owner.data is not None:
        at = positions(owner, chosen.items)
        data = tuple(owner.data[k] for k in at) if at is not None and len(at) <= MOST_DATA else None
    found = made(shape, owner.dtype, None if data else owner.lo, None if data else owner.hi, data,
                 kept_roles(owner, chosen.items))  # fmt: skip
    if data is not None and found.lo is None and found.hi is None:
        found.lo, found.hi = owner.lo, owner.hi
    if chosen.mask is not None and data is None and owner.lo != owner.hi and owner.dtype != "bool":
        # what a mask keeps need not hold the ends of the range
        found.lo = found.hi = None
    if not shape and any(item is Ellipsis for item in chosen.items):
        return zero_d(found)
    if shape and not any(isinstance(item, (Array, Mask, bool)) for item in chosen.items):
        return view_of(owner, found)
    return found


def _keeps_kind(index: Value) -> bool:
    """Whether the result is certainly an array."""
    return isinstance(index, SliceValue)


def _field(cx: Context, owner: Array, index: Value) -> Value:
    return cx.unknown("fields of structured arrays are not modelled")


@rule("numpy.ndarray.__len__")
def length(cx: Context, self: Value) -> Value:
    """The size of the first axis."""
    from foreshape.domain.values import int_value

    if not isinstance(self, Array) or self.shape is None:
        return Typed("int", lo=0)
    if is_text(self):
        return Typed("int", lo=0)
    if not self.shape:
        text = "len() of unsized object"
        if is_scalar(self):
            text = f"object of type 'numpy.{self.dtype}' has no len()"
        raise type_fault(text, "len", self, types=("numpy.ndarray",), recover=Typed("int"))
    return int_value(self.shape[0])
