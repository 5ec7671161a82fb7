"""``squeeze-size``: an axis that is not 1 is squeezed away."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.values import Shape
from foreshape.faults.base import Fault


class SqueezeSize(Fault):
    """shape: of the array. axis: as given."""

    name: ClassVar[str] = "squeeze-size"
    summary: ClassVar[str] = "An axis whose size is not 1 is squeezed away."

    shape: Shape
    axis: int

    page: ClassVar[str] = """\
Only an axis of size 1 can go without losing elements.
"""
    faulty: ClassVar[str] = """\
import numpy as np

x = np.zeros((32, 10))
y = np.squeeze(x, axis=1)
"""
    fixed: ClassVar[str] = """\
import numpy as np

x = np.zeros((32, 1))
y = np.squeeze(x, axis=1)
"""
