"""Whether the values of an integer array reach a limit: ids of an Embedding, class labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.compare import ge
from foreshape.domain.dim import Dim, DimLike
from foreshape.domain.values import Array

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def reached(cx: Context, array: Array, limit: DimLike) -> DimLike | float | None:
    """A value >= limit that the array holds, or None where it holds none as far as is known.

    A bound that comes from a range of random numbers or from a vocabulary counts as reached: the data is made to
    fill its range. ``meta["loose"]`` marks bounds that are only limits (``np.clip``)."""
    if array.data is not None and array.data:
        known = [item for item in array.data if isinstance(item, (int, float)) and not isinstance(item, bool)]
        if len(known) == len(array.data):
            worst = max(known)
            return worst if isinstance(limit, int) and worst >= limit else None
    for bound in (array.lo, array.hi):
        if bound is None or (bound is array.hi and array.meta.get("loose")):
            continue
        if isinstance(bound, float):
            if bound == bound and abs(bound) != float("inf") and isinstance(limit, int) and bound >= limit:
                return bound
            continue
        if isinstance(bound, (int, Dim)) and ge(bound, limit, cx.facts).is_yes:
            return bound
    return None


def negative(array: Array) -> DimLike | float | None:
    """A value below 0 that the array holds, or None."""
    if array.data is not None and array.data:
        known = [item for item in array.data if isinstance(item, (int, float)) and not isinstance(item, bool)]
        if len(known) == len(array.data):
            least = min(known)
            return least if least < 0 else None
    if isinstance(array.hi, (int, float)) and array.hi < 0:
        return array.hi
    if isinstance(array.lo, int) and array.lo < 0 and not array.meta.get("loose"):
        return array.lo
    return None
