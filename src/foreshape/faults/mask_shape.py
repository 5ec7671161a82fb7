"""``mask-shape``: a mask of booleans has another shape than what it is used on."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.values import Shape
from foreshape.faults.base import Fault


class MaskShape(Fault):
    """mask, shape: of the mask and of the array. axis: of the array, on which they differ."""

    name: ClassVar[str] = "mask-shape"
    summary: ClassVar[str] = "A mask of booleans has another shape than what it is used on."

    mask: Shape
    shape: Shape
    axis: int

    page: ClassVar[str] = """\
A mask says for each place whether it is kept, so it has the sizes of the axes that it covers.
"""
    faulty: ClassVar[str] = """\
import numpy as np

x = np.zeros((100, 8))
labels = np.zeros(90)
kept = x[labels == 0]
"""
    fixed: ClassVar[str] = """\
import numpy as np

x = np.zeros((100, 8))
labels = np.zeros(100)
kept = x[labels == 0]
"""
