"""``embedding-range``: an id is past the end of the table of an Embedding."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.dim import DimLike
from foreshape.faults.base import Fault


class EmbeddingRange(Fault):
    """index: the id, or the bound that it reaches. size: how many rows the table has. layer: its name."""

    name: ClassVar[str] = "embedding-range"
    summary: ClassVar[str] = "An id is past the end of the table of an Embedding."

    index: DimLike | float
    size: DimLike
    layer: str

    page: ClassVar[str] = """\
``Embedding(n, d)`` has rows 0 .. n-1. A tokenizer counts words from 1 and keeps 0 for padding, so a vocabulary of ``n`` words needs
``n + 1`` rows.
"""
    faulty: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

ids = np.array([[1, 2, 3], [4, 5, 6]])
model = keras.Sequential([keras.Input((3,)), layers.Embedding(6, 4)])
model.predict(ids)
"""
    fixed: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

ids = np.array([[1, 2, 3], [4, 5, 6]])
model = keras.Sequential([keras.Input((3,)), layers.Embedding(7, 4)])
model.predict(ids)
"""
