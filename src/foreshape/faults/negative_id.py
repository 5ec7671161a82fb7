"""``negative-id``: an id below 0 takes a row from the end of the table of an Embedding."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.dim import DimLike
from foreshape.faults.base import Fault


class NegativeId(Fault):
    """index: the id. row: the row that it takes. size: how many rows the table has."""

    name: ClassVar[str] = "negative-id"
    summary: ClassVar[str] = "An id below 0 reaches an Embedding, which counts it from the end of its table."

    index: DimLike | float
    row: DimLike
    size: DimLike

    page: ClassVar[str] = """\
The lookup of Keras 3 counts negative ids from the end, as indexing does: -1 is the last word of the vocabulary. Padding with -1, or a word
that was not found, then looks like that word. Keras 2 raises an InvalidArgumentError. Keep an id of its own for padding, 0 as a rule.
"""
    faulty: ClassVar[str] = """\
import keras
import numpy as np
from keras import layers

ids = np.array([[1, 2, -1], [3, -1, -1]])
model = keras.Sequential([keras.Input((3,)), layers.Embedding(6, 4)])
model.predict(ids)
"""
    fixed: ClassVar[str] = """\
import keras
import numpy as np
from keras import layers

ids = np.array([[1, 2, 0], [3, 0, 0]])
model = keras.Sequential([keras.Input((3,)), layers.Embedding(6, 4)])
model.predict(ids)
"""
