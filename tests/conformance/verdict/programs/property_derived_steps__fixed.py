import numpy as np
import tensorflow as tf


class PatientSeries:
    def __init__(self, n_patients, hours):
        self._values = np.random.rand(n_patients, hours, 4).astype("float32")

    @property
    def mean_per_hour(self):
        return self._values.mean(axis=2)

    @property
    def summary(self):
        return self._values.mean(axis=1)

    @classmethod
    def demo(cls):
        return cls(25, 48)


class MortalityModel(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.lstm = tf.keras.layers.LSTM(6)
        self.prob = tf.keras.layers.Dense(1, activation="sigmoid")

    def call(self, series):
        return self.prob(self.lstm(series))


data = PatientSeries.demo()
model = MortalityModel()
print(model(data.mean_per_hour[..., None]).shape)
