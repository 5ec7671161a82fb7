"""Indexing: slices, integers, new axes, ellipsis, and arrays of integers or booleans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import Dim, ceildiv, dmax, dmin, ge, le, lt, variables
from foreshape.domain.truth import both
from foreshape.semantics.shared.broadcast import broadcast_shapes
from foreshape.semantics.shared.result import Need, Result, SizeError, TooManyIndicesError, need_equal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import EllipsisType

    from foreshape.domain.dim import DimLike
    from foreshape.domain.facts import Facts


class ArrayIndex:
    """An index that is an array of integers, known by its shape. `lo` and `hi` bound its values where known."""

    __slots__ = ("hi", "lo", "shape")

    def __init__(self, shape: Sequence[DimLike], lo: DimLike | None = None, hi: DimLike | None = None) -> None:
        self.shape = tuple(shape)
        self.lo = lo
        self.hi = hi


class BoolIndex:
    """An index that is an array of booleans; `count` is how many of them are true (usually a fresh variable)."""

    __slots__ = ("count", "shape")

    def __init__(self, shape: Sequence[DimLike], count: DimLike) -> None:
        self.shape = tuple(shape)
        self.count = count


if TYPE_CHECKING:
    Item = int | Dim | slice | EllipsisType | ArrayIndex | BoolIndex | None


def index_need(index: DimLike, size: DimLike, facts: Facts | None = None, where: int | None = None) -> Need:
    """-size <= index < size."""
    return Need("index", index, size, both(lt(index, size, facts), ge(index, -size, facts)), where)


# Slices


class _End:
    """One end of a slice as `kind(args)`: "is" has one argument, "min" and "max" two."""

    __slots__ = ("args", "kind")

    def __init__(self, kind: str, *args: DimLike) -> None:
        self.kind = kind
        self.args = args

    def value(self, facts: Facts | None) -> DimLike:
        if self.kind == "is":
            return self.args[0]
        return (dmin if self.kind == "min" else dmax)(self.args[0], self.args[1], facts)


def slice_length(
    size: DimLike,
    start: DimLike | None = None,
    stop: DimLike | None = None,
    step: DimLike | None = None,
    facts: Facts | None = None,
) -> DimLike | None:
    """How many elements `x[start:stop:step]` has for len(x) = size; never fails for being out of range.

    None where the sign of the step, or of an end, is not known: a caller may learn `ge(end, 0)` and ask again.
    Raises SizeError("zero-step").
    """
    if facts is not None:
        size = facts.resolve(size)
        start = None if start is None else facts.resolve(start)
        stop = None if stop is None else facts.resolve(stop)
    step = 1 if step is None else step
    if isinstance(step, int) and step == 0:
        raise SizeError("zero-step")
    if ge(step, 1, facts).is_yes:
        first = _forward(start, 0, size, facts)
        last = _forward(stop, size, size, facts)
        span = None if first is None or last is None else _difference(last, first, facts)
    elif le(step, -1, facts).is_yes:
        step = -step
        first = _backward(start, size - 1, size, facts)
        last = _backward(stop, -1, size, facts)
        span = None if first is None or last is None else _difference(first, last, facts)
    else:
        return None
    if span is None:
        return None
    return dmax(ceildiv(span, step), 0, facts)


def _decided(kind: str, a: DimLike, b: DimLike, facts: Facts | None) -> _End:
    """An end that is a minimum or maximum of two, or the one of them that it always is."""
    end = _End(kind, a, b)
    value = end.value(facts)
    return _End("is", value) if value in (a, b) else end


def _forward(end: DimLike | None, default: DimLike, size: DimLike, facts: Facts | None) -> _End | None:
    if end is None:
        return _End("is", default)
    if ge(end, 0, facts).is_yes:
        return _decided("min", end, size, facts)
    if lt(end, 0, facts).is_yes:
        return _decided("max", end + size, 0, facts)
    return None


def _backward(end: DimLike | None, default: DimLike, size: DimLike, facts: Facts | None) -> _End | None:
    if end is None:
        return _End("is", default)
    if ge(end, 0, facts).is_yes:
        return _decided("min", end, size - 1, facts)
    if lt(end, 0, facts).is_yes:
        return _decided("max", end + size, -1, facts)
    return None


def _difference(a: _End, b: _End, facts: Facts | None) -> DimLike:
    """a - b, as one minimum or maximum where the two allow: n - max(n - T, 0) is min(T, n)."""
    if a.kind in ("is", "min") and b.kind in ("is", "max"):
        return _over_pairs(a, b, dmin, facts)
    if a.kind in ("is", "max") and b.kind in ("is", "min"):
        return _over_pairs(a, b, dmax, facts)
    return a.value(facts) - b.value(facts)


def _over_pairs(a: _End, b: _End, pick: Callable[..., DimLike], facts: Facts | None) -> DimLike:
    result: DimLike | None = None
    for x in a.args:
        for y in b.args:
            result = x - y if result is None else pick(result, x - y, facts)
    return 0 if result is None else result


def ends_from_the_length(
    size: DimLike, start: DimLike | None, stop: DimLike | None, facts: Facts | None = None
) -> list[DimLike]:
    """The ends of a slice that are the length less something ("n - 60") and whose sign is not known.

    Who writes that means a position in the array: a caller may learn that it is not negative, and ask for the length
    again.
    """
    found: list[DimLike] = []
    for end in (start, stop):
        if end is None or not ge(end, 0, facts).is_unknown:
            continue
        if not le(end, size, facts).is_yes or variables(end).isdisjoint(variables(size)):
            continue
        found.append(end)
    return found


# Whole indices


def index_shape(
    shape: Sequence[DimLike],
    items: Sequence[Item],
    facts: Facts | None = None,
    *,
    ints_are_basic: bool = False,
    fresh: Sequence[DimLike] = (),
) -> Result | None:
    """The shape of x[items]. Slices are Python `slice` objects whose ends may be symbolic, a new axis is None.

    With arrays among the items, all of them (and, unless `ints_are_basic`, the integers too) broadcast together;
    their axes stand where the items stood if those are next to each other, and first otherwise.
    Needs: "index" of integers and of array bounds (`where` = axis), "equal" of boolean arrays against the axes they
    cover, and those of broadcasting (`where` "indices"). None where the length of a slice cannot be told; `fresh` sizes
    are then taken instead, in order, as far as they go.
    Raises TooManyIndicesError, SizeError ("two-ellipses", "zero-step").
    """
    expanded = _expand(shape, items)
    spare = list(fresh)
    advanced = any(isinstance(item, (ArrayIndex, BoolIndex)) for item in expanded)
    basic: list[DimLike] = []
    needs: list[Need] = []
    arrays: list[tuple[DimLike, ...]] = []
    places: list[int] = []  # for each array item, how many plain axes come before it
    groups: list[int] = []  # and its position among the items that are not plain integers
    axis = 0
    for order, item in enumerate(expanded):
        if item is None:
            basic.append(1)
        elif isinstance(item, slice):
            length = slice_length(shape[axis], item.start, item.stop, item.step, facts)
            if length is None:
                if not spare:
                    return None
                length = spare.pop(0)
            basic.append(length)
            axis += 1
        elif isinstance(item, (int, Dim)):
            needs.append(index_need(item, shape[axis], facts, axis))
            axis += 1
            if advanced and not ints_are_basic:
                arrays.append(())
                places.append(len(basic))
                groups.append(order)
        elif isinstance(item, ArrayIndex):
            needs.extend(_array_needs(item, shape[axis], facts, axis))
            axis += 1
            arrays.append(item.shape)
            places.append(len(basic))
            groups.append(order)
        elif isinstance(item, BoolIndex):
            for size in item.shape:
                needs.append(need_equal(size, shape[axis], facts, axis))
                axis += 1
            arrays.append((item.count,))
            places.append(len(basic))
            groups.append(order)
    if not advanced:
        return Result(basic, needs)
    together = broadcast_shapes(*arrays, facts=facts)
    for need in together.needs:
        needs.append(Need(need.kind, need.left, need.right, need.truth, "indices", need.operands))
    between = expanded[groups[0] : groups[-1] + 1]
    apart = any(item is None or isinstance(item, slice) for item in between)
    if not apart and not ints_are_basic and Ellipsis in [item for item in items if not isinstance(item, Dim)]:
        apart = _across_ellipsis(items)
    at = 0 if apart else places[0]
    return Result((*basic[:at], *together.shape, *basic[at:]), needs)


def _across_ellipsis(items: Sequence[Item]) -> bool:
    """Whether an ellipsis stands between two arrays or integers; NumPy counts it even where it covers no axis."""
    kinds = [None if item is None or isinstance(item, slice) else item is Ellipsis for item in items]
    at = kinds.index(True)
    return False in kinds[:at] and False in kinds[at + 1 :]


def _expand(shape: Sequence[DimLike], items: Sequence[Item]) -> list[Item]:
    """The items with the ellipsis (or the end) filled with whole slices."""
    used = 0
    dots = 0
    for item in items:
        if item is Ellipsis:
            dots += 1
        elif isinstance(item, BoolIndex):
            used += len(item.shape)
        elif item is not None:
            used += 1
    if dots > 1:
        raise SizeError("two-ellipses")
    if used > len(shape):
        raise TooManyIndicesError(used, len(shape))
    fill: list[Item] = [slice(None)] * (len(shape) - used)
    result: list[Item] = []
    for item in items:
        if item is Ellipsis:
            result.extend(fill)
        else:
            result.append(item)
    if not dots:
        result.extend(fill)
    return result


def _array_needs(item: ArrayIndex, size: DimLike, facts: Facts | None, axis: int) -> list[Need]:
    needs: list[Need] = []
    if item.hi is not None:
        needs.append(Need("index", item.hi, size, lt(item.hi, size, facts), axis))
    if item.lo is not None:
        needs.append(Need("index", item.lo, size, ge(item.lo, -size, facts), axis))
    return needs
