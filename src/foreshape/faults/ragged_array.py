"""``ragged-array``: rows of different lengths are made one array."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Shape
from foreshape.faults.base import Fault


class RaggedArray(Fault):
    """detected: the shape that all parts agree on, from the left. axis: the first axis on which they differ. sizes: different sizes
    found there, in order of appearance (None for a part that has no such axis). drawn: they are drawn at random, and sizes are
    the least and the greatest that may come."""

    name: ClassVar[str] = "ragged-array"
    summary: ClassVar[str] = "Rows of different lengths cannot be one array."

    taker: str
    detected: Shape
    axis: int
    sizes: tuple[DimLike | None, ...] = ()
    drawn: bool = False

    page: ClassVar[str] = """\
An array is a box: every row has the same length. Sequences of different lengths have to be padded to one length (and the padding
masked), cut to one length, or kept in a list and fed in groups of equal length. NumPy before 1.24 made an array of Python
objects instead, which fails later, in the framework.
"""
    faulty: ClassVar[str] = """\
import numpy as np

sequences = [[1, 2, 3], [4, 5], [6, 7, 8, 9]]
x = np.array(sequences)
"""
    fixed: ClassVar[str] = """\
import numpy as np

sequences = [[1, 2, 3], [4, 5], [6, 7, 8, 9]]
longest = max(len(s) for s in sequences)
x = np.array([s + [0] * (longest - len(s)) for s in sequences])
"""
