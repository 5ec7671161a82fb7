import numpy as np
from tensorflow import keras


def build_tensor(frames, window, n_mfcc):
    n = len(frames) // window
    tensor = np.zeros((n, n_mfcc, window))
    for k in range(n):
        tensor[k] = frames[k * window:(k + 1) * window]
    return tensor


mfcc_frames = np.random.randn(320, 13)
X = build_tensor(mfcc_frames, window=32, n_mfcc=13)
y = np.random.randint(0, 2, len(X))

model = keras.Sequential([
    keras.layers.LSTM(8, input_shape=(32, 13)),
    keras.layers.Dense(1, activation="sigmoid"),
])
model.compile("adam", "binary_crossentropy")
model.fit(X, y, epochs=1, verbose=0)
