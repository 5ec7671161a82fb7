from abc import ABC, abstractmethod

import numpy as np
import tensorflow as tf
from tensorflow.keras import layers


class BaseForecaster(ABC):
    units = 10

    def __init__(self, timesteps, features):
        self.timesteps = timesteps
        self.features = features
        self.model = self._assemble()

    @abstractmethod
    def _head(self, x):
        ...

    def _encoder(self, x):
        return layers.LSTM(self.units)(x)

    def _assemble(self):
        inputs = layers.Input((self.timesteps, self.features))
        outputs = self._head(self._encoder(inputs))
        model = tf.keras.Model(inputs, outputs)
        model.compile("adam", "mse")
        return model


class PointForecaster(BaseForecaster):
    def _head(self, x):
        return layers.Dense(1)(x)


class ConvForecaster(BaseForecaster):
    def _head(self, x):
        x = layers.Conv1D(4, 3, padding="same")(x)
        x = layers.GlobalAveragePooling1D()(x)
        return layers.Dense(1)(x)


x, y = np.random.rand(16, 12, 3), np.random.rand(16)
for kind in (PointForecaster, ConvForecaster):
    kind(12, 3).model.fit(x, y, epochs=1, verbose=0)
