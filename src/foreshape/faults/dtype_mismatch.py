"""``dtype-mismatch``: an operation gets values of a dtype that it cannot use."""

from __future__ import annotations

from typing import ClassVar

from foreshape.faults.base import Fault


class DtypeMismatch(Fault):
    """taker: the operation. got: the dtypes it gets. wanted: the dtype that is needed or that the result has to be stored in, where there is one."""

    name: ClassVar[str] = "dtype-mismatch"
    summary: ClassVar[str] = (
        "An operation gets values of a dtype that it cannot use, or has to store them in one that cannot hold them."
    )

    taker: str
    got: tuple[str, ...]
    wanted: str | None = None

    page: ClassVar[str] = """\
Some operations exist for some dtypes only: no arithmetic on text, no bit operations on floats. And ``a += b`` stores the
result in ``a``: an array of integers cannot take fractions.
"""
    faulty: ClassVar[str] = """\
import numpy as np

images = np.zeros((10, 28, 28), dtype="uint8")
images /= 255
"""
    fixed: ClassVar[str] = """\
import numpy as np

images = np.zeros((10, 28, 28), dtype="uint8")
images = images / 255
"""
