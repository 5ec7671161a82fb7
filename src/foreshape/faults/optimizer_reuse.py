"""``optimizer-reuse``: an optimizer is given variables of a model that it was not made for."""

from __future__ import annotations

from typing import ClassVar

from foreshape.faults.base import Fault


class OptimizerReuse(Fault):
    """optimizer: its class. variable: the first one that it does not know. count: how many those are. total: of how many.

    values: the optimizer."""

    name: ClassVar[str] = "optimizer-reuse"
    summary: ClassVar[str] = "An optimizer is given variables of a model that it was not made for."

    optimizer: str
    variable: str
    count: int
    total: int

    page: ClassVar[str] = """\
An optimizer keeps a moment for each variable that it trains, and makes them at its first step. From then on it knows these
variables only: another model, a fold's new model, or layers that are trained later need an optimizer of their own.
"""
    faulty: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

x, y = np.zeros((8, 3)), np.zeros((8, 1))
optimizer = keras.optimizers.Adam()
for units in (4, 8):
    model = keras.Sequential([keras.Input((3,)), layers.Dense(units), layers.Dense(1)])
    model.compile(optimizer=optimizer, loss="mse")
    model.fit(x, y)
"""
    fixed: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

x, y = np.zeros((8, 3)), np.zeros((8, 1))
for units in (4, 8):
    model = keras.Sequential([keras.Input((3,)), layers.Dense(units), layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.Adam(), loss="mse")
    model.fit(x, y)
"""
