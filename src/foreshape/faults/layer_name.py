"""``layer-name``: two layers of one model have the same name, or no layer has the name that is asked for."""

from __future__ import annotations

from typing import ClassVar

from foreshape.faults.base import Fault


class LayerName(Fault):
    """layer: the name. model: of the model."""

    name: ClassVar[str] = "layer-name"
    summary: ClassVar[str] = "Layer names clash, or a layer is asked for by a name that none has."

    layer: str
    model: str

    page: ClassVar[str] = """\
Each layer of a model has its own name. Layers that are not given one are numbered: ``dense``, ``dense_1``, ... in the order of their
making in the whole program.
"""
    faulty: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

model = keras.Sequential([keras.Input((3,)), layers.Dense(4, name="fc"), layers.Dense(1, name="fc")])
"""
    fixed: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

model = keras.Sequential([keras.Input((3,)), layers.Dense(4, name="fc1"), layers.Dense(1, name="fc2")])
"""
