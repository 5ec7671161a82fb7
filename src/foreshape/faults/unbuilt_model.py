"""``unbuilt-model``: something is asked of a model or layer that has not seen a shape yet."""

from __future__ import annotations

from typing import ClassVar

from foreshape.faults.base import Fault


class UnbuiltModel(Fault):
    """model: its name. asked: "summary", "weights", "output_shape", ..."""

    name: ClassVar[str] = "unbuilt-model"
    summary: ClassVar[str] = "A model or layer is asked for what it only has after it was built."

    model: str
    asked: str

    page: ClassVar[str] = """\
Weights and shapes exist after the layer has seen its first input, or after ``build``. Give the model an ``Input``, or call it once.
"""
    faulty: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

model = keras.Sequential([layers.LSTM(8), layers.Dense(1)])
print(model.output_shape)
"""
    fixed: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

model = keras.Sequential([keras.Input((10, 3)), layers.LSTM(8), layers.Dense(1)])
print(model.output_shape)
"""
