import numpy as np
import tensorflow as tf


class AttentionPool(tf.keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.score = tf.keras.layers.Dense(1)

    def call(self, h):
        weights = tf.nn.softmax(self.score(h), axis=1)
        return tf.reduce_sum(weights * h, axis=1)


inputs = tf.keras.Input((20, 4))
h = tf.keras.layers.GRU(8, return_sequences=True)(inputs)
pooled = AttentionPool()(h)
out = tf.keras.layers.Dense(2, activation="softmax")(pooled)
model = tf.keras.Model(inputs, out)
model.compile("adam", "sparse_categorical_crossentropy")
model.fit(np.random.rand(24, 20, 4), np.random.randint(0, 2, 24), epochs=1, verbose=0)
