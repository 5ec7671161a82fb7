"""Orders and places: sort, argsort, searchsorted, where, nonzero, take, choose, select, unique, sets, bins, clip."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from foreshape.domain.dim import Dim
from foreshape.domain.values import Array, Bound, Const, Instance, Unknown, Value, as_bool, as_int
from foreshape.semantics.numpy.array_from import as_array
from foreshape.semantics.numpy.running import not_one
from foreshape.semantics.numpy.support import (
    axis_of,
    invalid,
    keeps,
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
    if not array.shape and taker in ("argsort", "argpartition"):
        axis_of(at, 1, taker, (a,))
        return keeps(array, (1,)), 0
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
    if isinstance(size, int) and size and not -size <= place < size:
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
    if isinstance(a, Instance) and a.snapshot is not None and cx.is_instance(a, "pandas.Series"):
        return cx.call_method(a, "argsort")
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
    cx: Context,
    self: Value,
    kth: Value,
    axis: Value | None = None,
    kind: Value | None = None,
    order: Value | None = None,
) -> Value:
    return argpartition(cx, self, kth, axis)


@rule("numpy.ndarray.sort")
def sort_method(
    cx: Context, self: Value, axis: Value | None = None, kind: Value | None = None, order: Value | None = None, *,
    stable: Value | None = None,
) -> Value:  # fmt: skip
    """In place: nothing is returned."""
    _ordered(cx, self, axis, "sort")
    written(cx, self, same=True)
    return Const(None)


@rule("numpy.ndarray.partition")
def partition_method(
    cx: Context,
    self: Value,
    kth: Value,
    axis: Value | None = None,
    kind: Value | None = None,
    order: Value | None = None,
) -> Value:
    written(cx, self, same=True)
    return Const(None)


@rule("numpy.msort", until="2")
def msort(cx: Context, a: Value) -> Value:
    return sort(cx, a, Const(0))


@rule("numpy.sort_complex", doc=DOC + "sort_complex.html")
def sort_complex(cx: Context, a: Value) -> Value:
    array = as_array(cx, a)
    if isinstance(array, Unknown):
        return array
    return made(
        array.shape, "complex64" if array.dtype in ("int8", "uint8", "int16", "uint16", "float32") else "complex128"
    )


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
        text = (
            "object too deep for desired array"
            if len(edges.shape) > 1
            else ("object of too small depth for desired array")
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
    """For each value the number of the bin, 0 before the first edge. Known where values and edges are."""
    found = searchsorted(cx, bins, x)
    values, edges = as_array(cx, x), as_array(cx, bins)
    if not isinstance(found, Array) or isinstance(values, Unknown) or isinstance(edges, Unknown):
        return found
    flags = False if right is None else as_bool(right)
    data, ends = values.data, edges.data
    if data is None or ends is None or flags is None or any(isinstance(item, Dim) for item in (*data, *ends)):
        return found
    if list(ends) != sorted(ends) or any(item != item for item in (*data, *ends)):
        return found
    from bisect import bisect_left, bisect_right

    place = bisect_left if flags else bisect_right
    return made(found.shape, found.dtype, data=tuple(place(ends, item) for item in data))
