"""Different elements and sets of them: unique, intersect1d, isin."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from foreshape.domain.dim import Dim, DimLike, dmin
from foreshape.domain.values import Array, Bound, Const, Sequence, Shape, Unknown, Value, as_int
from foreshape.semantics.numpy.array_from import as_array, converted
from foreshape.semantics.numpy.dtypes import is_integer
from foreshape.semantics.numpy.support import (
    axis_of,
    flag,
    given,
    keeps,
    listed,
    made,
    named_tuple,
    resolved,
    total,
)
from foreshape.semantics.registry import rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context
from foreshape.semantics.numpy.choosing import _flat

DOC = "https://numpy.org/doc/stable/reference/generated/numpy."


# -- unique and sets --------------------------------------------------------------------------------------------------
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
        name = f"distinct in {cx.text(array) or 'an array'}"
        count: DimLike = cx.fresh(name, lo=0, hi=cx.resolve(array.shape[at]))
        return keeps(array, (*array.shape[:at], count, *array.shape[at + 1 :])), count, array
    if array.data is not None and not any(isinstance(item, Dim) or item != item for item in array.data):
        different = tuple(sorted(set(array.data)))
        return made((len(different),), array.dtype, data=different), len(different), array
    limit = None if array.shape is None else total(resolved(cx, array.shape))
    name = f"distinct in {cx.text(array) or 'an array'}"
    count = cx.fresh(name, lo=_some(limit), hi=_fewer(limit, array))
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
        shape: Shape | None = (size,) if size is not None else None
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
    found = unique(cx, x, Const(index), Const(inverse), Const(counts))
    items = found.contents.items() if isinstance(found, Sequence) else None
    if items is None:
        return found
    names = ["values"]
    names += [name for name, wanted in (("indices", index), ("inverse_indices", inverse), ("counts", counts)) if wanted]
    kind = "UniqueAllResult" if index else "UniqueCountsResult" if counts else "UniqueInverseResult"
    return named_tuple(f"numpy.{kind}", **dict(zip(names, items)))


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
    cx: Context, element: Value, test_elements: Value, assume_unique: Value | None = None,
    invert: Value | None = None, *,
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
