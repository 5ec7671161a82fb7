"""``unsupported-data``: data has a type that Keras does not take there."""

from __future__ import annotations

from typing import ClassVar

from foreshape.faults.base import Fault


class UnsupportedData(Fault):
    """taker: "fit", "Dense", ... given: its type, as people call it."""

    name: ClassVar[str] = "unsupported-data"
    summary: ClassVar[str] = "Data has a type that Keras does not take there."

    taker: str
    given: str

    page: ClassVar[str] = """\
Keras 3 takes arrays, tensors and datasets, and lists of arrays for several inputs; a plain Python list of numbers or of lists
is none of them. Make an array first.

Code that TensorFlow traces as a graph works on tensors that have a shape and a dtype, but no numbers yet. NumPy asks for the
numbers, so `np.mean(prediction)` in a loss of your own raises a NotImplementedError where `tf.reduce_mean` does not.
"""
    faulty: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

model = keras.Sequential([keras.Input((1,)), layers.Dense(1)])
model.compile(optimizer="adam", loss="mse")
model.fit(np.zeros((4, 1)), [0, 1, 2, 3])
"""
    fixed: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

model = keras.Sequential([keras.Input((1,)), layers.Dense(1)])
model.compile(optimizer="adam", loss="mse")
model.fit(np.zeros((4, 1)), np.array([0, 1, 2, 3]))
"""
