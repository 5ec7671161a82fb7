"""``ambiguous-truth``: an array of several elements is used as a condition."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.values import Shape
from foreshape.faults.base import Fault


class AmbiguousTruth(Fault):
    """shape: of the array."""

    name: ClassVar[str] = "ambiguous-truth"
    summary: ClassVar[str] = "An array of several elements is used as a condition."

    shape: Shape

    page: ClassVar[str] = """\
``if x > 0:`` asks one question of many numbers. Say whether ``any()`` or ``all()`` of them is meant; combine masks with ``&`` and
``|`` instead of ``and`` and ``or``.
"""
    faulty: ClassVar[str] = """\
import numpy as np

loss = np.array([0.5, 0.25])
if loss < 0.4:
    print("done")
"""
    fixed: ClassVar[str] = """\
import numpy as np

loss = np.array([0.5, 0.25])
if (loss < 0.4).all():
    print("done")
"""
