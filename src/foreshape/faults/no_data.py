"""``no-data``: a generator, dataset or array has no batch to give."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.dim import DimLike
from foreshape.faults.base import Fault


class NoData(Fault):
    """taker: "fit", "predict", ... samples: how many there are, where known."""

    name: ClassVar[str] = "no-data"
    summary: ClassVar[str] = "There is no batch to train on, evaluate or predict."

    taker: str
    samples: DimLike | None = None

    page: ClassVar[str] = """\
With no samples at all, or with fewer than ``validation_split`` needs, there is nothing to compute.
"""
    faulty: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

model = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
model.predict(np.zeros((0, 3)))
"""
    fixed: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

model = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
model.predict(np.zeros((1, 3)))
"""
