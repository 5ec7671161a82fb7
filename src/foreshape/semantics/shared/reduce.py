"""Reductions over axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.semantics.shared.reshape import normalize_axes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from foreshape.domain.dim import DimLike


def reduce_shape(
    shape: Sequence[DimLike],
    axis: int | Sequence[int] | None = None,
    keepdims: bool = False,
    *,
    scalar_axis: bool = True,
) -> tuple[DimLike, ...]:
    """The shape after sum, mean, max, ... over the axes (all of them for None).

    scalar_axis: rank 0 takes the axes 0 and -1, as NumPy and torch do. Raises AxisError, RepeatedAxisError.
    """
    if not shape and scalar_axis and axis in (0, -1):
        return ()
    gone = tuple(range(len(shape))) if axis is None else normalize_axes(axis, len(shape))
    if keepdims:
        return tuple(1 if i in gone else size for i, size in enumerate(shape))
    return tuple(size for i, size in enumerate(shape) if i not in gone)
