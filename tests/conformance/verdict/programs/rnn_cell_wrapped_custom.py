import numpy as np
import tensorflow as tf


class MinimalCell(tf.keras.layers.Layer):
    """h' = tanh(x W + h U)"""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.state_size = units

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], self.units), initializer="uniform", name="kernel")
        self.recurrent = self.add_weight(shape=(input_shape[-1], self.units), initializer="uniform", name="recurrent")
        self.built = True

    def call(self, inputs, states):
        h = tf.matmul(inputs, self.kernel)
        out = tf.tanh(h + tf.matmul(states[0], self.recurrent))
        return out, [out]


layer = tf.keras.layers.RNN(MinimalCell(12))
print(layer(tf.random.normal((4, 10, 5))).shape)
