"""``state-shape``: the initial states of a recurrent layer do not fit its cell."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.values import Shape
from foreshape.faults.base import Fault


class StateShape(Fault):
    """needs, got: the shape of each state that the cell has and of each one that it is given (the batch axis first)."""

    name: ClassVar[str] = "state-shape"
    summary: ClassVar[str] = "The initial states of a recurrent layer do not fit its cell."

    layer: str
    needs: tuple[Shape | None, ...]
    got: tuple[Shape | None, ...]

    page: ClassVar[str] = """\
An LSTM has two states, h and c, of (batch, units) each; a GRU has one. What ``initial_state`` is given must match in
number and in size: a decoder that starts from the encoder's states needs as many units as the encoder.
"""
    faulty: ClassVar[str] = """\
import numpy as np
from tensorflow.keras import layers

x = np.zeros((2, 5, 3), "float32")
h = np.zeros((2, 16), "float32")
out = layers.LSTM(16)(x, initial_state=[h])
"""
    fixed: ClassVar[str] = """\
import tensorflow as tf
from tensorflow.keras import layers

x = tf.zeros((2, 5, 3))
h = tf.zeros((2, 16))
out = layers.LSTM(16)(x, initial_state=[h, h])
"""
