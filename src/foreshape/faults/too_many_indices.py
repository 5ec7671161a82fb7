"""``too-many-indices``: an array is indexed with more indices than it has axes."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.values import Shape
from foreshape.faults.base import Fault


class TooManyIndices(Fault):
    """given: how many indices. shape: of what is indexed."""

    name: ClassVar[str] = "too-many-indices"
    summary: ClassVar[str] = "An array is indexed with more indices than it has axes."

    given: int
    shape: Shape

    page: ClassVar[str] = """\
Each index takes one axis. An array of shape ``(n,)`` has one, even where a column was meant: ``x[:, 0]`` needs two.
"""
    faulty: ClassVar[str] = """\
import numpy as np

prices = np.array([1.0, 2.0, 3.0])
first = prices[:, 0]
"""
    fixed: ClassVar[str] = """\
import numpy as np

prices = np.array([1.0, 2.0, 3.0]).reshape(-1, 1)
first = prices[:, 0]
"""
