"""``leaked-target``: the value to predict is a part of the window that it is predicted from."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.dim import DimLike
from foreshape.faults.base import Fault


class LeakedTarget(Fault):
    """last: the index of the last step of the first window, which is the target's, too."""

    name: ClassVar[str] = "leaked-target"
    summary: ClassVar[str] = "The target of each window is the last step of that window."

    last: DimLike

    page: ClassVar[str] = """\
A slice ends before its stop: ``data[i : i + n]`` has the steps ``i`` to ``i + n - 1``. With ``data[i + n - 1]`` as the target, the value to
predict is in the window: the model learns to copy it, and is as good as perfect until it meets data whose future is not known.
The next step is ``data[i + n]``.
"""
    faulty: ClassVar[str] = """\
import keras
import numpy as np
from keras import layers

data = np.sin(np.arange(300) / 10).reshape(-1, 1)
n = 20
X, y = [], []
for i in range(len(data) - n):
    X.append(data[i : i + n])
    y.append(data[i + n - 1])
model = keras.Sequential([keras.Input((n, 1)), layers.LSTM(8), layers.Dense(1)])
model.compile(optimizer="adam", loss="mse")
model.fit(np.array(X), np.array(y), verbose=0)
"""
    fixed: ClassVar[str] = """\
import keras
import numpy as np
from keras import layers

data = np.sin(np.arange(300) / 10).reshape(-1, 1)
n = 20
X, y = [], []
for i in range(len(data) - n):
    X.append(data[i : i + n])
    y.append(data[i + n])
model = keras.Sequential([keras.Input((n, 1)), layers.LSTM(8), layers.Dense(1)])
model.compile(optimizer="adam", loss="mse")
model.fit(np.array(X), np.array(y), verbose=0)
"""
