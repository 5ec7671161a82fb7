import numpy as np
from tensorflow import keras

# per-channel normalisation of (samples, time, channels)
recordings = np.random.normal(3.0, 2.0, size=(25, 80, 4))
mean = recordings.mean(axis=(0, 1))
std = recordings.std(axis=(0, 1))
normed = (recordings - mean) / std

model = keras.Sequential([
    keras.layers.Input(shape=(80, 4)),
    keras.layers.GRU(6),
    keras.layers.Dense(1),
])
model.compile(loss="mse", optimizer="adam")
model.fit(normed, np.random.rand(25), epochs=1, verbose=0)
