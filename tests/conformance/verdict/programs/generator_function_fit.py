import numpy as np
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import LSTM, Dense


def batches(x, y, size, rng):
    """Endless random batches."""
    while True:
        picks = rng.integers(0, len(x), size)
        yield x[picks][:, :, :-1], y[picks]


rng = np.random.default_rng(1)
x = rng.random((90, 16, 4))
y = rng.random(90)

model = Sequential()
model.add(LSTM(8, input_shape=(16, 4)))
model.add(Dense(1))
model.compile(loss="mse", optimizer="adam")
model.fit(batches(x, y, 10, rng), steps_per_epoch=3, epochs=1, verbose=0)
