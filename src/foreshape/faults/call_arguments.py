"""``call-arguments``: the arguments of a call do not fit the signature."""

from __future__ import annotations

from typing import ClassVar

from foreshape.faults.base import Fault


class CallArguments(Fault):
    """callee: what is called, as people call it. problem: what Python says about it, after the name."""

    name: ClassVar[str] = "call-arguments"
    summary: ClassVar[str] = "The arguments of a call do not fit what the function or layer takes."

    callee: str
    problem: str

    page: ClassVar[str] = """\
A call with an argument too many, one missing, or one under a name that the function does not have is a TypeError.
"""
    faulty: ClassVar[str] = """\
import numpy as np

zeros = np.zeros(shape=(3, 4), dim=2)
"""
    fixed: ClassVar[str] = """\
import numpy as np

zeros = np.zeros(shape=(3, 4))
"""
