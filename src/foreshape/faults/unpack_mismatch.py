"""``unpack-mismatch``: an unpacking assignment with another number of names than values."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.dim import DimLike
from foreshape.faults.base import Fault


class UnpackMismatch(Fault):
    """names: how many targets. values_given: how many values there are. of_shape: a shape is what is unpacked.
    starred: one of the targets takes the rest. of_graph: it is a tensor of a traced function, which cannot be unpacked."""

    name: ClassVar[str] = "unpack-mismatch"
    summary: ClassVar[str] = "An assignment unpacks into more or fewer names than there are values."

    names: int
    values_given: DimLike
    of_shape: bool = False
    starred: bool = False
    of_graph: bool = False

    page: ClassVar[str] = """\
``a, b = values`` needs exactly two values. ``batch, steps = x.shape`` needs an array with exactly two axes.
"""
    faulty: ClassVar[str] = """\
import numpy as np

x = np.zeros((8, 10, 3))
samples, steps = x.shape
"""
    fixed: ClassVar[str] = """\
import numpy as np

x = np.zeros((8, 10, 3))
samples, steps, features = x.shape
"""
