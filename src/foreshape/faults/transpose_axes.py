"""``transpose-axes``: an order of axes that does not name each axis once."""

from __future__ import annotations

from typing import ClassVar

from foreshape.faults.base import Fault


class TransposeAxes(Fault):
    """taker: the function. axes: as given. rank: how many axes there are."""

    name: ClassVar[str] = "transpose-axes"
    summary: ClassVar[str] = "An order of axes does not name each axis once."

    taker: str
    axes: tuple[int, ...]
    rank: int

    page: ClassVar[str] = """\
A transpose puts the axes in another order: each axis is named, and each once.
"""
    faulty: ClassVar[str] = """\
import numpy as np

x = np.zeros((32, 10, 8))
y = x.transpose(1, 0)
"""
    fixed: ClassVar[str] = """\
import numpy as np

x = np.zeros((32, 10, 8))
y = x.transpose(1, 0, 2)
"""
