"""``assignment-shape``: an array is assigned to a part of another that it does not fit."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.values import Shape
from foreshape.faults.base import Fault


class AssignmentShape(Fault):
    """value: the shape of what is assigned. target: the shape of the part that is assigned to."""

    name: ClassVar[str] = "assignment-shape"
    summary: ClassVar[str] = "An array is assigned to a part of another array that it does not fit."

    value: Shape
    target: Shape

    page: ClassVar[str] = """\
What is assigned is stretched like in arithmetic: its sizes are equal to those of the part, from the last axis backwards, or 1.
"""
    faulty: ClassVar[str] = """\
import numpy as np

batch = np.zeros((4, 10))
sequence = [1, 2, 3]
batch[0] = sequence
"""
    fixed: ClassVar[str] = """\
import numpy as np

batch = np.zeros((4, 10))
sequence = [1, 2, 3]
batch[0, :len(sequence)] = sequence
"""
