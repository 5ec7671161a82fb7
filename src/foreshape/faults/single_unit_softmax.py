"""``single-unit-softmax``: a softmax over one number, which is always 1."""

from __future__ import annotations

from typing import ClassVar

from foreshape.faults.base import Fault


class SingleUnitSoftmax(Fault):
    """layer: the name of the layer that ends in it. loss: what it is trained with."""

    name: ClassVar[str] = "single-unit-softmax"
    summary: ClassVar[str] = "A model ends in a softmax over a single unit: it always predicts 1."

    layer: str
    loss: str

    page: ClassVar[str] = """\
A softmax divides each score by the sum of all of them. Over one unit that is 1, whatever the score is, so that the gradient is 0 and
nothing is learnt. Two classes are one unit with ``sigmoid`` (and ``binary_crossentropy``), or two units with ``softmax``.
"""
    faulty: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

model = keras.Sequential([keras.Input((3,)), layers.Dense(1, activation="softmax")])
model.compile(optimizer="adam", loss="binary_crossentropy")
model.fit(np.zeros((8, 3)), np.zeros((8,)))
"""
    fixed: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

model = keras.Sequential([keras.Input((3,)), layers.Dense(1, activation="sigmoid")])
model.compile(optimizer="adam", loss="binary_crossentropy")
model.fit(np.zeros((8, 3)), np.zeros((8,)))
"""
