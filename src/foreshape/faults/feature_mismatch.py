"""``feature-mismatch``: a layer that is made for a number of features gets another."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Shape
from foreshape.faults.base import Fault


class FeatureMismatch(Fault):
    """taker: the layer as people call it ("LSTM"). needs/got: the sizes. axis: counted from the end (-1 is the last). shape: what arrived."""

    name: ClassVar[str] = "feature-mismatch"
    summary: ClassVar[str] = "A layer gets another number of features than it was made for."

    taker: str
    needs: DimLike
    got: DimLike
    axis: int = -1
    shape: Shape | None = None

    page: ClassVar[str] = """\
The weights of a layer have a fixed size: the number of features it was declared for, or saw first. Another array with another
size on that axis cannot be multiplied by them.
"""
    faulty: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

model = keras.Sequential([keras.Input((10, 3)), layers.LSTM(8), layers.Dense(1)])
model.predict(np.zeros((4, 10, 5)))
"""
    fixed: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

model = keras.Sequential([keras.Input((10, 5)), layers.LSTM(8), layers.Dense(1)])
model.predict(np.zeros((4, 10, 5)))
"""
