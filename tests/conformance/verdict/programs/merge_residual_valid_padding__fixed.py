from tensorflow import keras
from tensorflow.keras import layers
import numpy as np


class TCN:
    """Small temporal convolutional network."""

    def __init__(self, channels, kernel, dilations=(1, 2, 4)):
        self.channels = channels
        self.kernel = kernel
        self.dilations = dilations

    def block(self, x, rate):
        y = layers.Conv1D(self.channels, self.kernel, dilation_rate=rate, padding="causal", activation="relu")(x)
        y = layers.Dropout(0.1)(y)
        return layers.add([x, y])

    def build(self, length):
        inp = keras.Input((length, self.channels))
        x = inp
        for rate in self.dilations:
            x = self.block(x, rate)
        return keras.Model(inp, layers.Dense(1)(x[:, -1, :]))


model = TCN(channels=6, kernel=3).build(length=40)
model.compile("adam", "mse")
model.fit(np.random.rand(16, 40, 6), np.random.rand(16), epochs=1, verbose=0)
