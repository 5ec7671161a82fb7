import numpy as np
import tensorflow as tf
from tensorflow.keras import layers


def dense_stack(*units, activation="relu", **kwargs):
    def apply(x):
        for u in units:
            x = layers.Dense(u, activation=activation, **kwargs)(x)
        return x
    return apply


def gated(x, value, gate):
    return layers.Multiply()([value(x), gate(x)])


inputs = tf.keras.Input((14, 6))
x = gated(inputs, dense_stack(16, 8), dense_stack(16, 12, activation="sigmoid"))
x = layers.GlobalAveragePooling1D()(x)
model = tf.keras.Model(inputs, layers.Dense(1)(x))
model.compile("adam", "mse")
model.fit(np.random.rand(10, 14, 6), np.random.rand(10), epochs=1, verbose=0)
