import numpy as np
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import LSTM, Dense

raw = np.arange(0, 205, dtype="float32")
timesteps = 10

try:
    samples = raw.reshape(-1, timesteps, 1)
except ValueError:
    # cut the rest off
    usable = len(raw) // timesteps * timesteps
    samples = raw[:usable].reshape(-1, timesteps, 1)

print(samples.shape)
model = Sequential([LSTM(4, input_shape=(timesteps, 1)), Dense(1)])
model.compile(optimizer="adam", loss="mse")
model.fit(samples, samples[:, -1, 0], epochs=1, verbose=0)
