import numpy as np
import tensorflow as tf

MAX_EVENTS = 12
PAD = 0


def pad(events, length):
    """Pad on the right."""
    return events[:length] + [PAD] * (length - len(events))


journeys = [
    [4, 8, 2],
    [1, 1, 5, 9, 3, 2, 2],
    [7] * 15,
    [6, 3],
]
X = np.array([pad(j, MAX_EVENTS) for j in journeys])
y = np.array([1.0, 0.0, 0.0, 1.0])

inp = tf.keras.Input((MAX_EVENTS,))
x = tf.keras.layers.Embedding(10, 5, mask_zero=True)(inp)
x = tf.keras.layers.LSTM(6)(x)
out = tf.keras.layers.Dense(1, activation="sigmoid")(x)
model = tf.keras.Model(inp, out)
model.compile("adam", "binary_crossentropy")
model.fit(X, y, epochs=1, verbose=0)
