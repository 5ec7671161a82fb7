"""``silent-loss-broadcast``: labels and predictions of different shapes are broadcast against each other in the loss."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.values import Shape
from foreshape.faults.base import Fault


class SilentLossBroadcast(Fault):
    """loss: its name. labels, predictions: both shapes as compared. result: what the comparison gives."""

    name: ClassVar[str] = "silent-loss-broadcast"
    summary: ClassVar[str] = "Labels and predictions broadcast against each other in the loss, without an error."

    loss: str
    labels: Shape
    predictions: Shape
    result: Shape

    page: ClassVar[str] = """\
A loss subtracts labels from predictions. Where the shapes differ but broadcast, every label is compared with predictions of other
samples or timesteps as well. Nothing raises; the loss means something else.
"""
    faulty: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

x, y = np.zeros((16, 5, 3)), np.zeros((16,))
model = keras.Sequential([keras.Input((5, 3)), layers.LSTM(8, return_sequences=True), layers.Dense(1)])
model.compile(optimizer="adam", loss="mse")
model.fit(x, y)
"""
    fixed: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

x, y = np.zeros((16, 5, 3)), np.zeros((16,))
model = keras.Sequential([keras.Input((5, 3)), layers.LSTM(8), layers.Dense(1)])
model.compile(optimizer="adam", loss="mse")
model.fit(x, y)
"""
