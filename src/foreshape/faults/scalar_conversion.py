"""``scalar-conversion``: an array of several elements is made one number."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.values import Shape
from foreshape.faults.base import Fault


class ScalarConversion(Fault):
    """shape: of the array. wanted: "float", "int", "item", ..."""

    name: ClassVar[str] = "scalar-conversion"
    summary: ClassVar[str] = "An array of several elements is made one number."

    shape: Shape
    wanted: str

    page: ClassVar[str] = """\
``float(x)``, ``int(x)`` and ``x.item()`` take an array with exactly one element.
"""
    faulty: ClassVar[str] = """\
import numpy as np

losses = np.array([0.5, 0.25])
print(float(losses))
"""
    fixed: ClassVar[str] = """\
import numpy as np

losses = np.array([0.5, 0.25])
print(float(losses.mean()))
"""
