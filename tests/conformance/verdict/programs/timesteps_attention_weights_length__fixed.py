import numpy as np
import tensorflow as tf


class TimeWeights(tf.keras.layers.Layer):
    """One learned weight per timestep."""

    def build(self, input_shape):
        self.w = self.add_weight(name="w", shape=(input_shape[1], 1), initializer="ones")
        super().build(input_shape)

    def call(self, x):
        return tf.reduce_sum(x * self.w, axis=1)


model = tf.keras.Sequential([
    tf.keras.layers.Input((None, 4)) if False else tf.keras.layers.Input((32, 4)),
    tf.keras.layers.GRU(6, return_sequences=True),
    TimeWeights(),
    tf.keras.layers.Dense(1),
])
print(model(np.random.rand(2, 32, 4)).shape)
print(model(np.random.rand(5, 32, 4)).shape)
