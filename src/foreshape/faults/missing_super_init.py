"""``missing-super-init``: a class of the program derives from a layer or model and does not call its constructor."""

from __future__ import annotations

from typing import ClassVar

from foreshape.faults.base import Fault


class MissingSuperInit(Fault):
    """cls: the class of the program. base: "Layer" or "Model"."""

    name: ClassVar[str] = "missing-super-init"
    summary: ClassVar[str] = "A layer or model of the program does not call super().__init__()."

    cls: str
    base: str

    page: ClassVar[str] = """\
``Layer.__init__`` gives the object its name and the lists of its variables. A class with an ``__init__`` of its own has to call
``super().__init__()`` in it, as the first thing.
"""
    faulty: ClassVar[str] = """\
import numpy as np
from tensorflow import keras


class Scale(keras.layers.Layer):
    def __init__(self, factor):
        self.factor = factor

    def call(self, inputs):
        return inputs * self.factor


Scale(2.0)(np.zeros((2, 3), dtype="float32"))
"""
    fixed: ClassVar[str] = """\
import numpy as np
from tensorflow import keras


class Scale(keras.layers.Layer):
    def __init__(self, factor):
        super().__init__()
        self.factor = factor

    def call(self, inputs):
        return inputs * self.factor


Scale(2.0)(np.zeros((2, 3), dtype="float32"))
"""
