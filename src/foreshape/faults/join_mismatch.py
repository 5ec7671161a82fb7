"""``join-mismatch``: arrays that do not fit are concatenated or stacked."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.values import Shape
from foreshape.faults.base import Fault


class JoinMismatch(Fault):
    """taker: "concatenate", "stack", "hstack", ... shapes: of the parts. axis: along which they are joined. differs: the axis on which
    two parts differ, None where their number of axes does. first, second: the positions of these two parts."""

    name: ClassVar[str] = "join-mismatch"
    summary: ClassVar[str] = "Arrays that do not fit together are concatenated or stacked."

    taker: str
    shapes: tuple[Shape, ...]
    axis: int
    differs: int | None = None
    first: int = 0
    second: int = 1

    page: ClassVar[str] = """\
Concatenation needs parts of the same number of axes whose sizes are equal on every axis but the one that is joined; stacking needs
parts of the very same shape.
"""
    faulty: ClassVar[str] = """\
import numpy as np

features = np.zeros((100, 8))
extra = np.zeros((90, 2))
x = np.concatenate([features, extra], axis=1)
"""
    fixed: ClassVar[str] = """\
import numpy as np

features = np.zeros((100, 8))
extra = np.zeros((100, 2))
x = np.concatenate([features, extra], axis=1)
"""
