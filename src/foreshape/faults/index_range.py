"""``index-range``: an index that is past the end of what it is used on."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.dim import DimLike
from foreshape.faults.base import Fault


class IndexRange(Fault):
    """taker: what is indexed, as people call it ("list", "numpy array", "Embedding"). size: how many places it has along
    ``axis`` (None where there is only one axis, as in a list)."""

    name: ClassVar[str] = "index-range"
    summary: ClassVar[str] = "An index is past the end of a list, of an axis or of a table."

    taker: str
    index: DimLike
    size: DimLike
    axis: int | None = None

    page: ClassVar[str] = """\
Positions count from 0: the last of ``n`` is ``n - 1``. Loops over windows go past the end most often: with ``n`` values and windows
of ``T`` there are ``n - T`` windows that have a value after them.
"""
    faulty: ClassVar[str] = """\
values = list(range(10))
timesteps = 3
windows, targets = [], []
for start in range(len(values) - timesteps + 1):
    windows.append(values[start:start + timesteps])
    targets.append(values[start + timesteps])
"""
    fixed: ClassVar[str] = """\
values = list(range(10))
timesteps = 3
windows, targets = [], []
for start in range(len(values) - timesteps):
    windows.append(values[start:start + timesteps])
    targets.append(values[start + timesteps])
"""
