import numpy as np
import tensorflow as tf
from tensorflow import keras


class Pinball(keras.losses.Loss):
    def __init__(self, q=0.9):
        super().__init__()
        self.q = q

    def call(self, wanted, given):
        gap = wanted - given
        return tf.reduce_mean(tf.maximum(self.q * gap, (self.q - 1) * gap))


demand = np.random.rand(90, 14, 3).astype("float32")
tomorrow = np.random.rand(90).astype("float32")
model = keras.Sequential([keras.layers.Input((14, 3)), keras.layers.LSTM(5), keras.layers.Dense(1)])
model.compile("adam", Pinball())
model.fit(demand, tomorrow, verbose=0)

guess = model.predict(demand, verbose=0)
print("MAE", np.mean(np.abs(tomorrow - guess)))
