"""``disconnected-graph``: an output of a model does not depend on its inputs."""

from __future__ import annotations

from typing import ClassVar

from foreshape.faults.base import Fault


class DisconnectedGraph(Fault):
    """output: which one, as Keras names it."""

    name: ClassVar[str] = "disconnected-graph"
    summary: ClassVar[str] = "An output of a functional model cannot be computed from its inputs."

    output: str

    page: ClassVar[str] = """\
``Model(inputs, outputs)`` follows the outputs back to the inputs. A tensor on the way that comes from an ``Input`` which is not
listed cannot be computed.
"""
    faulty: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

a, b = keras.Input((3,)), keras.Input((3,))
model = keras.Model(a, layers.Add()([a, b]))
"""
    fixed: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

a, b = keras.Input((3,)), keras.Input((3,))
model = keras.Model([a, b], layers.Add()([a, b]))
"""
