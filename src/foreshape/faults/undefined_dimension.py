"""``undefined-dimension``: a layer needs a size that is not known when the model is built."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.values import Shape
from foreshape.faults.base import Fault


class UndefinedDimension(Fault):
    """taker: the layer as people call it. axis: which axis of its input. shape: the input."""

    name: ClassVar[str] = "undefined-dimension"
    summary: ClassVar[str] = "A layer needs a size that is None when the model is built."

    taker: str
    axis: int
    shape: Shape

    page: ClassVar[str] = """\
An axis that was declared as None may differ from batch to batch. A layer whose weights depend on its size cannot be built: Dense on
a flattened sequence of open length, for example.
"""
    faulty: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

model = keras.Sequential([keras.Input((None, 3)), layers.Flatten(), layers.Dense(1)])
"""
    fixed: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

model = keras.Sequential([keras.Input((None, 3)), layers.GlobalAveragePooling1D(), layers.Dense(1)])
"""
