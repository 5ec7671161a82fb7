"""How many windows fit, and how long a range is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import ceildiv, dmax, floordiv

if TYPE_CHECKING:
    from foreshape.domain.dim import DimLike
    from foreshape.domain.facts import Facts


def window_count(n: DimLike, length: DimLike, stride: DimLike = 1, facts: Facts | None = None) -> DimLike:
    """Windows of `length` out of n, `stride` apart, none of them shorter: 0 if not even one fits."""
    return dmax(floordiv(n - length, stride) + 1, 0, facts)


def partial_window_count(n: DimLike, stride: DimLike) -> DimLike:
    """Windows that start within n, `stride` apart, the last ones shorter."""
    return ceildiv(n, stride)


def range_length(start: DimLike, stop: DimLike, step: DimLike = 1, facts: Facts | None = None) -> DimLike | None:
    """len(range(start, stop, step)); None where the sign of the step is not known. Raises ValueError for step 0."""
    from foreshape.domain.dim import ge, le

    if isinstance(step, int) and step == 0:
        raise ValueError("range() arg 3 must not be zero")
    if ge(step, 1, facts).is_yes:
        return dmax(ceildiv(stop - start, step), 0, facts)
    if le(step, -1, facts).is_yes:
        return dmax(ceildiv(start - stop, -step), 0, facts)
    return None


def batch_count(n: DimLike, batch: DimLike, drop_last: bool = False) -> DimLike:
    """Batches of `batch` out of n, the last one shorter, or left out."""
    return floordiv(n, batch) if drop_last else ceildiv(n, batch)


def last_batch(n: DimLike, batch: DimLike) -> DimLike:
    """The size of the last batch, which is in [1, batch]."""
    return n - batch * (ceildiv(n, batch) - 1)
