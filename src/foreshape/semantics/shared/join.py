"""Arrays put together and taken apart: concatenate, stack, split."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from foreshape.domain.dim import ceildiv, divides, floordiv
from foreshape.semantics.shared.index import slice_length
from foreshape.semantics.shared.reshape import normalize_axis
from foreshape.semantics.shared.result import Need, RankError, Result, SizeError, merged, need_equal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from foreshape.domain.dim import DimLike
    from foreshape.domain.facts import Facts


def concatenate(shapes: Sequence[Sequence[DimLike]], axis: int = 0, facts: Facts | None = None) -> Result:
    """Joined along an axis that exists: its sizes add, all others are equal (needs, `where` = axis, `operands` = pair).

    Raises RankError (rank 0, or a rank other than that of the first, with the operand), AxisError, SizeError("empty").
    """
    if not shapes:
        raise SizeError("empty")
    first = list(shapes[0])
    if not first:
        raise RankError(0, "at least 1")
    for position, shape in enumerate(shapes):
        if len(shape) != len(first):
            raise RankError(len(shape), len(first), position)
    place = normalize_axis(axis, len(first))
    needs: list[Need] = []
    for position, shape in enumerate(shapes[1:], 1):
        for i, size in enumerate(shape):
            if i == place:
                first[i] = first[i] + size
            else:
                needs.append(need_equal(first[i], size, facts, i, (0, position)))
                first[i] = merged(first[i], size, facts)
    return Result(first, needs)


def stack(shapes: Sequence[Sequence[DimLike]], axis: int = 0, facts: Facts | None = None) -> Result:
    """Joined along a new axis: all shapes are equal (needs, `where` = axis of the parts).

    Raises RankError (another rank than the first, with the operand), AxisError, SizeError("empty").
    """
    if not shapes:
        raise SizeError("empty")
    first = list(shapes[0])
    needs: list[Need] = []
    for position, shape in enumerate(shapes[1:], 1):
        if len(shape) != len(first):
            raise RankError(len(shape), len(first), position)
        for i, size in enumerate(shape):
            needs.append(need_equal(first[i], size, facts, i, (0, position)))
            first[i] = merged(first[i], size, facts)
    place = normalize_axis(axis, len(first) + 1)
    return Result((*first[:place], len(shapes), *first[place:]), needs)


def split(
    shape: Sequence[DimLike], sections: int, axis: int = 0, facts: Facts | None = None
) -> tuple[tuple[DimLike, ...], tuple[Need, ...]]:
    """The shape of each of `sections` equal parts, and the need that the axis is a multiple of them.

    Raises AxisError, SizeError("sections").
    """
    place = normalize_axis(axis, len(shape))
    if sections <= 0:
        raise SizeError("sections", sections)
    size = shape[place] if facts is None else facts.resolve(shape[place])
    need = Need("multiple", size, sections, divides(sections, size, facts), place)
    part = (*shape[:place], floordiv(size, sections), *shape[place + 1 :])
    return part, () if need.truth.is_yes else (need,)


def array_split(shape: Sequence[DimLike], sections: int, axis: int = 0) -> list[tuple[DimLike, ...]]:
    """The shapes of `sections` parts as equal as can be, the longer ones first. Raises AxisError, SizeError."""
    place = normalize_axis(axis, len(shape))
    if sections <= 0:
        raise SizeError("sections", sections)
    # part i has one more when i < size % sections
    return [(*shape[:place], ceildiv(shape[place] - i, sections), *shape[place + 1 :]) for i in range(sections)]


def split_at(
    shape: Sequence[DimLike], indices: Sequence[DimLike], axis: int = 0, facts: Facts | None = None
) -> list[tuple[DimLike, ...] | None]:
    """The shapes between the indices, each cut like a slice; None where the sign of an index is not known.

    Raises AxisError.
    """
    place = normalize_axis(axis, len(shape))
    edges: list[DimLike | None] = [0, *indices, None]
    parts: list[tuple[DimLike, ...] | None] = []
    for start, stop in pairwise(edges):
        length = slice_length(shape[place], start, stop, None, facts)
        parts.append(None if length is None else (*shape[:place], length, *shape[place + 1 :]))
    return parts


def split_sizes(
    shape: Sequence[DimLike], sizes: Sequence[DimLike], axis: int = 0, facts: Facts | None = None
) -> tuple[list[tuple[DimLike, ...]], tuple[Need, ...]]:
    """Parts of the given sizes, which add up to the axis (need). Raises AxisError."""
    place = normalize_axis(axis, len(shape))
    total: DimLike = 0
    for size in sizes:
        total = total + size
    need = need_equal(shape[place], total, facts, place)
    parts = [(*shape[:place], size, *shape[place + 1 :]) for size in sizes]
    return parts, () if need.truth.is_yes else (need,)


def split_every(shape: Sequence[DimLike], size: int, axis: int = 0) -> list[tuple[DimLike, ...]] | None:
    """Parts of `size`, the last one shorter; None where the length is not known. Raises AxisError, SizeError."""
    place = normalize_axis(axis, len(shape))
    if size <= 0:
        raise SizeError("sections", size)
    length = shape[place]
    if not isinstance(length, int):
        return None
    starts = range(0, length, size) if length else range(1)
    return [(*shape[:place], min(size, length - start), *shape[place + 1 :]) for start in starts]
