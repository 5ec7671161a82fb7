"""Human activity from an accelerometer: Conv1D shortens the sequence before the LSTM reads it."""
import numpy as np
from tensorflow import keras

SAMPLE_RATE = 50
SECONDS = 4
CHANNELS = 3
ACTIVITIES = ["walk", "run", "sit", "stairs", "stand"]


def synthesize(n, seed=1):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, len(ACTIVITIES), size=n)
    t = np.arange(SAMPLE_RATE * SECONDS) / SAMPLE_RATE
    waves = np.sin(2 * np.pi * (labels[:, None] + 1) * t[None, :])
    signal = waves[:, :, None] + rng.normal(scale=0.3, size=(n, len(t), CHANNELS))
    return signal.astype(np.float32), labels


signals, labels = synthesize(120)
steps = signals.shape[1]

inputs = keras.Input(shape=(steps, CHANNELS), name="accelerometer")
x = keras.layers.Conv1D(16, 7, strides=2, activation="relu")(inputs)
x = keras.layers.BatchNormalization()(x)
x = keras.layers.Conv1D(32, 5, strides=2, activation="relu")(x)
x = keras.layers.MaxPooling1D(2)(x)
x = keras.layers.LSTM(24)(x)
outputs = keras.layers.Dense(len(ACTIVITIES), activation="softmax")(x)

model = keras.Model(inputs, outputs)
model.compile(optimizer="rmsprop", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(signals, labels, epochs=1, batch_size=32, verbose=0)

guess = model.predict(signals[:10], verbose=0).argmax(axis=-1)
print([ACTIVITIES[i] for i in guess])
