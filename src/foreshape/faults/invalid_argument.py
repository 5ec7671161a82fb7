"""``invalid-argument``: an argument has a value that the function does not take."""

from __future__ import annotations

from typing import ClassVar

from foreshape.faults.base import Fault


class InvalidArgument(Fault):
    """argument: its name. given: what it was, as Python prints it."""

    name: ClassVar[str] = "invalid-argument"
    summary: ClassVar[str] = "An argument has a value that the function does not take."

    argument: str
    given: str

    page: ClassVar[str] = """\
The function checks its arguments when it is called: a size that must be positive, a name out of a fixed list, arguments that
exclude each other.
"""
    faulty: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

layer = layers.Dense(-1)
"""
    fixed: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

layer = layers.Dense(1)
"""
