"""``square-matrix``: an operation of linear algebra gets a matrix that is not square."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.values import Shape
from foreshape.faults.base import Fault


class SquareMatrix(Fault):
    """taker: the function. shape: of the matrix."""

    name: ClassVar[str] = "square-matrix"
    summary: ClassVar[str] = "An operation of linear algebra gets a matrix that is not square."

    taker: str
    shape: Shape

    page: ClassVar[str] = """\
Inverse, determinant and eigenvalues exist for square matrices. ``pinv`` and ``lstsq`` take any.
"""
    faulty: ClassVar[str] = """\
import numpy as np

x = np.random.rand(100, 8)
inverse = np.linalg.inv(x)
"""
    fixed: ClassVar[str] = """\
import numpy as np

x = np.random.rand(100, 8)
inverse = np.linalg.inv(x.T @ x)
"""
