"""``logits-as-probabilities``: a cross-entropy that expects probabilities is given raw scores."""

from __future__ import annotations

from typing import ClassVar

from foreshape.faults.base import Fault


class LogitsAsProbabilities(Fault):
    """loss: the name of the loss. layer: the layer that gives the scores. activation: what would make them probabilities."""

    name: ClassVar[str] = "logits-as-probabilities"
    summary: ClassVar[str] = "A cross-entropy expects probabilities, but the last layer has no activation."

    loss: str
    layer: str
    activation: str

    page: ClassVar[str] = """\
Keras' cross-entropies take probabilities unless they are told ``from_logits=True``. A last ``Dense`` without an activation gives scores of
any sign: the loss cuts them to between 0 and 1, so that it is large or constant and little is learnt. Either the layer gets its
activation, or the loss is told that it gets scores.
"""
    faulty: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

model = keras.Sequential([keras.Input((3,)), layers.Dense(4)])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
model.fit(np.zeros((8, 3)), np.zeros((8,), dtype="int32"))
"""
    fixed: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

model = keras.Sequential([keras.Input((3,)), layers.Dense(4)])
model.compile(optimizer="adam", loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
model.fit(np.zeros((8, 3)), np.zeros((8,), dtype="int32"))
"""
