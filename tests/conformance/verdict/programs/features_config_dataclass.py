from dataclasses import dataclass

import numpy as np
from tensorflow import keras


@dataclass
class Config:
    window: int = 16
    n_features: int = 5
    units: int = 8
    batch_size: int = 32


class SensorModel:
    def __init__(self, config):
        self.config = config
        self.model = keras.Sequential([
            keras.layers.Input(shape=(config.window, config.n_features)),
            keras.layers.Bidirectional(keras.layers.LSTM(config.units)),
            keras.layers.Dense(1),
        ])
        self.model.compile(optimizer="adam", loss="mse")

    def prepare(self, raw):
        c = self.config
        xs = [raw[i:i + c.window] for i in range(len(raw) - c.window)]
        ys = raw[c.window:, 0]
        return np.asarray(xs), ys

    def fit(self, raw):
        xs, ys = self.prepare(raw)
        return self.model.fit(xs, ys, batch_size=self.config.batch_size, epochs=1, verbose=0)


raw = np.column_stack([np.sin(np.arange(150) / k) for k in (3, 5, 7, 11)])
history = SensorModel(Config()).fit(raw)
print(history.history["loss"])
