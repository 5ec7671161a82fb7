"""``python-error``: an operation on plain Python values that raises in every run."""

from __future__ import annotations

from typing import ClassVar

from foreshape.faults.base import Fault


class PythonError(Fault):
    """problem: what Python says. operation: "len", "list.remove", "max", "[]", ... where known. types: the types that it got, as
    Python names them."""

    name: ClassVar[str] = "python-error"
    summary: ClassVar[str] = "An operation on plain Python values that raises in every run."

    problem: str
    operation: str = ""
    types: tuple[str, ...] = ()

    page: ClassVar[str] = """\
An operation on known values of Python itself, such as adding a number to a text, dividing by zero, indexing a list with
a tuple or taking the largest of nothing, raises as soon as the line is reached. Most often a list is used where a NumPy array
was meant, or ``/`` made a float of what should stay an int.
"""
    faulty: ClassVar[str] = """\
timesteps = 24
print("windows of " + timesteps)
"""
    fixed: ClassVar[str] = """\
timesteps = 24
print("windows of " + str(timesteps))
"""
