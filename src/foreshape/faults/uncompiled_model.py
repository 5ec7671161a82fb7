"""``uncompiled-model``: a model is trained or evaluated before it is compiled."""

from __future__ import annotations

from typing import ClassVar

from foreshape.faults.base import Fault


class UncompiledModel(Fault):
    """method: "fit", "evaluate", ..."""

    name: ClassVar[str] = "uncompiled-model"
    summary: ClassVar[str] = "A model is trained or evaluated before it is compiled."

    method: str

    page: ClassVar[str] = """\
``fit`` and ``evaluate`` need a loss, which ``compile`` sets. ``predict`` does not.
"""
    faulty: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

model = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
model.fit(np.zeros((8, 3)), np.zeros((8,)))
"""
    fixed: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

model = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
model.compile(optimizer="adam", loss="mse")
model.fit(np.zeros((8, 3)), np.zeros((8,)))
"""
