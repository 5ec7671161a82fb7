"""``scaled-before-split``: a scaler was fitted on all the data before a part of it was held out."""

from __future__ import annotations

from typing import ClassVar

from foreshape.faults.base import Fault


class ScaledBeforeSplit(Fault):
    """scaler: the class of the scaler."""

    name: ClassVar[str] = "scaled-before-split"
    summary: ClassVar[str] = "A scaler was fitted on all the data, before a part of it was held out for testing."
    informs: ClassVar[bool] = True

    scaler: str

    page: ClassVar[str] = """\
A scaler learns the range, or the mean and deviation, of what it is fitted on. Fitted before the split, it has seen the part that the
model is tested on later: the test is a little kinder than the future will be. Where the series grows, it is much kinder. Split
first, fit the scaler on the training part, and only ``transform`` the rest. This is a note, not a fault: nothing is wrong with
the shapes.
"""
    faulty: ClassVar[str] = """\
import keras
import numpy as np
from keras import layers
from sklearn.preprocessing import MinMaxScaler

series = np.cumsum(np.random.rand(200, 3), axis=0)
scaled = MinMaxScaler().fit_transform(series)
train, test = scaled[:150], scaled[150:]
model = keras.Sequential([keras.Input((2,)), layers.Dense(1)])
model.compile(optimizer="adam", loss="mse")
model.fit(train[:, :2], train[:, 2], verbose=0)
print(model.evaluate(test[:, :2], test[:, 2], verbose=0))
"""
    fixed: ClassVar[str] = """\
import keras
import numpy as np
from keras import layers
from sklearn.preprocessing import MinMaxScaler

series = np.cumsum(np.random.rand(200, 3), axis=0)
scaler = MinMaxScaler()
train = scaler.fit_transform(series[:150])
test = scaler.transform(series[150:])
model = keras.Sequential([keras.Input((2,)), layers.Dense(1)])
model.compile(optimizer="adam", loss="mse")
model.fit(train[:, :2], train[:, 2], verbose=0)
print(model.evaluate(test[:, :2], test[:, 2], verbose=0))
"""
