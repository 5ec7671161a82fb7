"""Axes and sizes rearranged: reshape, expand_dims, squeeze, transpose, moveaxis, swapaxes, flatten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import divides, eq, floordiv, ne, product
from foreshape.domain.truth import NO, Truth
from foreshape.semantics.shared.result import (
    AxesCountError,
    AxisError,
    Need,
    RepeatedAxisError,
    Result,
    SizeError,
    need_equal,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from foreshape.domain.dim import DimLike
    from foreshape.domain.facts import Facts


def normalize_axis(axis: int, rank: int) -> int:
    """The axis counted from the left. Raises AxisError."""
    if not -rank <= axis < rank:
        raise AxisError(axis, rank)
    return axis + rank if axis < 0 else axis


def normalize_axes(axes: int | Sequence[int], rank: int, *, repeated: bool = False) -> tuple[int, ...]:
    """Axes counted from the left, in the order given. Raises AxisError, and RepeatedAxisError unless `repeated`."""
    given = (axes,) if isinstance(axes, int) else tuple(axes)
    result = tuple(normalize_axis(axis, rank) for axis in given)
    if not repeated:
        for i, axis in enumerate(result):
            if axis in result[:i]:
                raise RepeatedAxisError(axis)
    return result


def reshape(shape: Sequence[DimLike], target: DimLike | Sequence[DimLike], facts: Facts | None = None) -> Result:
    """The target with its -1 worked out.

    Needs: "equal" (number of elements, number of elements of the target), or with a -1 "multiple" (number of
    elements, product of the given sizes). Raises SizeError: "two-unknown" or "negative" (with the value).
    """
    wanted: list[DimLike] = [target] if not isinstance(target, (list, tuple)) else list(target)  # type: ignore[list-item]
    if facts is not None:
        shape = [facts.resolve(size) for size in shape]
        wanted = [facts.resolve(size) for size in wanted]
    total = product(shape)
    unknown = [i for i, size in enumerate(wanted) if isinstance(size, int) and size == -1]
    for size in wanted:
        if isinstance(size, int) and size < -1:
            raise SizeError("negative", size)
    if len(unknown) > 1:
        raise SizeError("two-unknown")
    if not unknown:
        return Result(wanted, [need_equal(total, product(wanted), facts, "size")])
    given = product(size for i, size in enumerate(wanted) if i != unknown[0])
    truth: Truth
    if isinstance(given, int) and given == 0:
        # what to put there cannot be told, not even for 0 elements
        truth = NO
        inferred: DimLike = 0
    else:
        truth, inferred = divides(given, total, facts), floordiv(total, given)
    wanted[unknown[0]] = inferred
    return Result(wanted, [Need("multiple", total, given, truth, unknown[0])])


def expand_dims(shape: Sequence[DimLike], axis: int | Sequence[int]) -> tuple[DimLike, ...]:
    """New axes of size 1 at these places of the result. Raises AxisError, RepeatedAxisError."""
    rank = len(shape) + (1 if isinstance(axis, int) else len(axis))
    places = normalize_axes(axis, rank)
    old = iter(shape)
    return tuple(1 if i in places else next(old) for i in range(rank))


def squeeze(
    shape: Sequence[DimLike],
    axis: int | Sequence[int] | None = None,
    facts: Facts | None = None,
    *,
    strict: bool = True,
    scalar_axis: bool = True,
) -> Result:
    """Without the axes of size 1, or without the given ones.

    A given axis must be 1 (need "equal" with 1); not `strict`: one that is not 1 stays. Where no axis is given, an axis
    whose size is not known stays, with the need "not-one". `scalar_axis`: rank 0 takes the axes 0 and -1.
    Raises AxisError, RepeatedAxisError.
    """
    if not shape and scalar_axis and axis in (0, -1):
        return Result(())
    if axis is None:
        places = tuple(range(len(shape)))
    else:
        places = normalize_axes(axis, len(shape))
    kept: list[DimLike] = []
    needs: list[Need] = []
    for i, size in enumerate(shape):
        if i not in places:
            kept.append(size)
            continue
        if axis is not None and strict:
            needs.append(need_equal(size, 1, facts, i))
            continue
        if not eq(size, 1, facts).is_yes:
            kept.append(size)
            needs.append(Need("not-one", size, 1, ne(size, 1, facts), i))
    return Result(kept, needs)


def transpose(shape: Sequence[DimLike], axes: Sequence[int] | None = None) -> tuple[DimLike, ...]:
    """Axes in another order, reversed by default. Raises AxesCountError, AxisError, RepeatedAxisError."""
    if axes is None:
        return tuple(reversed(shape))
    if len(axes) != len(shape):
        raise AxesCountError(len(axes), len(shape))
    return tuple(shape[axis] for axis in normalize_axes(axes, len(shape)))


def moveaxis(
    shape: Sequence[DimLike], source: int | Sequence[int], destination: int | Sequence[int]
) -> tuple[DimLike, ...]:
    """Raises AxisError, RepeatedAxisError, AxesCountError (as many sources as destinations)."""
    return tuple(shape[axis] for axis in moved_order(len(shape), source, destination))


def moved_order(rank: int, source: int | Sequence[int], destination: int | Sequence[int]) -> tuple[int, ...]:
    """The old axis at each place after a moveaxis."""
    sources = normalize_axes(source, rank)
    destinations = normalize_axes(destination, rank)
    if len(sources) != len(destinations):
        raise AxesCountError(len(sources), len(destinations))
    order = [axis for axis in range(rank) if axis not in sources]
    for place, axis in sorted(zip(destinations, sources, strict=True)):
        order.insert(place, axis)
    return tuple(order)


def swapaxes(shape: Sequence[DimLike], first: int, second: int) -> tuple[DimLike, ...]:
    """Raises AxisError."""
    i, j = normalize_axis(first, len(shape)), normalize_axis(second, len(shape))
    result = list(shape)
    result[i], result[j] = result[j], result[i]
    return tuple(result)


def flatten(shape: Sequence[DimLike], start: int = 0, end: int = -1) -> tuple[DimLike, ...]:
    """The axes from start to end (both included) as one; a scalar becomes one element. Raises AxisError."""
    if not shape:
        normalize_axis(start, 1)
        normalize_axis(end, 1)
        return (1,)
    first, last = normalize_axis(start, len(shape)), normalize_axis(end, len(shape))
    if first > last:
        raise AxesCountError(first, last)
    return (*shape[:first], product(shape[first : last + 1]), *shape[last + 1 :])
