"""``index-type``: something is used as an index that is none."""

from __future__ import annotations

from typing import ClassVar

from foreshape.faults.base import Fault


class IndexType(Fault):
    """got: the type or dtype of the index."""

    name: ClassVar[str] = "index-type"
    summary: ClassVar[str] = "Something is used as an index that is neither an integer, a slice nor a mask."

    got: str

    page: ClassVar[str] = """\
Positions are integers. A quotient ``n / 2`` is a float even where it is whole: write ``n // 2``. Arrays that hold positions need an
integer dtype.
"""
    faulty: ClassVar[str] = """\
import numpy as np

data = np.arange(100)
half = len(data) / 2
middle = data[np.array([half])]
"""
    fixed: ClassVar[str] = """\
import numpy as np

data = np.arange(100)
half = len(data) // 2
middle = data[np.array([half])]
"""
