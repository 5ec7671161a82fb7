"""``reshape-size``: a reshape to a shape that holds another number of elements."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.values import Shape
from foreshape.faults.base import Fault


class ReshapeSize(Fault):
    """shape: what there is. target: what was asked for, with its -1."""

    name: ClassVar[str] = "reshape-size"
    summary: ClassVar[str] = "A reshape asks for a shape that holds another number of elements."

    shape: Shape
    target: Shape
    taker: str = "reshape"

    page: ClassVar[str] = """\
A reshape keeps every element: the product of the sizes stays the same. With a -1 the product of the other sizes has to divide the
number of elements.
"""
    faulty: ClassVar[str] = """\
import numpy as np

data = np.arange(100)
x = data.reshape(-1, 8, 1)
"""
    fixed: ClassVar[str] = """\
import numpy as np

data = np.arange(100)
usable = len(data) // 8 * 8
x = data[:usable].reshape(-1, 8, 1)
"""
