"""``cardinality``: arrays that are fed together do not hold the same number of samples."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.dim import DimLike
from foreshape.faults.base import Fault


class Cardinality(Fault):
    """sizes: what each array is for ("x", "y", "sample_weight") and how many samples it holds."""

    name: ClassVar[str] = "cardinality"
    summary: ClassVar[str] = "Arrays that are fed together hold different numbers of samples."

    sizes: tuple[tuple[str, DimLike], ...]

    page: ClassVar[str] = """\
The first axis counts the samples, in the inputs as in the labels. A missing batch axis, or labels that were not windowed like the
inputs, make the numbers differ.
"""
    faulty: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

model = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
model.compile(optimizer="adam", loss="mse")
model.fit(np.zeros((90, 3)), np.zeros((100,)))
"""
    fixed: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

model = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
model.compile(optimizer="adam", loss="mse")
model.fit(np.zeros((90, 3)), np.zeros((100,))[10:])
"""
