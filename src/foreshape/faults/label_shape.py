"""``label-shape``: labels do not have the shape that the loss compares them with."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.values import Shape
from foreshape.faults.base import Fault


class LabelShape(Fault):
    """loss: the name of the loss or metric. labels, predictions: both shapes. hint: "one-hot", "sparse" or "" (what the pair looks like)."""

    name: ClassVar[str] = "label-shape"
    summary: ClassVar[str] = "Labels do not have a shape that the loss can compare with the predictions."

    loss: str
    labels: Shape
    predictions: Shape
    hint: str = ""

    page: ClassVar[str] = """\
A loss compares each label with one prediction: the shapes must be the same, or, for ``sparse_categorical_crossentropy``, the labels
are whole numbers and the predictions have one more axis with a score per class. ``categorical_crossentropy`` wants one-hot labels.
"""
    faulty: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

model = keras.Sequential([keras.Input((3,)), layers.Dense(4, activation="softmax")])
model.compile(optimizer="adam", loss="categorical_crossentropy")
model.fit(np.zeros((8, 3)), np.zeros((8,)))
"""
    fixed: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

model = keras.Sequential([keras.Input((3,)), layers.Dense(4, activation="softmax")])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
model.fit(np.zeros((8, 3)), np.zeros((8,)))
"""
