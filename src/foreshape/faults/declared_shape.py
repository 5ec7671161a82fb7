"""``declared-shape``: data has another shape than the one that the model declares."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Shape
from foreshape.faults.base import Fault


class DeclaredShape(Fault):
    """model: the name of the model. declared: what it takes, without what Keras sees as None. got: what is fed. input_name: of the input."""

    name: ClassVar[str] = "declared-shape"
    summary: ClassVar[str] = "Data does not have the shape that the model declares for it."

    model: str
    declared: tuple[DimLike | None, ...]
    got: Shape
    input_name: str = ""

    page: ClassVar[str] = """\
``Input((10, 3))`` says: each sample is 10 timesteps of 3 features, and the batch axis comes first. Keras 2 holds what is fed against
every declared size. Keras 3 only holds the number of axes against it, and leaves the rest to the layers.
"""
    faulty: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

model = keras.Sequential([keras.Input((10,)), layers.Dense(1)])
model.predict(np.zeros((4, 10, 3)))
"""
    fixed: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

model = keras.Sequential([keras.Input((10, 3)), layers.Flatten(), layers.Dense(1)])
model.predict(np.zeros((4, 10, 3)))
"""
