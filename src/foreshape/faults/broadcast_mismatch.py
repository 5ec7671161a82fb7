"""``broadcast-mismatch``: arrays whose shapes do not go together are combined element by element."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.values import Shape
from foreshape.faults.base import Fault


class BroadcastMismatch(Fault):
    """taker: the operator or function. shapes: of all operands. axis: counted from the right (-1 is the last), where the first two differ."""

    name: ClassVar[str] = "broadcast-mismatch"
    summary: ClassVar[str] = "Arrays whose shapes do not go together are combined element by element."

    taker: str
    shapes: tuple[Shape, ...]
    axis: int | None = None

    page: ClassVar[str] = """\
Shapes are compared from the last axis backwards. Two sizes go together when they are equal or one of them is 1. What is
missing on the left counts as 1, what is missing on the right does not: ``(100, 3)`` and ``(100,)`` do not go together.
"""
    faulty: ClassVar[str] = """\
import numpy as np

x = np.random.rand(100, 3)
weights = np.random.rand(100)
y = x * weights
"""
    fixed: ClassVar[str] = """\
import numpy as np

x = np.random.rand(100, 3)
weights = np.random.rand(100)
y = x * weights[:, None]
"""
