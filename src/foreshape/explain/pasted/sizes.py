"""Plain arithmetic on the shapes of messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


def product(shape: Sequence[int | None]) -> int:
    """How many values a shape holds, its unknown sizes left out."""
    count = 1
    for size in shape:
        count *= 1 if size is None or size == -1 else size
    return count


def clash(left: Sequence[int | None], right: Sequence[int | None]) -> str:
    """ "4 and 5 on the last axis": the first sizes from the end that do not broadcast; "" where all do."""
    for place in range(1, min(len(left), len(right)) + 1):
        one, other = left[-place], right[-place]
        if one != other and 1 not in (one, other) and None not in (one, other):
            return f"{one} and {other} meet on {_from_end(place)}"
    return ""


def _from_end(place: int) -> str:
    names = {1: "the last axis", 2: "the last axis but one"}
    return names.get(place, f"axis -{place}")


def aligned(left: Sequence[int | None], right: Sequence[int | None]) -> str:
    """What two shapes suggest that do not broadcast."""
    longer, shorter = (left, right) if len(left) >= len(right) else (right, left)
    if len(shorter) == 1 and len(longer) > 1 and shorter[0] in longer[:-1]:
        axis = list(longer).index(shorter[0])
        return f"The {shorter[0]} values belong to axis {axis} of the other array, but a shape with one axis is laid along the last one."
    if len(left) == len(right) > 1 and tuple(reversed(left)) == tuple(right):
        return "One array is the other one transposed."
    return ""


def counted(number: Any, one: str, many: str = "") -> str:
    """ "1 axis", "3 axes"."""
    return f"{number} {one if number == 1 else many or one + 's'}"
