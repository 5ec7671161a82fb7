"""``split-size``: an axis is split into equal parts that it does not have."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.dim import DimLike
from foreshape.faults.base import Fault


class SplitSize(Fault):
    """size: of the axis. sections: how many parts."""

    name: ClassVar[str] = "split-size"
    summary: ClassVar[str] = "An axis is split into equal parts, but its size is not a multiple of them."

    size: DimLike
    sections: int
    axis: int = 0

    page: ClassVar[str] = """\
``split`` wants parts of the same size; ``array_split`` makes the last ones shorter.
"""
    faulty: ClassVar[str] = """\
import numpy as np

parts = np.split(np.arange(10), 3)
"""
    fixed: ClassVar[str] = """\
import numpy as np

parts = np.array_split(np.arange(10), 3)
"""
