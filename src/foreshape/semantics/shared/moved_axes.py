"""An axis that a reshape puts at another place, which only a transpose can do without mixing the elements of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import product

if TYPE_CHECKING:
    from collections.abc import Sequence

    from foreshape.domain.dim import DimLike


def moved_axis(old: Sequence[DimLike], new: Sequence[DimLike]) -> tuple[int, int] | None:
    """An axis that was meant to be moved, and where to: its size stands elsewhere, and nowhere with the same number of
    elements after it. Sizes are compared as they are written: resolve them first. Shapes of 3 to 6 axes.
    """
    if not 3 <= len(old) <= 6 or not 3 <= len(new) <= 6:
        return None
    inner_old = [product(old[axis + 1 :]) for axis in range(len(old))]
    inner_new = [product(new[axis + 1 :]) for axis in range(len(new))]
    kept = {a for a in range(len(old)) for b in range(len(new)) if _same_place(old, new, inner_old, inner_new, a, b)}
    left = [a for a in range(len(old)) if a not in kept and old[a] != 1]
    held = {b for b in range(len(new)) for a in kept if _same_place(old, new, inner_old, inner_new, a, b)}
    free = [b for b in range(len(new)) if b not in held and new[b] != 1]
    if not left or len(free) < 2:
        return None
    if len(old) == len(new):
        # the same sizes in another order
        if len(left) < 2 or sorted(map(str, (old[a] for a in left))) != sorted(map(str, (new[b] for b in free))):
            return None
        if _neighbours([old[a] for a in left]):
            return None
        a = left[0]
        to = next((b for b in free if new[b] == old[a]), None)
        return None if to is None else (a, to)  # two unknown sizes may be written alike
    # heads: (batch, time, width) as (batch, heads, time, size), or back
    longer = len(new) > len(old)
    if abs(len(new) - len(old)) != 1 or len(left if longer else free) != 2 or len(free if longer else left) != 3:
        return None
    two, three = ([old[a] for a in left], [new[b] for b in free]) if longer else (
        [new[b] for b in free], [old[a] for a in left]
    )  # fmt: skip
    if two[0] != three[1] or two[0] == three[0] or not _larger_than_one(two[0]):
        return None
    return (left[0], free[1]) if longer else (left[1], free[0])


def _same_place(
    old: Sequence[DimLike], new: Sequence[DimLike], inner_old: Sequence[DimLike],
    inner_new: Sequence[DimLike], a: int, b: int,
) -> bool:  # fmt: skip
    return old[a] == new[b] and inner_old[a] == inner_new[b]


def _neighbours(sizes: Sequence[DimLike]) -> bool:
    """Sizes that differ by one: the shift of relative positions in attention is done so on purpose."""
    return len(sizes) == 2 and sizes[0] - sizes[1] in (1, -1)


def _larger_than_one(size: DimLike) -> bool:
    return not isinstance(size, int) or size > 1
