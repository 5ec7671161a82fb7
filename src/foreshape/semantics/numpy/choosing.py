"""Elements chosen by a condition or by position: where, nonzero, take, choose, select, compress, clip."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foreshape.domain.dim import Dim, DimLike
from foreshape.domain.join import join_bound
from foreshape.domain.values import Array, Const, Unknown, Value, as_int, as_str
from foreshape.faults.base import Raises
from foreshape.semantics.numpy.array_from import as_array, converted
from foreshape.semantics.numpy.dtypes import common_dtype, is_integer, kind_of, operand
from foreshape.semantics.numpy.elementwise import broadcast
from foreshape.semantics.numpy.intervals import maximum, minimum
from foreshape.semantics.numpy.support import (
    axis_of,
    fits,
    given,
    invalid,
    keeps,
    listed,
    loosened,
    made,
    resolved,
    total,
    unlike,
    written,
)
from foreshape.semantics.registry import rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

DOC = "https://numpy.org/doc/stable/reference/generated/numpy."


# -- where ------------------------------------------------------------------------------------------------------------
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
    if shape and (left.lo != left.hi or right.lo != right.hi):
        # the condition may be what keeps the elements from the ends of their range
        lo = hi = None
    roles = next(
        (a.roles for a in full if a.roles is not None and shape is not None and len(a.roles) == len(shape)), None
    )
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
        count = cx.fresh(f"nonzero in {cx.text(array) or 'an array'}", lo=0, hi=total(resolved(cx, array.shape)))
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
    cx: Context,
    a: Value,
    indices: Value,
    axis: Value | None = None,
    out: Value | None = None,
    mode: Value | None = None,
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
    if (
        source.data is not None
        and positions.data is not None
        and len(source.shape) == 1
        and all(isinstance(k, int) and -len(source.data) <= k < len(source.data) for k in positions.data)
    ):
        data = tuple(source.data[k] for k in positions.data)
    return made(
        resolved(cx, shape), array.dtype, array.lo if data is None else None, array.hi if data is None else None, data
    )


@rule("numpy.ndarray.take")
def take_method(
    cx: Context,
    self: Value,
    indices: Value,
    axis: Value | None = None,
    out: Value | None = None,
    mode: Value | None = None,
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
    written(cx, args[0] if args else None)
    return Const(None)


@rule("numpy.ndarray.put")
def put_method(cx: Context, self: Value, indices: Value, values: Value, mode: Value | None = None) -> Value:
    if mode is None:
        take(cx, self, indices)
    written(cx, self)
    return Const(None)


@rule("numpy.copyto", doc=DOC + "copyto.html")
def copyto(cx: Context, dst: Value, src: Value, casting: Value | None = None, where: Value | None = None) -> Value:
    from foreshape.semantics.numpy.creation import fit

    source = as_array(cx, src)
    if isinstance(dst, Array) and isinstance(source, Array) and dst.shape is not None:
        fit(cx, source, resolved(cx, dst.shape), src, dst)
    written(cx, dst)
    return Const(None)


@rule("numpy.compress", doc=DOC + "compress.html")
def compress(cx: Context, condition: Value, a: Value, axis: Value | None = None, out: Value | None = None) -> Value:
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
    empty = any(array.shape is not None and 0 in array.shape for array in full)
    if positions.data is not None and as_str(mode) not in ("clip", "wrap") and not empty:
        for item in positions.data:
            if isinstance(item, int) and not 0 <= item < len(full):
                raise invalid("a", item, "invalid entry in choice array", a)
    from foreshape.semantics.numpy.joining import joined_bounds, joined_dtype

    text = "shape mismatch: objects cannot be broadcast to a single shape.  Mismatch is between args with shapes {}."
    shape = broadcast(cx, "choose", [positions, *full], (a, choices), text=text)
    return made(shape, joined_dtype(full), *joined_bounds(full))


@rule("numpy.ndarray.choose")
def choose_method(
    cx: Context, self: Value, choices: Value, out: Value | None = None, mode: Value | None = None
) -> Value:
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
    if isinstance(a, Array) and a.kind == "torch":
        return cx.call_method(a, "clip", [value for value in (a_min, a_max) if value is not None])
    low = a_min if given(a_min) else min
    high = a_max if given(a_max) else max
    parts: list[tuple[Value, str | None]] = [(a, None)]
    parts += [(value, side) for value, side in ((low, "low"), (high, "high")) if value is not None and given(value)]
    arrays = [as_array(cx, value) for value, _ in parts]
    full = [array for array in arrays if isinstance(array, Array)]
    if len(full) != len(arrays):
        source = arrays[0]
        return made(source.shape, None) if isinstance(source, Array) else cx.unknown("it is not known what is clipped")
    shape = broadcast(cx, "clip", full, [value for value, _ in parts])
    kind = common_dtype(cx, [operand(array, value) for array, (value, _) in zip(full, parts)])
    if not cx.targets.at_least("numpy", "2") and not all(fits(kind, array.lo) for array in full[1:]):
        kind = None
    bounds = (full[0].lo, full[0].hi)
    for array, (_, side) in zip(full[1:], parts[1:]):
        bounds = (maximum if side == "low" else minimum)(bounds, (array.lo, array.hi))
    bounds = loosened(kind, *bounds)
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
        items = [
            (limit if item < limit else item) if side == "low" else (limit if item > limit else item) for item in items
        ]
    return converted(tuple(items), kind)


@rule("numpy.ndarray.clip")
def clip_method(
    cx: Context,
    self: Value,
    min: Value | None = None,
    max: Value | None = None,
    out: Value | None = None,
    **kwargs: Value,
) -> Value:
    return clip(cx, self, min, max)
