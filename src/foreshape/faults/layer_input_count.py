"""``layer-input-count``: a layer or a model gets another number of inputs than it takes."""

from __future__ import annotations

from typing import ClassVar

from foreshape.faults.base import Fault


class LayerInputCount(Fault):
    """taker: the name of the layer or model. needs, got: how many. names: of the inputs, where they have any."""

    name: ClassVar[str] = "layer-input-count"
    summary: ClassVar[str] = "A layer or a model gets another number of inputs than it takes."

    taker: str
    needs: int
    got: int
    names: tuple[str, ...] = ()

    page: ClassVar[str] = """\
A model with two inputs is fed a list (or a dict) of two arrays, a layer that takes one tensor is not given a list of them. A Python
list of samples also counts as a list of inputs: make one array of it first.
"""
    faulty: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

a, b = keras.Input((3,)), keras.Input((4,))
model = keras.Model([a, b], layers.Concatenate()([a, b]))
model([np.zeros((2, 3))])
"""
    fixed: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

a, b = keras.Input((3,)), keras.Input((4,))
model = keras.Model([a, b], layers.Concatenate()([a, b]))
model([np.zeros((2, 3)), np.zeros((2, 4))])
"""
