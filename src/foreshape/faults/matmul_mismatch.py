"""``matmul-mismatch``: a matrix product of matrices that do not fit."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.values import Shape
from foreshape.faults.base import Fault


class MatmulMismatch(Fault):
    """taker: "@", "dot", "tensordot", ... left, right: the shapes. left_axis, right_axis: the axes (from the left) that have to be equal."""

    name: ClassVar[str] = "matmul-mismatch"
    summary: ClassVar[str] = "A matrix product of matrices that do not fit."

    taker: str
    left: Shape
    right: Shape
    left_axis: int | None = None
    right_axis: int | None = None

    page: ClassVar[str] = """\
The columns of the left matrix are paired with the rows of the right one: ``(n, k) @ (k, m)`` gives ``(n, m)``.
"""
    faulty: ClassVar[str] = """\
import numpy as np

x = np.zeros((100, 8))
weights = np.zeros((4, 8))
y = x @ weights
"""
    fixed: ClassVar[str] = """\
import numpy as np

x = np.zeros((100, 8))
weights = np.zeros((4, 8))
y = x @ weights.T
"""
