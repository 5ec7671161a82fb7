"""``einsum-mismatch``: an einsum equation that does not fit its operands."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.values import Shape
from foreshape.faults.base import Fault


class EinsumMismatch(Fault):
    """equation: as given. label: the letter in question, where it is one. shapes: of the operands."""

    name: ClassVar[str] = "einsum-mismatch"
    summary: ClassVar[str] = "An einsum equation does not fit its operands."

    equation: str
    shapes: tuple[Shape, ...]
    label: str | None = None

    page: ClassVar[str] = """\
Each letter is one axis; the same letter is the same size wherever it stands.
"""
    faulty: ClassVar[str] = """\
import numpy as np

query, key = np.zeros((32, 10, 8)), np.zeros((32, 10, 4))
scores = np.einsum("bqd,bkd->bqk", query, key)
"""
    fixed: ClassVar[str] = """\
import numpy as np

query, key = np.zeros((32, 10, 8)), np.zeros((32, 10, 8))
scores = np.einsum("bqd,bkd->bqk", query, key)
"""
