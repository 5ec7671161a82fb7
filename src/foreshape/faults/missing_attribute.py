"""``missing-attribute``: an object is asked for an attribute or method that it does not have."""

from __future__ import annotations

from typing import ClassVar

from foreshape.faults.base import Fault


class MissingAttribute(Fault):
    """owner: the type, as Python names it ("list"). similar: attributes that it has and that may have been meant. set: it is
    a name that the library keeps for itself, and that the program sets."""

    name: ClassVar[str] = "missing-attribute"
    summary: ClassVar[str] = "An object is asked for an attribute or method that it does not have."

    owner: str
    attribute: str
    similar: tuple[str, ...] = ()
    set: bool = False

    page: ClassVar[str] = """\
A list has no ``shape`` and a NumPy array has no ``append``. Most often the value is of another type than it was
thought to be: a list that was never made an array, or a model where its history was meant.
"""
    faulty: ClassVar[str] = """\
windows = [[1, 2, 3], [2, 3, 4]]
timesteps = windows.shape[1]
"""
    fixed: ClassVar[str] = """\
import numpy as np

windows = np.array([[1, 2, 3], [2, 3, 4]])
timesteps = windows.shape[1]
"""
