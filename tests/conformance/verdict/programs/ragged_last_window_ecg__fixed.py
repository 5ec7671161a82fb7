"""Beat detection on a synthetic ECG, cut into windows with a stride."""
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

FS = 50
WINDOW = 100
STEP = 40


def synthetic_ecg(seconds):
    t = np.arange(0, seconds, 1 / FS)
    return np.sin(2 * np.pi * 1.2 * t) + 0.1 * np.random.randn(len(t))


def cut(signal, window, step):
    pieces = []
    for start in range(0, len(signal) - window + 1, step):
        pieces.append(signal[start:start + window])
    return pieces


ecg = synthetic_ecg(20)
segments = cut(ecg, WINDOW, STEP)
print("segments:", len(segments))
X = np.stack(segments)
X = X[..., np.newaxis]
y = np.random.randint(0, 2, size=len(X))

model = keras.Sequential([
    layers.Input(shape=(WINDOW, 1)),
    layers.Conv1D(8, 5, activation="relu"),
    layers.GlobalAveragePooling1D(),
    layers.Dense(1, activation="sigmoid"),
])
model.compile(optimizer="adam", loss="binary_crossentropy")
model.fit(X, y, epochs=1, batch_size=8, verbose=0)
