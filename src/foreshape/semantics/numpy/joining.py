"""Arrays put together and taken apart: concatenate, stack, split, append, insert, delete, block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foreshape.domain.contents import Run, objects_in
from foreshape.domain.dim import Dim, DimLike, variables
from foreshape.domain.join import join_bound
from foreshape.domain.values import Array, Bound, Const, Instance, Sequence, Shape, Unknown, Value, as_int
from foreshape.faults.base import Fault, Raises
from foreshape.semantics.numpy.array_from import UNEQUAL, as_array, converted, drawn_apart, promote_items
from foreshape.semantics.numpy.dtypes import dtype_argument
from foreshape.semantics.numpy.support import (
    MOST_DATA,
    axis_of,
    given,
    invalid,
    keeps,
    known,
    listed,
    made,
    resolved,
    total,
    type_fault,
    zero_d,
)
from foreshape.semantics.registry import rule
from foreshape.semantics.shared import join as formulas

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

DOC = "https://numpy.org/doc/stable/reference/generated/numpy."


class Parts:
    """What is joined: arrays of known number, or ``count`` arrays that look like the one in ``arrays``."""

    __slots__ = ("arrays", "count", "open", "values")

    def __init__(self, arrays: list[Array], values: tuple[Value, ...], count: DimLike | None, open_: bool) -> None:
        self.arrays = arrays
        self.values = values
        self.count = count
        self.open = open_


MOST_LISTED = 2000


def _joinable(cx: Context, value: Value, taker: str) -> Array | Unknown:
    """The array that is joined. To NumPy a sparse matrix is one object without axes."""
    if isinstance(value, Instance) and (value.library_type or "").startswith("scipy.sparse."):
        return zero_d(made((), "object"))
    return as_array(cx, value, taker)


def parts_of(cx: Context, arrays: Value, taker: str) -> Parts | None:
    """The arrays of an argument that is a sequence of arrays; None where nothing is known about it."""
    if isinstance(arrays, Array):
        if arrays.shape is None:
            return None
        if not arrays.shape:
            raise type_fault("iteration over a 0-d array", taker, arrays)
        if arrays.dtype == "object":
            held = objects_in(arrays)
            return None if held is None else parts_of(cx, Sequence("list", held), taker)
        row = keeps(arrays, arrays.shape[1:], roles=None if arrays.roles is None else arrays.roles[1:])
        return Parts([row], (arrays,), cx.resolve(arrays.shape[0]), False)
    if isinstance(arrays, Const):
        text = "dispatcher for __array_function__ did not return an iterable"
        raise type_fault(text, taker, arrays)
    contents = cx.iterate(arrays)
    if contents is None:
        return None
    found: list[Array] = []
    values: list[Value] = []
    unknown = False
    count: DimLike | None = None
    for segment in contents.segments:
        if isinstance(segment, Run):
            items = contents.items(256)
            if items is not None:
                return _listed_parts(cx, items, taker)
            return _run_parts(cx, contents, taker)
        array = _joinable(cx, segment, taker)
        if isinstance(array, Unknown):
            unknown = True
            array = made(None, None)
        found.append(array)
        values.append(segment)
    return Parts(found, tuple(values), count, unknown)


def _listed_parts(cx: Context, items: tuple[Value, ...], taker: str) -> Parts:
    arrays = [_joinable(cx, item, taker) for item in items]
    known_all = [array if isinstance(array, Array) else made(None, None) for array in arrays]
    return Parts(known_all, items, None, any(isinstance(array, Unknown) for array in arrays))


def _run_parts(cx: Context, contents: Any, taker: str) -> Parts | None:
    """A list of unknown length: all parts have to look alike but for the joined axis."""
    from foreshape.domain.join import widen

    elements: list[Value] = []
    for segment in contents.segments:
        element = segment.element if isinstance(segment, Run) else segment
        array = as_array(cx, element, taker)
        if isinstance(array, Unknown):
            return None
        if isinstance(segment, Run) and segment.index is not None and _mentions(array, segment.index):
            listed = contents.items(MOST_LISTED) if taker == "stack" else None
            if listed is not None:
                return _listed_parts(cx, listed, taker)
            array = keeps(
                array, tuple(cx.fresh() if _within(size, segment.index) else size for size in array.shape or ())
            )
        elements.append(array)
    one = elements[0] if len(elements) == 1 else widen(elements)
    return Parts([one], (one,), cx.resolve(contents.length), False) if isinstance(one, Array) else None


def _within(size: DimLike, index: Any) -> bool:
    return isinstance(size, Dim) and index in variables(size)


def _mentions(array: Array, index: Any) -> bool:
    """Whether the shape of an element of a run depends on which one it is."""
    return any(_within(size, index) for size in array.shape or ())


def joined_dtype(arrays: list[Array]) -> str | None:
    """The common dtype; a zero-axis part counts like any other."""
    result = arrays[0].dtype if arrays else None
    for array in arrays[1:]:
        result = promote_items(result, array.dtype)
    return result


def joined_bounds(arrays: list[Array]) -> tuple[Bound, Bound]:
    """Bounds that hold for all parts."""
    full = [array for array in arrays if array.shape is None or 0 not in array.shape]
    if not full:
        return None, None
    lo, hi = full[0].lo, full[0].hi
    for array in full[1:]:
        lo, hi = join_bound(lo, array.lo, False), join_bound(hi, array.hi, True)
    return lo, hi


# -- concatenate ------------------------------------------------------------------------------------------------------
def concatenated(
    cx: Context, parts: Parts, axis: int, taker: str, values: tuple[Value, ...], dtype: str | None = None
) -> Array:
    """The parts along an axis that exists. ValueError (join-mismatch) where they do not fit."""
    arrays = parts.arrays
    kind = dtype if dtype is not None else joined_dtype(arrays)
    lo, hi = joined_bounds(arrays)
    if not arrays:
        raise invalid("arrays", "[]", "need at least one array to concatenate", *values)
    shaped = [(k, array) for k, array in enumerate(arrays) if array.shape is not None]
    if not shaped:
        return made(None, kind, lo, hi)
    shapes = [resolved(cx, array.shape or ()) for _, array in shaped]
    first = shapes[0]
    if not first:
        raise invalid("arrays", "numbers", "zero-dimensional arrays cannot be concatenated", *values)
    recover = made((*(cx.fresh(lo=0) for _ in first),), kind)
    at = axis_of(axis, len(first), taker, values, recover)
    _check_ranks(cx, shapes, [k for k, _ in shaped], axis, taker, values, kind)
    _check_sizes(cx, shapes, [k for k, _ in shaped], at, taker, values, kind)
    if parts.count is not None:
        size: DimLike = first[at] * parts.count
        return made((*first[:at], size, *first[at + 1 :]), kind, lo, hi)
    if len(shaped) != len(arrays):
        merged = (*first[:at], cx.fresh(lo=0), *first[at + 1 :])
        return made(resolved(cx, merged), kind)
    found = formulas.concatenate(shapes, at, cx.facts)
    data = _joined_data(arrays, kind) if at == 0 else None
    roles = next((array.roles for array in arrays if array.roles is not None), None)
    result = made(resolved(cx, found.shape), kind, lo, hi, data, roles)
    result.tainted = any(array.tainted for array in arrays)
    return result


def _joined_data(arrays: list[Array], dtype: str | None) -> tuple[Any, ...] | None:
    data: list[Any] = []
    for array in arrays:
        if array.data is None or known(array.shape) is None or len(data) + len(array.data) > MOST_DATA:
            return None
        data.extend(array.data)
    return converted(tuple(data), dtype)


def _check_ranks(
    cx: Context, shapes: list[Shape], places: list[int], axis: int, taker: str, values: tuple[Value, ...],
    dtype: str | None,
) -> None:  # fmt: skip
    for place, shape in zip(places, shapes):
        if len(shape) != len(shapes[0]):
            text = (
                f"all the input arrays must have same number of dimensions, but the array at index {places[0]} has "
                f"{len(shapes[0])} dimension(s) and the array at index {place} has {len(shape)} dimension(s)"
            )
            raise _mismatch(text, taker, shapes, axis, None, (places[0], place), values, made(None, dtype))


def _mismatch(
    text: str, taker: str, shapes: list[Shape], axis: int, differs: int | None, pair: tuple[int, int],
    values: tuple[Value, ...], recover: Value | None,
) -> Fault:  # fmt: skip
    from foreshape.faults.join_mismatch import JoinMismatch

    return JoinMismatch(
        Raises("ValueError", text, by="numpy"), values=values, recover=recover, taker=taker, shapes=tuple(shapes),
        axis=axis, differs=differs, first=pair[0], second=pair[1],
    )  # fmt: skip


def _check_sizes(
    cx: Context, shapes: list[Shape], places: list[int], at: int, taker: str, values: tuple[Value, ...],
    dtype: str | None,
) -> None:  # fmt: skip
    first = shapes[0]
    for place, shape in zip(places[1:], shapes[1:]):
        for k, (mine, theirs) in enumerate(zip(first, shape)):
            if k != at and not cx.equal(mine, theirs):
                text = (
                    "all the input array dimensions except for the concatenation axis must match exactly, but along "
                    f"dimension {k}, the array at index {places[0]} has size {mine} and the array at index {place} has "
                    f"size {theirs}"
                )
                recover = made((*first[:at], cx.fresh(lo=0), *first[at + 1 :]), dtype)
                raise _mismatch(text, taker, shapes, at, k, (places[0], place), values, recover)


def joined_axis(cx: Context, axis: Value | None, default: int = 0) -> int | None:
    """A known axis, the default where not given; None where not known."""
    return default if axis is None else as_int(axis)


@rule("numpy.concatenate", doc=DOC + "concatenate.html")
def concatenate(
    cx: Context, arrays: Value, /, axis: Value | None = None, out: Value | None = None, *, dtype: Value | None = None,
    casting: Value | None = None,
) -> Value:  # fmt: skip
    """The sizes along the axis add up, all others are equal. ``axis=None`` flattens first."""
    return _concatenate(cx, arrays, axis, dtype, "concatenate")


@rule("numpy.concat", since="2", doc=DOC + "concat.html")
def concat(
    cx: Context, arrays: Value, /, axis: Value | None = None, out: Value | None = None, *, dtype: Value | None = None,
    casting: Value | None = None,
) -> Value:  # fmt: skip
    return _concatenate(cx, arrays, axis, dtype, "concat")


def _concatenate(cx: Context, arrays: Value, axis: Value | None, dtype: Value | None, taker: str) -> Value:
    if isinstance(axis, (Array, Sequence)) and not (isinstance(axis, Array) and axis.shape == ()):
        text = "only integer scalar arrays can be converted to a scalar index"
        if isinstance(axis, Sequence):
            text = f"'{axis.kind}' object cannot be interpreted as an integer"
        raise type_fault(text, taker, axis, types=("numpy.ndarray",))
    parts = parts_of(cx, arrays, taker)
    wanted = dtype_argument(cx, dtype, None) if given(dtype) else None
    if parts is None:
        return made(None, wanted)
    values = (arrays,)
    if isinstance(axis, Const) and axis.value is None:
        kind = wanted if given(dtype) else joined_dtype(parts.arrays)
        sizes = [None if array.shape is None else total(array.shape) for array in parts.arrays]
        if not sizes:
            raise invalid("arrays", "[]", "need at least one array to concatenate", *values)
        whole: DimLike = 0
        for size in sizes:
            whole = whole + (cx.fresh(lo=0) if size is None else size)
        if parts.count is not None:
            whole = whole * parts.count
        lo, hi = joined_bounds(parts.arrays)
        return made((whole,), kind, lo, hi)
    at = joined_axis(cx, axis)
    if at is None:
        rank = next((len(array.shape) for array in parts.arrays if array.shape is not None), None)
        return made(None if rank is None else tuple(cx.fresh(lo=0) for _ in range(rank)), joined_dtype(parts.arrays))
    found = concatenated(cx, parts, at, taker, values, wanted)
    return found.replace(dtype=None) if wanted is None and given(dtype) else found


# -- stack ------------------------------------------------------------------------------------------------------------
@rule("numpy.stack", doc=DOC + "stack.html")
def stack(
    cx: Context, arrays: Value, axis: Value | None = None, out: Value | None = None, *, dtype: Value | None = None,
    casting: Value | None = None,
) -> Value:  # fmt: skip
    """A new axis with one place for each part; all parts have the very same shape."""
    parts = parts_of(cx, arrays, "stack")
    if parts is None:
        return made(None, None)
    if not parts.arrays:
        raise invalid("arrays", "[]", "need at least one array to stack", arrays)
    kind = dtype_argument(cx, dtype, None) if given(dtype) else joined_dtype(parts.arrays)
    lo, hi = joined_bounds(parts.arrays)
    shapes = [resolved(cx, array.shape) for array in parts.arrays if array.shape is not None]
    at = joined_axis(cx, axis)
    if not shapes or at is None:
        return made(None, kind, lo, hi)
    first = shapes[0]
    apart = drawn_apart(cx, shapes, parts.count)
    if apart is not None:
        text, places = "all input arrays must have the same shape", (0, min(1, len(shapes) - 1))
        fault = _mismatch(text, "stack", shapes[:2], at, apart, places, (arrays,), None)
        fault.condition = UNEQUAL
        cx.report(fault)
        loose = tuple(cx.fresh(lo=0) if axis == apart else size for axis, size in enumerate(first))
        recover = made((parts.count or len(parts.arrays), *loose) if at == 0 else None, kind)
        recover.tainted = True
        return recover
    for place, shape in enumerate(shapes):
        if len(shape) != len(first) or not all(cx.equal(a, b) for a, b in zip(first, shape)):
            differs = next((k for k, (a, b) in enumerate(zip(first, shape)) if not cx.equal(a, b)), None)
            recover = made((len(parts.arrays), *first) if at == 0 else None, kind)
            raise _mismatch(
                "all input arrays must have the same shape",
                "stack",
                shapes,
                at,
                differs,
                (0, place),
                (arrays,),
                recover,
            )
    count = parts.count if parts.count is not None else len(parts.arrays)
    rank = len(first) + 1
    where = axis_of(at, rank, "stack", (arrays,), made(tuple(cx.fresh(lo=0) for _ in range(rank)), kind))
    data = _joined_data(parts.arrays, kind) if where == 0 and parts.count is None else None
    roles = parts.arrays[0].roles
    roles = None if roles is None else (*roles[:where], None, *roles[where:])
    result = made(resolved(cx, (*first[:where], count, *first[where:])), kind, lo, hi, data, roles)
    result.tainted = any(array.tainted for array in parts.arrays)
    return result


def _raised(parts: Parts, rank: int) -> Parts:
    """Each part with at least so many axes, as vstack (2) and dstack (3) make them."""
    arrays: list[Array] = []
    for array in parts.arrays:
        shape = array.shape
        if shape is None or len(shape) >= rank:
            arrays.append(array)
            continue
        if rank == 3:
            shape = (1, 1, 1) if not shape else (1, shape[0], 1) if len(shape) == 1 else (*shape, 1)
        else:
            shape = (1,) * (rank - len(shape)) + shape
        arrays.append(array.replace(shape=shape, data=array.data))
    return Parts(arrays, parts.values, parts.count, parts.open)


def _stacked(cx: Context, tup: Value, dtype: Value | None, rank: int, axis: int, taker: str) -> Value:
    parts = parts_of(cx, tup, taker)
    if parts is None:
        return made(None, None)
    wanted = dtype_argument(cx, dtype, None) if given(dtype) else None
    return concatenated(cx, _raised(parts, rank), axis, taker, (tup,), wanted)


@rule("numpy.vstack", doc=DOC + "vstack.html")
def vstack(cx: Context, tup: Value, *, dtype: Value | None = None, casting: Value | None = None) -> Value:
    """Along the first axis; vectors are rows."""
    return _stacked(cx, tup, dtype, 2, 0, "vstack")


@rule("numpy.row_stack", doc=DOC + "row_stack.html")
def row_stack(cx: Context, tup: Value, *, dtype: Value | None = None, casting: Value | None = None) -> Value:
    return _stacked(cx, tup, dtype, 2, 0, "row_stack")


@rule("numpy.dstack", doc=DOC + "dstack.html")
def dstack(cx: Context, tup: Value) -> Value:
    """Along the third axis."""
    return _stacked(cx, tup, None, 3, 2, "dstack")


@rule("numpy.hstack", doc=DOC + "hstack.html")
def hstack(cx: Context, tup: Value, *, dtype: Value | None = None, casting: Value | None = None) -> Value:
    """Along the second axis; vectors along their only one."""
    parts = parts_of(cx, tup, "hstack")
    if parts is None:
        return made(None, None)
    parts = _raised(parts, 1)
    first = parts.arrays[0].shape if parts.arrays else None
    if parts.arrays and first is None:
        return made(None, joined_dtype(parts.arrays))
    wanted = dtype_argument(cx, dtype, None) if given(dtype) else None
    return concatenated(cx, parts, 0 if first is not None and len(first) == 1 else 1, "hstack", (tup,), wanted)


@rule("numpy.column_stack", doc=DOC + "column_stack.html")
def column_stack(cx: Context, tup: Value) -> Value:
    """Vectors are columns."""
    parts = parts_of(cx, tup, "column_stack")
    if parts is None:
        return made((cx.fresh(lo=0), cx.fresh()), None)
    columns: list[Array] = []
    for array in parts.arrays:
        shape = array.shape
        if shape is not None and len(shape) < 2:
            shape = (*shape, 1) if shape else (1, 1)
            array = array.replace(shape=shape, data=array.data)
        columns.append(array)
    return concatenated(cx, Parts(columns, parts.values, parts.count, parts.open), 1, "column_stack", (tup,))


@rule("numpy.append", doc=DOC + "append.html")
def append(cx: Context, arr: Value, values: Value, axis: Value | None = None) -> Value:
    """Flattened and joined, or joined along an axis."""
    pair = listed("tuple", (arr, values))
    if not given(axis):
        return _concatenate(cx, pair, Const(None), None, "append")
    return _concatenate(cx, pair, axis, None, "append")


# -- block ------------------------------------------------------------------------------------------------------------
def _depth(value: Value) -> int:
    if isinstance(value, Sequence) and value.kind == "list":
        items = value.contents.items(256)
        return 1 + (_depth(items[0]) if items else 0)
    return 0


@rule("numpy.block", doc=DOC + "block.html")
def block(cx: Context, arrays: Value) -> Value:
    """Nested lists of blocks: the innermost along the last axis, the next along the one before."""
    depth = _depth(arrays)
    if depth == 0:
        return cx.rule("numpy.array", arrays)
    return _block(cx, arrays, depth, depth)


def _block(cx: Context, value: Value, depth: int, rank: int) -> Value:
    if depth == 0:
        array = as_array(cx, value)
        if isinstance(array, Unknown) or array.shape is None:
            return made(None, None)
        missing = max(rank - len(array.shape), 0)
        return array.replace(shape=(1,) * missing + array.shape)
    items = value.contents.items(256) if isinstance(value, Sequence) else None
    if items is None:
        return made(None, None)
    parts = [_block(cx, item, depth - 1, rank) for item in items]
    return _concatenate(cx, listed("list", parts), Const(-depth), None, "block")
