"""``window-size``: a window is larger than what it slides over."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Shape
from foreshape.faults.base import Fault


class WindowSize(Fault):
    """taker: the layer as people call it ("MaxPooling2D"). window: what it spans along the axis, holes of a dilation included.
    size: how much there is. axis: of ``shape``, what arrived."""

    name: ClassVar[str] = "window-size"
    summary: ClassVar[str] = "The window of a convolution or pooling layer is larger than its input."

    taker: str
    window: DimLike
    size: DimLike
    axis: int
    shape: Shape | None = None

    page: ClassVar[str] = """\
A convolution without padding makes its input shorter by ``kernel_size - 1``, a pooling layer divides it. After enough of them
nothing is left for the next window. ``padding="same"`` keeps the size, fewer or smaller windows take less of it.
"""
    faulty: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

model = keras.Sequential([
    keras.Input((8, 8, 1)),
    layers.Conv2D(16, 3),
    layers.MaxPooling2D(2),
    layers.Conv2D(32, 5),
])
"""
    fixed: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

model = keras.Sequential([
    keras.Input((8, 8, 1)),
    layers.Conv2D(16, 3),
    layers.MaxPooling2D(2),
    layers.Conv2D(32, 3),
])
"""
