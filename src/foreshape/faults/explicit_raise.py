"""``explicit-raise``: the program's own check raises, in every run."""

from __future__ import annotations

from typing import ClassVar

from foreshape.faults.base import Fault


class ExplicitRaise(Fault):
    """exception: the class that is raised. text: its message, where known. statement: "raise" or "assert"."""

    name: ClassVar[str] = "explicit-raise"
    summary: ClassVar[str] = "A check of the program itself fails in every run."

    exception: str
    text: str
    statement: str

    page: ClassVar[str] = """\
The program checks something itself (``raise`` or ``assert``), and with the values that reach the check it always fails.
"""
    faulty: ClassVar[str] = """\
import numpy as np

frames = np.zeros((8, 40))
assert frames.ndim == 3, "frames must be (batch, time, features)"
"""
    fixed: ClassVar[str] = """\
import numpy as np

frames = np.zeros((8, 40, 1))
assert frames.ndim == 3, "frames must be (batch, time, features)"
"""
