"""``revealed-shape``: what ``foreshape.reveal_shape`` was asked."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.values import Shape
from foreshape.faults.base import Fault


class RevealedShape(Fault):
    """shape: of the value, None where it is not known. dtype: of its elements, "" where it has none. otherwise: what is said of
    a value without a shape."""

    name: ClassVar[str] = "revealed-shape"
    summary: ClassVar[str] = "The shape that foreshape.reveal_shape was asked for. It is a note, not a fault."
    informs: ClassVar[bool] = True

    shape: Shape | None = None
    dtype: str = ""
    otherwise: str = ""

    page: ClassVar[str] = """\
``foreshape.reveal_shape(x)`` prints the shape of ``x`` when the program runs, and gives ``x`` back. `foreshape check` says the same
without running it. It does not change the exit status.
"""
    faulty: ClassVar[str] = """\
import foreshape
import numpy as np

x = foreshape.reveal_shape(np.zeros((32, 10, 3)))
"""
    fixed: ClassVar[str] = """\
import numpy as np

x = np.zeros((32, 10, 3))
"""
