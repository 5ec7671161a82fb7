"""Orders and places: sort, argsort, searchsorted, where, nonzero, take, choose, select, unique, sets, bins, clip."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from foreshape.domain.dim import Dim, DimLike, dmin, product
from foreshape.domain.join import join_bound
from foreshape.domain.values import Array, Bound, Const, Sequence, Unknown, Value, as_dim, as_int, as_str
from foreshape.faults.base import Raises
from foreshape.semantics.numpy.array_from import as_array, converted
from foreshape.semantics.numpy.dtypes import common_dtype, is_integer, kind_of, operand
from foreshape.semantics.numpy.elementwise import broadcast
from foreshape.semantics.numpy.intervals import maximum, minimum
from foreshape.semantics.numpy.reductions import not_one
from foreshape.semantics.numpy.support import (
    axis_of,
    flag,
    given,
    invalid,
    is_scalar,
    keeps,
    listed,
    made,
    resolved,
    total,
    unlike,
)
from foreshape.semantics.registry import rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

DOC = "https://numpy.org/doc/stable/reference/generated/numpy."


# -- sort -------------------------------------------------------------------------------------------------------------
def _ordered(cx: Context, a: Value, axis: Value | None, taker: str) -> tuple[Array, int | None] | Unknown:
    """The array and the axis that is sorted (the last unless given; flattened for None)."""
    array = as_array(cx, a)
    if isinstance(array, Unknown):
        return cx.unknown(array.reason)
    if isinstance(axis, Const) and axis.value is None:
        shape = None if array.shape is None else (total(resolved(cx, array.shape)),)
        return keeps(array, shape or (cx.fresh(lo=0),), data=array.data), 0
    at = -1 if axis is None else as_int(axis)
    not_one(axis, taker, a)
    if array.shape is None or at is None:
        return array, None
    if not array.shape and taker == "argsort":
        axis_of(at, 1, taker, (a,))
        return keeps(array, (1,) if axis is not None or cx.targets.at_least("numpy", "2") else ()), 0
    return array, axis_of(at, len(array.shape), taker, (a,), keeps(array, array.shape))


def _sorted_data(array: Array, order: Callable[[list[Any]], list[Any]]) -> tuple[Any, ...] | None:
    if array.data is None or array.rank != 1 or any(isinstance(item, Dim) or item != item for item in array.data):
        return None
    try:
        return tuple(order(list(array.data)))
    except TypeError:
        return None


@rule("numpy.sort", doc=DOC + "sort.html")
def sort(
    cx: Context, a: Value, axis: Value | None = None, kind: Value | None = None, order: Value | None = None, *,
    stable: Value | None = None,
) -> Value:  # fmt: skip
    """The same shape; flattened for ``axis=None``."""
    found = _ordered(cx, a, axis, "sort")
    if isinstance(found, Unknown):
        return found
    array, _ = found
    data = _sorted_data(array, sorted)
    return made(array.shape, array.dtype, data=data) if data else keeps(array, array.shape, roles=array.roles)


@rule("numpy.partition", doc=DOC + "partition.html")
def partition(
    cx: Context, a: Value, kth: Value, axis: Value | None = None, kind: Value | None = None, order: Value | None = None
) -> Value:
    found = _ordered(cx, a, axis, "partition")
    if isinstance(found, Unknown):
        return found
    _check_kth(cx, found, kth, a)
    return keeps(found[0], found[0].shape, roles=found[0].roles)


def _check_kth(cx: Context, found: tuple[Array, int | None], kth: Value, a: Value) -> None:
    array, at = found
    place = as_int(kth)
    if place is None or at is None or array.shape is None:
        return
    size = cx.resolve(array.shape[at])
    if isinstance(size, int) and not -size <= place < size:
        raise invalid("kth", place, f"kth(={place}) out of bounds ({size})", a, kth)


@rule("numpy.argpartition", doc=DOC + "argpartition.html")
def argpartition(
    cx: Context, a: Value, kth: Value, axis: Value | None = None, kind: Value | None = None, order: Value | None = None
) -> Value:
    found = _ordered(cx, a, axis, "argpartition")
    if isinstance(found, Unknown):
        return found
    _check_kth(cx, found, kth, a)
    return _positions(cx, found)


def _positions(cx: Context, found: tuple[Array, int | None]) -> Array:
    array, at = found
    hi: Bound = None
    if array.shape is not None and at is not None:
        hi = cx.resolve(array.shape[at]) - 1
    return made(array.shape, "int64", 0, hi, roles=array.roles)


@rule("numpy.argsort", doc=DOC + "argsort.html")
def argsort(
    cx: Context, a: Value, axis: Value | None = None, kind: Value | None = None, order: Value | None = None, *,
    stable: Value | None = None,
) -> Value:  # fmt: skip
    """Positions along the axis."""
    found = _ordered(cx, a, axis, "argsort")
    if isinstance(found, Unknown):
        return found
    data = _sorted_data(found[0], lambda items: sorted(range(len(items)), key=items.__getitem__))
    if data is not None and found[0].data is not None and len(set(found[0].data)) == len(data):
        return made(found[0].shape, "int64", data=data)
    return _positions(cx, found)


@rule("numpy.ndarray.argsort")
def argsort_method(
    cx: Context, self: Value, axis: Value | None = None, kind: Value | None = None, order: Value | None = None, *,
    stable: Value | None = None,
) -> Value:  # fmt: skip
    return argsort(cx, self, axis)


@rule("numpy.ndarray.argpartition")
def argpartition_method(
    cx: Context, self: Value, kth: Value, axis: Value | None = None, kind: Value | None = None, order: Value | None = None
) -> Value:
    return argpartition(cx, self, kth, axis)


@rule("numpy.ndarray.sort")
def sort_method(
    cx: Context, self: Value, axis: Value | None = None, kind: Value | None = None, order: Value | None = None, *,
    stable: Value | None = None,
) -> Value:  # fmt: skip
    """In place: nothing is returned."""
    _ordered(cx, self, axis, "sort")
    return Const(None)


@rule("numpy.ndarray.partition")
def partition_method(
    cx: Context, self: Value, kth: Value, axis: Value | None = None, kind: Value | None = None, order: Value | None = None
) -> Value:
    return Const(None)


@rule("numpy.msort", until="2")
def msort(cx: Context, a: Value) -> Value:
    return sort(cx, a, Const(0))


@rule("numpy.sort_complex", doc=DOC + "sort_complex.html")
def sort_complex(cx: Context, a: Value) -> Value:
    array = as_array(cx, a)
    if isinstance(array, Unknown):
        return array
    return made(array.shape, "complex64" if array.dtype in ("int8", "uint8", "int16", "uint16", "float32") else "complex128")


@rule("numpy.lexsort", doc=DOC + "lexsort.html")
def lexsort(cx: Context, keys: Value, axis: Value | None = None) -> Value:
    """Positions along the last axis of the keys."""
    array = as_array(cx, keys)
    if isinstance(array, Unknown) or array.shape is None or not array.shape:
        return unlike(cx, array)
    shape = array.shape[1:]
    return made(shape, "int64", 0, shape[-1] - 1 if shape else None)


@rule("numpy.searchsorted", doc=DOC + "searchsorted.html")
def searchsorted(cx: Context, a: Value, v: Value, side: Value | None = None, sorter: Value | None = None) -> Value:
    """The shape of v; places from 0 to len(a), both included."""
    edges, values = as_array(cx, a), as_array(cx, v)
    if isinstance(edges, Array) and edges.shape is not None and len(edges.shape) != 1:
        text = "object too deep for desired array" if len(edges.shape) > 1 else (
            "object of too small depth for desired array"
        )
        raise invalid("a", f"{len(edges.shape)} axes", text, a)
    if isinstance(values, Unknown):
        return cx.unknown(values.reason)
    hi: Bound = edges.shape[0] if isinstance(edges, Array) and edges.shape else None
    return made(values.shape, "int64", 0, hi, roles=values.roles)


@rule("numpy.ndarray.searchsorted")
def searchsorted_method(
    cx: Context, self: Value, v: Value, side: Value | None = None, sorter: Value | None = None
) -> Value:
    return searchsorted(cx, self, v)


@rule("numpy.digitize", doc=DOC + "digitize.html")
def digitize(cx: Context, x: Value, bins: Value, right: Value | None = None) -> Value:
    return searchsorted(cx, bins, x)


# -- where --------------------------------------------------------------------------------------------------------------
@rule("numpy.where", doc=DOC + "where.html")
def where(cx: Context, condition: Value, x: Value | None = None, y: Value | None = None, /) -> Value:
    """The broadcast shape of all three; with the condition alone, the places where it is true, one array per axis."""
    if (x is None) != (y is None):
        raise invalid("y", "nothing", "either both or neither of x and y should be given", condition)
    if x is None or y is None:
        return _nonzero(cx, condition, True)
    arrays = [as_array(cx, value) for value in (condition, x, y)]
    full = [array for array in arrays if isinstance(array, Array)]
    if len(full) != 3:
        reason = next(array.reason for array in arrays if isinstance(array, Unknown))
        return cx.unknown(reason)
    _, left, right = full
    shape = broadcast(cx, "where", full, (condition, x, y))
    if {kind_of(left.dtype), kind_of(right.dtype)} & {"U", "O"}:
        from foreshape.semantics.numpy.array_from import promote_items

        dtype = promote_items(left.dtype, right.dtype)
    else:
        dtype = common_dtype(cx, [operand(left, x), operand(right, y)])
    lo, hi = join_bound(left.lo, right.lo, False), join_bound(left.hi, right.hi, True)
    roles = next((a.roles for a in full if a.roles is not None and shape is not None and len(a.roles) == len(shape)), None)
    return made(shape, dtype, lo, hi, roles=roles)


def places(cx: Context, array: Array) -> list[Array]:
    """Where an array is not zero: one array of positions for each axis, all of one length."""
    assert array.shape is not None
    from foreshape.semantics.numpy.indexing import _count

    if array.dtype == "bool":
        count = _count(cx, array)
    elif array.data is not None and not any(isinstance(item, (Dim, str)) for item in array.data):
        count = sum(bool(item) for item in array.data)
    else:
        count = cx.fresh(lo=0, hi=total(resolved(cx, array.shape)))
    if len(array.shape) == 1 and array.data is not None and isinstance(count, int):
        return [made((count,), "int64", data=tuple(k for k, item in enumerate(array.data) if item))]
    return [made((count,), "int64", 0, cx.resolve(size) - 1) for size in array.shape]


@rule("numpy.nonzero", doc=DOC + "nonzero.html")
def nonzero(cx: Context, a: Value) -> Value:
    return _nonzero(cx, a, False)


def _nonzero(cx: Context, a: Value, of_where: bool) -> Value:
    """A tuple with one array of positions for each axis."""
    array = as_array(cx, a)
    if isinstance(array, Unknown) or array.shape is None:
        return unlike(cx, array)
    if not array.shape:
        text = "Calling nonzero on 0d arrays is not allowed. Use np.atleast_1d(scalar).nonzero() instead."
        if of_where:
            text += " If the context of this error is of the form `arr[nonzero(cond)]`, just use `arr[cond]`."
        if cx.targets.at_least("numpy", "2.1"):
            raise invalid("a", "no axes", text, a)
        return listed("tuple", [made((cx.fresh(lo=0, hi=1),), "int64", 0, 0)])
    return listed("tuple", places(cx, array))


@rule("numpy.ndarray.nonzero")
def nonzero_method(cx: Context, self: Value) -> Value:
    return nonzero(cx, self)


@rule("numpy.argwhere", doc=DOC + "argwhere.html")
def argwhere(cx: Context, a: Value) -> Value:
    """(how many, axes)."""
    array = as_array(cx, a)
    if isinstance(array, Unknown) or array.shape is None:
        return made((cx.fresh(lo=0), cx.fresh(lo=0)), "int64", 0, None)
    count = places(cx, array)[0].shape if array.shape else (cx.fresh(lo=0, hi=1),)
    assert count is not None
    return made((count[0], len(array.shape)), "int64", 0, None)


@rule("numpy.flatnonzero", doc=DOC + "flatnonzero.html")
def flatnonzero(cx: Context, a: Value) -> Value:
    return places(cx, _flat(cx, a))[0]


def _flat(cx: Context, a: Value) -> Array:
    array = as_array(cx, a)
    if isinstance(array, Unknown) or array.shape is None:
        return made((cx.fresh(lo=0),), None)
    return keeps(array, (total(resolved(cx, array.shape)),), data=array.data)


# -- take, put --------------------------------------------------------------------------------------------------------
@rule("numpy.take", doc=DOC + "take.html")
def take(
    cx: Context, a: Value, indices: Value, axis: Value | None = None, out: Value | None = None, mode: Value | None = None
) -> Value:
    """The axis replaced by the axes of the indices; flattened first where no axis is given."""
    array, positions = as_array(cx, a), as_array(cx, indices)
    if isinstance(array, Unknown):
        return cx.unknown(array.reason)
    if isinstance(positions, Unknown) or positions.shape is None or array.shape is None:
        return made(None, array.dtype, array.lo, array.hi)
    at = 0
    source = array
    if given(axis):
        found = as_int(axis)
        if found is None:
            return made(None, array.dtype, array.lo, array.hi)
        at = axis_of(found, len(array.shape), "take", (a,))
    if not given(axis) or not array.shape:
        source = _flat(cx, a)
    assert source.shape is not None
    if as_str(mode) not in ("clip", "wrap"):
        from foreshape.semantics.numpy.indexing import _check_positions

        _check_positions(cx, source, positions, cx.resolve(source.shape[at]), at, indices)
    shape = (*source.shape[:at], *positions.shape, *source.shape[at + 1 :])
    data = None
    if source.data is not None and positions.data is not None and len(source.shape) == 1:
        if all(isinstance(k, int) and -len(source.data) <= k < len(source.data) for k in positions.data):
            data = tuple(source.data[k] for k in positions.data)
    return made(resolved(cx, shape), array.dtype, array.lo if data is None else None, array.hi if data is None else None, data)


@rule("numpy.ndarray.take")
def take_method(
    cx: Context, self: Value, indices: Value, axis: Value | None = None, out: Value | None = None, mode: Value | None = None
) -> Value:
    return take(cx, self, indices, axis, out, mode)


@rule("numpy.take_along_axis", doc=DOC + "take_along_axis.html")
def take_along_axis(cx: Context, arr: Value, indices: Value, axis: Value | None = None) -> Value:
    """The shape of the indices, broadcast with the array but for the axis."""
    array, positions = as_array(cx, arr), as_array(cx, indices)
    if isinstance(array, Unknown) or isinstance(positions, Unknown):
        return cx.unknown("it is made from something that is not known")
    if positions.dtype is not None and not is_integer(positions.dtype):
        from foreshape.faults.index_type import IndexType

        text = "`indices` must be an integer array"
        raise IndexType(Raises("IndexError", text, by="numpy"), values=(indices,), got=positions.dtype)
    if array.shape is None or positions.shape is None:
        return made(None, array.dtype, array.lo, array.hi)
    source = array
    at: int | None = -1 if axis is None else as_int(axis)
    if isinstance(axis, Const) and axis.value is None:
        source, at = _flat(cx, arr), 0
    if at is None or source.shape is None:
        return made(None, array.dtype, array.lo, array.hi)
    at = axis_of(at, len(source.shape), "take_along_axis", (arr,))
    if len(source.shape) != len(positions.shape):
        text = "`indices` and `arr` must have the same number of dimensions"
        raise invalid("indices", f"{len(positions.shape)} axes", text, arr, indices)
    sizes: list[DimLike] = []
    for k, (mine, theirs) in enumerate(zip(source.shape, positions.shape)):
        if k == at or (isinstance(mine, int) and mine == 1):
            sizes.append(theirs)
        else:
            one = isinstance(theirs, int) and theirs == 1
            if not one and not cx.equal(mine, theirs):
                raise _along_mismatch(source, positions, at, indices, array)
            sizes.append(mine)
    return made(resolved(cx, sizes), array.dtype, array.lo, array.hi)


def _along_mismatch(source: Array, positions: Array, at: int, indices: Value, array: Array) -> Exception:
    from foreshape.faults.broadcast_mismatch import BroadcastMismatch
    from foreshape.semantics.numpy.support import shape_text

    assert source.shape is not None and positions.shape is not None
    rank = len(source.shape)
    shapes = [
        positions.shape if k == at else tuple(size if j == k else 1 for j in range(rank))
        for k, size in enumerate(source.shape)
    ]
    text = "shape mismatch: indexing arrays could not be broadcast together with shapes "
    text += " ".join(shape_text(shape) for shape in shapes) + " "
    return BroadcastMismatch(
        Raises("IndexError", text, by="numpy"), values=(indices,), recover=made(None, array.dtype),
        taker="take_along_axis", shapes=tuple(shapes),
    )  # fmt: skip


@rule("numpy.put", doc=DOC + "put.html")
def put_flat(cx: Context, a: Value, ind: Value, v: Value, mode: Value | None = None) -> Value:
    """In place; IndexError for a position past the end."""
    return put_method(cx, a, ind, v, mode)


@rule("numpy.place", "numpy.putmask", "numpy.put_along_axis", doc=DOC + "put.html")
def put(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """In place: nothing is returned."""
    return Const(None)


@rule("numpy.ndarray.put")
def put_method(cx: Context, self: Value, indices: Value, values: Value, mode: Value | None = None) -> Value:
    if mode is None:
        take(cx, self, indices)
    return Const(None)


@rule("numpy.copyto", doc=DOC + "copyto.html")
def copyto(cx: Context, dst: Value, src: Value, casting: Value | None = None, where: Value | None = None) -> Value:
    from foreshape.semantics.numpy.creation import fit

    source = as_array(cx, src)
    if isinstance(dst, Array) and isinstance(source, Array) and dst.shape is not None:
        fit(cx, source, resolved(cx, dst.shape), src, dst)
    return Const(None)


@rule("numpy.compress", doc=DOC + "compress.html")
def compress(
    cx: Context, condition: Value, a: Value, axis: Value | None = None, out: Value | None = None
) -> Value:
    """The slices where the condition is true."""
    array, mask = as_array(cx, a), as_array(cx, condition)
    if isinstance(array, Unknown):
        return cx.unknown(array.reason)
    count: DimLike = cx.fresh(lo=0)
    if isinstance(mask, Array) and mask.data is not None and all(isinstance(item, (bool, int)) for item in mask.data):
        count = sum(bool(item) for item in mask.data)
    if not given(axis):
        return keeps(array, (count,))
    at = as_int(axis)
    if at is None or array.shape is None:
        return made(None, array.dtype, array.lo, array.hi)
    at = axis_of(at, len(array.shape), "compress", (a,))
    return keeps(array, (*array.shape[:at], count, *array.shape[at + 1 :]))


@rule("numpy.ndarray.compress")
def compress_method(
    cx: Context, self: Value, condition: Value, axis: Value | None = None, out: Value | None = None
) -> Value:
    return compress(cx, condition, self, axis)


@rule("numpy.extract", doc=DOC + "extract.html")
def extract(cx: Context, condition: Value, arr: Value) -> Value:
    return compress(cx, condition, arr)


@rule("numpy.choose", doc=DOC + "choose.html")
def choose(cx: Context, a: Value, choices: Value, out: Value | None = None, mode: Value | None = None) -> Value:
    """The broadcast shape of the positions and all choices."""
    positions = as_array(cx, a)
    contents = cx.iterate(choices)
    items = None if contents is None else contents.items(64)
    if isinstance(positions, Unknown) or items is None:
        return cx.unknown("the choices are not known")
    arrays = [as_array(cx, item) for item in items]
    full = [array for array in arrays if isinstance(array, Array)]
    if len(full) != len(arrays):
        return made(None, None)
    if positions.data is not None and as_str(mode) not in ("clip", "wrap"):
        for item in positions.data:
            if isinstance(item, int) and not 0 <= item < len(full):
                raise invalid("a", item, "invalid entry in choice array", a)
    from foreshape.semantics.numpy.joining import joined_bounds, joined_dtype

    text = (
        "shape mismatch: objects cannot be broadcast to a single shape.  Mismatch is between args with shapes {}."
    )
    shape = broadcast(cx, "choose", [positions, *full], (a, choices), text=text)
    return made(shape, joined_dtype(full), *joined_bounds(full))


@rule("numpy.ndarray.choose")
def choose_method(cx: Context, self: Value, choices: Value, out: Value | None = None, mode: Value | None = None) -> Value:
    return choose(cx, self, choices, out, mode)


@rule("numpy.select", doc=DOC + "select.html")
def select(cx: Context, condlist: Value, choicelist: Value, default: Value | None = None) -> Value:
    """The broadcast shape of the conditions and the choices."""
    lists = [cx.iterate(value) for value in (condlist, choicelist)]
    items = [None if contents is None else contents.items(64) for contents in lists]
    if items[0] is None or items[1] is None:
        return cx.unknown("the choices are not known")
    if len(items[0]) != len(items[1]):
        text = "list of cases must be same length as list of conditions"
        raise invalid("choicelist", len(items[1]), text, condlist, choicelist)
    filler = default if default is not None else Const(0)
    values = [*items[0], *items[1], filler]
    arrays = [as_array(cx, value) for value in values]
    full = [array for array in arrays if isinstance(array, Array)]
    if len(full) != len(arrays):
        return made(None, None)
    for k, condition in enumerate(full[: len(items[0])]):
        if condition.dtype not in ("bool", None):
            text = f"invalid entry {k} in condlist: should be boolean ndarray"
            raise invalid("condlist", condition.dtype, text, condlist, exception="TypeError")
    shape = broadcast(cx, "select", full, (condlist, choicelist))
    chosen = full[len(items[0]) :]
    dtype = common_dtype(cx, [operand(array, value) for array, value in zip(chosen, [*items[1], filler])])
    from foreshape.semantics.numpy.joining import joined_bounds

    return made(shape, dtype, *joined_bounds(chosen))


@rule("numpy.piecewise", doc=DOC + "piecewise.html")
def piecewise(cx: Context, x: Value, condlist: Value, funclist: Value, *args: Value, **kw: Value) -> Value:
    array = as_array(cx, x)
    return made(array.shape, array.dtype) if isinstance(array, Array) else array


# -- clip -------------------------------------------------------------------------------------------------------------
@rule("numpy.clip", doc=DOC + "clip.html")
def clip(
    cx: Context, a: Value, a_min: Value | None = None, a_max: Value | None = None, out: Value | None = None, *,
    min: Value | None = None, max: Value | None = None, dtype: Value | None = None, **kwargs: Value,
) -> Value:  # fmt: skip
    """Elementwise; the bounds become those of the limits."""
    from foreshape.semantics.numpy.reductions import is_pandas

    if is_pandas(a):
        return cx.call_method(a, "clip", [value for value in (a_min, a_max) if value is not None])
    low = a_min if given(a_min) else min
    high = a_max if given(a_max) else max
    parts = [(a, None)] + [(v, s) for v, s in ((low, "low"), (high, "high")) if v is not None and given(v)]  # type: ignore[list-item]
    arrays = [as_array(cx, value) for value, _ in parts]
    full = [array for array in arrays if isinstance(array, Array)]
    if len(full) != len(arrays):
        source = arrays[0]
        return made(source.shape, None) if isinstance(source, Array) else cx.unknown("it is not known what is clipped")
    shape = broadcast(cx, "clip", full, [value for value, _ in parts])
    kind = common_dtype(cx, [operand(array, value) for array, (value, _) in zip(full, parts)])
    bounds = (full[0].lo, full[0].hi)
    for array, (_, side) in zip(full[1:], parts[1:]):
        bounds = (maximum if side == "low" else minimum)(bounds, (array.lo, array.hi))
    data = None
    if full[0].data is not None and all(array.shape == () and array.data for array in full[1:]):
        data = _clipped(full, [side for _, side in parts[1:]], kind)
    return made(shape, kind, None if data else bounds[0], None if data else bounds[1], data, full[0].roles)


def _clipped(full: list[Array], sides: list[str | None], kind: str | None) -> tuple[Any, ...] | None:
    items = list(full[0].data or ())
    if any(isinstance(item, (Dim, str)) for item in items):
        return None
    for array, side in zip(full[1:], sides):
        limit = (array.data or (None,))[0]
        if isinstance(limit, (Dim, str)) or limit is None:
            return None
        items = [(limit if item < limit else item) if side == "low" else (limit if item > limit else item) for item in items]
    return converted(tuple(items), kind)


@rule("numpy.ndarray.clip")
def clip_method(
    cx: Context, self: Value, min: Value | None = None, max: Value | None = None, out: Value | None = None, **kwargs: Value
) -> Value:
    return clip(cx, self, min, max)


# -- unique and sets ----------------------------------------------------------------------------------------------------
def uniques(cx: Context, ar: Value, axis: Value | None = None) -> tuple[Array, DimLike, Array] | None:
    """(the different elements, how many, the array)."""
    array = as_array(cx, ar)
    if isinstance(array, Unknown):
        return None
    if given(axis):
        at = as_int(axis)
        if array.shape is None or at is None:
            return None
        at = axis_of(at, len(array.shape), "unique", (ar,), made(None, array.dtype))
        count: DimLike = cx.fresh(lo=0, hi=cx.resolve(array.shape[at]))
        return keeps(array, (*array.shape[:at], count, *array.shape[at + 1 :])), count, array
    if array.data is not None and not any(isinstance(item, Dim) or item != item for item in array.data):
        different = tuple(sorted(set(array.data)))
        return made((len(different),), array.dtype, data=different), len(different), array
    limit = None if array.shape is None else total(resolved(cx, array.shape))
    count = cx.fresh(lo=_some(limit), hi=_fewer(limit, array))
    return keeps(array, (count,)), count, array


def _some(limit: DimLike | None) -> int:
    from foreshape.domain.dim import lower

    return 1 if limit is not None and (lower(limit) or 0) >= 1 else 0


def _fewer(limit: DimLike | None, array: Array) -> DimLike | None:
    """At most as many as there are elements, and as values between the bounds."""
    if is_integer(array.dtype) and isinstance(array.lo, int) and isinstance(array.hi, int):
        values = array.hi - array.lo + 1
        return values if limit is None else dmin(limit, values)
    return limit


@rule("numpy.unique", doc=DOC + "unique.html")
def unique(
    cx: Context, ar: Value, return_index: Value | None = None, return_inverse: Value | None = None,
    return_counts: Value | None = None, axis: Value | None = None, *, equal_nan: Value | None = None,
    sorted: Value | None = None,
) -> Value:  # fmt: skip
    """The different elements, sorted; with the flags a tuple with indices, the inverse and counts."""
    wants = [flag(value) for value in (return_index, return_inverse, return_counts)]
    found = uniques(cx, ar, axis)
    if None in wants:
        return cx.unknown("it is not known what is returned")
    if found is None:
        if not any(wants):
            return made((cx.fresh(lo=0),) if not given(axis) else None, None)
        return listed("tuple", [made(None, None)] * (1 + sum(bool(w) for w in wants)))
    values, count, array = found
    if not any(wants):
        return values
    size = None if array.shape is None else total(resolved(cx, array.shape))
    at = as_int(axis) if given(axis) else None
    if at is not None and array.shape is not None:
        size = array.shape[at]
    last: Bound = None if size is None else size - 1
    results: list[Value] = [values]
    if wants[0]:
        results.append(made((count,), "int64", 0, last))
    if wants[1]:
        shape = (size,) if size is not None else None
        if at is None and cx.targets.at_least("numpy", "2"):
            shape = array.shape
        results.append(made(shape, "int64", 0, count - 1))
    if wants[2]:
        data = None
        if array.data is not None and values.data is not None and at is None:
            data = tuple(array.data.count(item) for item in values.data)
        results.append(made((count,), "int64", None if data else 1, None if data else size, data))
    return listed("tuple", results)


@rule("numpy.unique_values", since="2", doc=DOC + "unique_values.html")
def unique_values(cx: Context, x: Value, /) -> Value:
    found = uniques(cx, x)
    return made((cx.fresh(lo=0),), None) if found is None else keeps(found[0], found[0].shape)


def _unique_part(cx: Context, x: Value, index: bool, inverse: bool, counts: bool) -> Value:
    return unique(cx, x, Const(index), Const(inverse), Const(counts))


@rule("numpy.unique_all", since="2", doc=DOC + "unique_all.html")
def unique_all(cx: Context, x: Value, /) -> Value:
    return _unique_part(cx, x, True, True, True)


@rule("numpy.unique_counts", since="2", doc=DOC + "unique_counts.html")
def unique_counts(cx: Context, x: Value, /) -> Value:
    return _unique_part(cx, x, False, False, True)


@rule("numpy.unique_inverse", since="2", doc=DOC + "unique_inverse.html")
def unique_inverse(cx: Context, x: Value, /) -> Value:
    return _unique_part(cx, x, False, True, False)


def _set(cx: Context, a: Value, b: Value, how: Callable[[set[Any], set[Any]], set[Any]], first: bool) -> Value:
    """The result of a set operation. first: whether only elements (and the dtype) of a are in it."""
    from foreshape.semantics.numpy.joining import joined_bounds, joined_dtype

    left, right = as_array(cx, a), as_array(cx, b)
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return made((cx.fresh(lo=0),), None)
    dtype = left.dtype if first else joined_dtype([left, right])
    if left.data is not None and right.data is not None:
        try:
            data = tuple(sorted(how(set(left.data), set(right.data))))
            return made((len(data),), dtype, data=converted(data, dtype))
        except TypeError:
            pass
    lo, hi = (left.lo, left.hi) if first else joined_bounds([left, right])
    return made((cx.fresh(lo=0),), dtype, lo, hi)


@rule("numpy.intersect1d", doc=DOC + "intersect1d.html")
def intersect1d(
    cx: Context, ar1: Value, ar2: Value, assume_unique: Value | None = None, return_indices: Value | None = None
) -> Value:
    found = _set(cx, ar1, ar2, lambda a, b: a & b, False)
    wants = flag(return_indices)
    if wants is None:
        return cx.unknown("return_indices is not known")
    if not wants or not isinstance(found, Array):
        return found
    return listed("tuple", [found, made(found.shape, "int64", 0, None), made(found.shape, "int64", 0, None)])


@rule("numpy.union1d", doc=DOC + "union1d.html")
def union1d(cx: Context, ar1: Value, ar2: Value) -> Value:
    return _set(cx, ar1, ar2, lambda a, b: a | b, False)


@rule("numpy.setdiff1d", doc=DOC + "setdiff1d.html")
def setdiff1d(cx: Context, ar1: Value, ar2: Value, assume_unique: Value | None = None) -> Value:
    return _set(cx, ar1, ar2, lambda a, b: a - b, True)


@rule("numpy.setxor1d", doc=DOC + "setxor1d.html")
def setxor1d(cx: Context, ar1: Value, ar2: Value, assume_unique: Value | None = None) -> Value:
    return _set(cx, ar1, ar2, lambda a, b: a ^ b, False)


@rule("numpy.isin", doc=DOC + "isin.html")
def isin(
    cx: Context, element: Value, test_elements: Value, assume_unique: Value | None = None, invert: Value | None = None, *,
    kind: Value | None = None,
) -> Value:  # fmt: skip
    array = as_array(cx, element)
    if isinstance(array, Unknown):
        return cx.unknown(array.reason)
    return made(array.shape, "bool", 0, 1, roles=array.roles)


@rule("numpy.in1d", until="2.4", doc=DOC + "in1d.html")
def in1d(
    cx: Context, ar1: Value, ar2: Value, assume_unique: Value | None = None, invert: Value | None = None, *,
    kind: Value | None = None,
) -> Value:  # fmt: skip
    flat = _flat(cx, ar1)
    return made(flat.shape, "bool", 0, 1)


__all__ = ["Sequence", "as_dim", "is_scalar", "product", "uniques"]
