import numpy as np
import tensorflow as tf


class Highway(tf.keras.Model):
    """Highway network over the last hidden state."""

    def __init__(self, units=10, depth=2):
        super().__init__()
        self.rnn = tf.keras.layers.LSTM(units, return_sequences=True)
        self.gates = [tf.keras.layers.Dense(units, activation="sigmoid") for _ in range(depth)]
        self.transforms = [tf.keras.layers.Dense(units, activation="relu") for _ in range(depth)]
        self.out = tf.keras.layers.Dense(1)

    def call(self, x):
        h = self.rnn(x)[:, -1, :]
        for gate, transform in zip(self.gates, self.transforms):
            t = gate(h)
            h = t * transform(h) + (1 - t) * h
        return self.out(h)


traffic = np.random.rand(6, 18, 2).astype("float32")
model = Highway()
print(model(traffic).shape)
