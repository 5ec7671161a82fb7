import numpy as np
import tensorflow as tf

rng = np.random.default_rng(11)
LENGTH = 64


def random_crop(signal, low=48):
    n = low
    start = rng.integers(0, len(signal) - n + 1)
    return signal[start:start + n]


def add_noise(signal):
    return signal + rng.normal(0, 0.02, size=signal.shape)


signals = rng.normal(size=(24, LENGTH, 3))
labels = rng.integers(0, 2, size=24)

augmented = []
for s in signals:
    s = add_noise(s)
    augmented.append(random_crop(s))
X = np.stack(augmented)

model = tf.keras.Sequential([
    tf.keras.layers.Conv1D(8, 3, activation="relu", input_shape=(None, 3)),
    tf.keras.layers.GlobalMaxPooling1D(),
    tf.keras.layers.Dense(1, activation="sigmoid"),
])
model.compile(optimizer="adam", loss="binary_crossentropy")
model.fit(X, labels, epochs=1, verbose=0)
