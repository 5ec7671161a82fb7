"""``stateful-batch``: a stateful layer gets another batch size than its states were made for."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.dim import DimLike
from foreshape.faults.base import Fault


class StatefulBatch(Fault):
    """layer: its name. needs: the batch size of its states (None: it was not given one). got: what arrives."""

    name: ClassVar[str] = "stateful-batch"
    summary: ClassVar[str] = "A stateful layer gets another batch size than its states were made for."

    layer: str
    needs: DimLike | None
    got: DimLike | None

    page: ClassVar[str] = """\
A stateful layer keeps one state per sample of the batch from batch to batch, so its batch size is fixed, and the number of samples must
be a multiple of it: the last batch is not allowed to be shorter.
"""
    faulty: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

model = keras.Sequential([keras.Input(batch_shape=(32, 10, 3)), layers.LSTM(8, stateful=True), layers.Dense(1)])
latest = np.zeros((1, 10, 3))
forecast = model.predict(latest)
"""
    fixed: ClassVar[str] = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

model = keras.Sequential([keras.Input(batch_shape=(1, 10, 3)), layers.LSTM(8, stateful=True), layers.Dense(1)])
latest = np.zeros((1, 10, 3))
forecast = model.predict(latest)
"""
