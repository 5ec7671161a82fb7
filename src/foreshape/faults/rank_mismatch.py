"""``rank-mismatch``: a layer or function gets an array with another number of axes than it takes."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.values import Shape
from foreshape.faults.base import Fault


class RankMismatch(Fault):
    """needs: how many axes are wanted (text of the rule: exact or "at least"). axes: their names, where they have any."""

    name: ClassVar[str] = "rank-mismatch"
    summary: ClassVar[str] = "A layer or function gets an array with another number of axes than it takes."

    taker: str
    """What takes it, as people call it: "LSTM", "Conv1D", "matmul"."""
    needs: int
    at_least: bool = False
    axes: tuple[str, ...] = ()
    """("batch", "timesteps", "features") where the taker names its axes."""
    got: Shape

    page: ClassVar[str] = """\
A recurrent layer reads (batch, timesteps, features), a 2-D convolution (batch, height, width, channels). An array
with another number of axes cannot be read that way, whatever its sizes.
"""
    faulty: ClassVar[str] = """\
from tensorflow import keras
from tensorflow.keras import layers

model = keras.Sequential([
    layers.Input((28, 28)),
    layers.Flatten(),
    layers.LSTM(16),
])
"""
    fixed: ClassVar[str] = """\
from tensorflow import keras
from tensorflow.keras import layers

model = keras.Sequential([
    layers.Input((28, 28)),
    layers.LSTM(16),
])
"""
