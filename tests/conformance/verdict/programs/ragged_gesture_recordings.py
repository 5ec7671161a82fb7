import numpy as np
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Masking, LSTM, Dense

# Accelerometer gestures, each recording has its own number of frames.
rng = np.random.default_rng(3)
GESTURES = ["swipe", "circle", "shake"]


def load_recordings(lengths):
    recordings, labels = [], []
    for i, n in enumerate(lengths):
        t = np.linspace(0, 1, n)
        xyz = np.stack([np.sin(6 * t), np.cos(6 * t), t], axis=1)
        recordings.append(xyz + rng.normal(0, 0.05, xyz.shape))
        labels.append(i % len(GESTURES))
    return recordings, labels


recordings, labels = load_recordings([20, 35, 28, 20, 41, 33])
X = np.array(recordings)
y = np.array(labels)
print(X.shape, y.shape)

model = Sequential()
model.add(Masking(mask_value=0.0, input_shape=(None, 3)))
model.add(LSTM(8))
model.add(Dense(len(GESTURES), activation="softmax"))
model.compile(loss="sparse_categorical_crossentropy", optimizer="adam")
model.fit(X, y, epochs=1, verbose=0)
