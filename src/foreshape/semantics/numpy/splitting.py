"""Arrays taken apart, and parts taken out or put in: split, array_split, unstack, delete, insert."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents, Run
from foreshape.domain.dim import DimLike, product
from foreshape.domain.values import Array, Instance, Sequence, Shape, SliceValue, Unknown, Value, as_dim, as_int
from foreshape.faults.base import Raises
from foreshape.semantics.numpy.array_from import as_array
from foreshape.semantics.numpy.joining import joined_axis, joined_bounds
from foreshape.semantics.numpy.support import (
    axis_of,
    given,
    invalid,
    keeps,
    known,
    listed,
    made,
    resolved,
    total,
)
from foreshape.semantics.registry import rule
from foreshape.semantics.shared import join as formulas
from foreshape.semantics.shared.index import slice_length

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

DOC = "https://numpy.org/doc/stable/reference/generated/numpy."


# -- split ------------------------------------------------------------------------------------------------------------
def split_parts(cx: Context, ary: Value, sections: Value, axis: int | None, exact: bool, taker: str) -> Value:
    """A list of parts: equal ones (``exact``), nearly equal ones, or cut at indices."""
    array = as_array(cx, ary)
    if isinstance(array, Unknown) or array.shape is None or axis is None:
        return cx.unknown("it is not known what is split")
    if isinstance(ary, Instance) and "~frame" in ary.fields and not cx.targets.at_least("pandas", "3"):
        return cx.unknown("the parts of a frame are frames before pandas 3")
    shape = resolved(cx, array.shape)
    if not -len(shape) <= axis < len(shape):
        raise invalid("axis", axis, "tuple index out of range", ary, exception="IndexError")
    at = axis % len(shape)
    count = as_int(sections)
    if count is not None:
        return _equal_parts(cx, array, shape, count, at, exact, ary, taker)
    parts = as_dim(sections)
    if parts is not None:
        part = keeps(array, (*shape[:at], cx.fresh(lo=0), *shape[at + 1 :]), roles=array.roles)
        return Sequence("list", Contents((Run(parts, part),)))
    edges = _edges(cx, sections)
    if edges is None:
        return cx.unknown("it is not known where it is split")
    lengths = [slice_length(shape[at], start, stop, None, cx.facts) for start, stop in zip([0, *edges], [*edges, None])]
    sized = [cx.fresh(lo=0) if length is None else length for length in lengths]
    return _parts_list(array, shape, at, sized)


def _edges(cx: Context, value: Value) -> list[DimLike] | None:
    if isinstance(value, Array) and value.data is not None:
        return list(value.data)
    contents = cx.iterate(value)
    items = None if contents is None else contents.items(256)
    if items is None:
        return None
    found = [as_dim(item) for item in items]
    return None if any(edge is None for edge in found) else [cx.resolve(edge) for edge in found if edge is not None]


def _parts_list(array: Array, shape: Shape, at: int, sizes: list[DimLike]) -> Value:
    made_parts: list[Value] = []
    passed = 0
    for size in sizes:
        data = None
        if array.data is not None and at == 0 and isinstance(size, int) and known(shape) is not None:
            width = total(shape[1:])
            if isinstance(width, int):
                data = array.data[passed * width : (passed + size) * width]
            passed += size
        part = keeps(array, (*shape[:at], size, *shape[at + 1 :]), roles=array.roles)
        if data:
            part = made(part.shape, part.dtype, data=data, roles=part.roles)
        made_parts.append(part)
    return listed("list", made_parts)


def _equal_parts(
    cx: Context, array: Array, shape: Shape, count: int, at: int, exact: bool, ary: Value, taker: str
) -> Value:
    if count <= 0:
        if exact and count == 0:
            raise invalid("indices_or_sections", 0, "integer modulo by zero", ary, exception="ZeroDivisionError")
        raise invalid("indices_or_sections", count, "number sections must be larger than 0.", ary)
    if not exact:
        return _parts_list(array, shape, at, [part[at] for part in formulas.array_split(shape, count, at)])
    part, needs = formulas.split(shape, count, at, cx.facts)
    for need in needs:
        if need.truth.is_no:
            from foreshape.faults.split_size import SplitSize

            text = "array split does not result in an equal division"
            recover = _parts_list(array, shape, at, [p[at] for p in formulas.array_split(shape, count, at)])
            raise SplitSize(
                Raises("ValueError", text, by="numpy"),
                values=(ary,),
                recover=recover,
                size=shape[at],
                sections=count,
                axis=at,
            )
        cx.equal(need.left, count * part[at])
    return _parts_list(array, shape, at, [part[at]] * count)


@rule("numpy.split", doc=DOC + "split.html")
def split(cx: Context, ary: Value, indices_or_sections: Value, axis: Value | None = None) -> Value:
    """Equal parts, or parts cut at indices like slices."""
    return split_parts(cx, ary, indices_or_sections, joined_axis(cx, axis), True, "split")


@rule("numpy.array_split", doc=DOC + "array_split.html")
def array_split(cx: Context, ary: Value, indices_or_sections: Value, axis: Value | None = None) -> Value:
    """Parts as equal as can be, the longer ones first."""
    return split_parts(cx, ary, indices_or_sections, joined_axis(cx, axis), False, "array_split")


def _fixed_split(cx: Context, ary: Value, sections: Value, taker: str, rank: int, axis: int) -> Value:
    array = as_array(cx, ary)
    if isinstance(array, Array) and array.shape is not None and len(array.shape) < rank:
        text = f"{taker} only works on arrays of {rank} or more dimensions"
        raise invalid("ary", f"{len(array.shape)} axes", text, ary)
    if taker == "hsplit" and isinstance(array, Array) and array.shape is not None and len(array.shape) == 1:
        axis = 0
    return split_parts(cx, ary, sections, axis, True, taker)


@rule("numpy.hsplit", doc=DOC + "hsplit.html")
def hsplit(cx: Context, ary: Value, indices_or_sections: Value) -> Value:
    return _fixed_split(cx, ary, indices_or_sections, "hsplit", 1, 1)


@rule("numpy.vsplit", doc=DOC + "vsplit.html")
def vsplit(cx: Context, ary: Value, indices_or_sections: Value) -> Value:
    return _fixed_split(cx, ary, indices_or_sections, "vsplit", 2, 0)


@rule("numpy.dsplit", doc=DOC + "dsplit.html")
def dsplit(cx: Context, ary: Value, indices_or_sections: Value) -> Value:
    return _fixed_split(cx, ary, indices_or_sections, "dsplit", 3, 2)


@rule("numpy.unstack", since="2.1", doc=DOC + "unstack.html")
def unstack(cx: Context, x: Value, /, *, axis: Value | None = None) -> Value:
    """A tuple with one array for each place of the axis, which goes."""
    array = as_array(cx, x)
    at = joined_axis(cx, axis)
    if isinstance(array, Unknown) or array.shape is None or at is None:
        return cx.unknown("it is not known what is taken apart")
    if not array.shape:
        raise invalid("x", "no axes", "Input array must be at least 1-d.", x)
    where = axis_of(at, len(array.shape), "unstack", (x,))
    part = keeps(array, (*array.shape[:where], *array.shape[where + 1 :]))
    from foreshape.domain.contents import Contents

    size = array.shape[where]
    if isinstance(size, int) and size <= 64:
        return listed("tuple", [part] * size)
    return Sequence("tuple", Contents((Run(size, part),)))


# -- insert, delete -----------------------------------------------------------------------------------------------
def _flat_or(cx: Context, array: Array, axis: Value | None, taker: str, source: Value) -> tuple[Array, int] | None:
    """The array and the axis that is worked on: flattened where no axis is given."""
    if not given(axis):
        if array.shape is None:
            return keeps(array, (cx.fresh(lo=0),)), 0
        return keeps(array, (product(resolved(cx, array.shape)),)), 0
    at = as_int(axis)
    if at is None or array.shape is None:
        return None
    return array, axis_of(at, len(array.shape), taker, (source,))


def _check_index(cx: Context, index: DimLike, size: DimLike, at: int, past: int, *values: Value) -> None:
    from foreshape.domain.dim import ge
    from foreshape.faults.index_range import IndexRange

    limit = size + past
    if ge(index, limit, cx.facts).is_yes or ge(-size - 1, index, cx.facts).is_yes:
        text = f"index {index} is out of bounds for axis {at} with size {size}"
        raise IndexRange(
            Raises("IndexError", text, by="numpy"), values=values, taker="numpy array", index=index, size=size, axis=at
        )


@rule("numpy.delete", doc=DOC + "delete.html")
def delete(cx: Context, arr: Value, obj: Value, axis: Value | None = None) -> Value:
    """One less for an int, fewer for a list of different positions, a slice or a mask."""
    array = as_array(cx, arr)
    if isinstance(array, Unknown):
        return array
    chosen = _flat_or(cx, array, axis, "delete", arr)
    if chosen is None:
        return made(None, array.dtype, array.lo, array.hi)
    base, at = chosen
    assert base.shape is not None
    size = cx.resolve(base.shape[at])
    gone = _deleted(cx, obj, size, at, arr)
    left: DimLike = cx.fresh(lo=0, hi=size) if gone is None else size - gone
    return keeps(base, (*base.shape[:at], left, *base.shape[at + 1 :]))


def _deleted(cx: Context, obj: Value, size: DimLike, at: int, arr: Value) -> DimLike | None:
    one = None if isinstance(obj, Array) and obj.shape != () else as_dim(obj)
    if one is not None:
        _check_index(cx, one, size, at, 0, arr, obj)
        return 1
    if isinstance(obj, SliceValue):
        from foreshape.semantics.numpy.indexing import OpenIndexError, slice_of

        try:
            part = slice_of(cx, made((size,), None), obj)
        except OpenIndexError:
            return None
        return slice_length(size, part.start, part.stop, part.step, cx.facts)
    places = as_array(cx, obj)
    if isinstance(places, Array) and places.data is not None and isinstance(size, int):
        if places.dtype == "bool":
            return sum(bool(item) for item in places.data)
        if all(isinstance(item, int) for item in places.data):
            for item in places.data:
                _check_index(cx, item, size, at, 0, arr, obj)
            return len({item % size for item in places.data}) if size else 0
    return None


@rule("numpy.insert", doc=DOC + "insert.html")
def insert(cx: Context, arr: Value, obj: Value, values: Value, axis: Value | None = None) -> Value:
    """As many more as there are positions (or values, at one position)."""
    array = as_array(cx, arr)
    if isinstance(array, Unknown):
        return array
    new = as_array(cx, values)
    chosen = _flat_or(cx, array, axis, "insert", arr)
    if chosen is None:
        return made(None, array.dtype)
    base, at = chosen
    assert base.shape is not None
    size = cx.resolve(base.shape[at])
    one = None if isinstance(obj, Array) and obj.shape != () else as_dim(obj)
    more: DimLike | None = None
    if one is not None:
        _check_index(cx, one, size, at, 1, arr, obj)
        more = _inserted(base, new, at)
    else:
        places = as_array(cx, obj)
        if isinstance(places, Array) and places.shape is not None and len(places.shape) == 1 and places.dtype != "bool":
            more = places.shape[0]
    found = [base] if isinstance(new, Unknown) else [base, new]
    lo, hi = joined_bounds(found) if len(found) == 2 else (None, None)
    count: DimLike = cx.fresh(lo=0) if more is None else size + more
    return made((*base.shape[:at], count, *base.shape[at + 1 :]), base.dtype, lo, hi)


def _inserted(base: Array, new: Array | Unknown, at: int) -> DimLike | None:
    if isinstance(new, Unknown) or new.shape is None or base.shape is None:
        return None
    if len(base.shape) == 1:
        return 1 if not new.shape else new.shape[-1]
    if len(new.shape) < len(base.shape):
        return 1 if at == 0 or not new.shape else None
    return None
