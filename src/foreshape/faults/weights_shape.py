"""``weights-shape``: weights that are set do not have the shapes of the layer's variables."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.values import Shape
from foreshape.faults.base import Fault


class WeightsShape(Fault):
    """layer: its name. needs, got: shapes, or counts where the number of arrays differs. initial: the array is what an
    initializer begins with."""

    name: ClassVar[str] = "weights-shape"
    summary: ClassVar[str] = "Weights that are set do not fit the variables of the layer."

    layer: str
    needs: Shape | int
    got: Shape | int
    initial: bool = False

    page: ClassVar[str] = """\
``set_weights`` takes one array per variable, in the order of ``get_weights``, each with the shape of its variable.
"""
    faulty: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

layer = layers.Embedding(10, 8)
layer.build((None, 5))
layer.set_weights([np.zeros((10, 4))])
"""
    fixed: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

layer = layers.Embedding(10, 4)
layer.build((None, 5))
layer.set_weights([np.zeros((10, 4))])
"""
