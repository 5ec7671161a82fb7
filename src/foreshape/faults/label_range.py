"""``label-range``: a class label is outside the classes that the model scores."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.dim import DimLike
from foreshape.faults.base import Fault


class LabelRange(Fault):
    """loss: its name. label: the label that is out of range, or the bound that it reaches. classes: how many outputs there are."""

    name: ClassVar[str] = "label-range"
    summary: ClassVar[str] = "A label is outside of the classes that the model has outputs for."

    loss: str
    label: DimLike | float
    classes: DimLike

    page: ClassVar[str] = """\
With ``n`` outputs the classes are 0 .. n-1. Labels that count from 1, or one class more than outputs, are outside.
"""
    faulty: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

labels = np.array([1, 2, 3, 4])
model = keras.Sequential([keras.Input((3,)), layers.Dense(4, activation="softmax")])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
model.fit(np.zeros((4, 3)), labels)
"""
    fixed: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

labels = np.array([1, 2, 3, 4])
model = keras.Sequential([keras.Input((3,)), layers.Dense(4, activation="softmax")])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
model.fit(np.zeros((4, 3)), labels - 1)
"""
