"""``axis-range``: an axis is named that the array does not have."""

from __future__ import annotations

from typing import ClassVar

from foreshape.faults.base import Fault


class AxisRange(Fault):
    """taker: the function. axis: as given. rank: how many axes there are."""

    name: ClassVar[str] = "axis-range"
    summary: ClassVar[str] = "An axis is named that the array does not have."

    taker: str
    axis: int | str
    rank: int

    page: ClassVar[str] = """\
Axes count from 0: an array of shape ``(n, T)`` has the axes 0 and 1 (or -2 and -1).
"""
    faulty: ClassVar[str] = """\
import numpy as np

scores = np.zeros((32, 10))
best = scores.argmax(axis=2)
"""
    fixed: ClassVar[str] = """\
import numpy as np

scores = np.zeros((32, 10))
best = scores.argmax(axis=1)
"""
