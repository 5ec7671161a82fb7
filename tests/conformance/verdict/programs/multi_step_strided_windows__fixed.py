import numpy as np
from tensorflow import keras
from tensorflow.keras.layers import LSTM, Dense, Input, Reshape

INPUT, OUTPUT, STRIDE = 30, 10, 5
series = np.stack([np.sin(np.arange(400) / k) for k in (4, 9)], axis=1)

starts = np.arange(0, len(series) - INPUT - OUTPUT + 1, STRIDE)
X = np.stack([series[s:s + INPUT] for s in starts])
Y = np.stack([series[s + INPUT:s + INPUT + OUTPUT] for s in starts])
print(X.shape, Y.shape)

model = keras.Sequential([
    Input(X.shape[1:]),
    LSTM(10),
    Dense(OUTPUT * 2),
    Reshape((OUTPUT, 2)),
])
model.compile("adam", "mse")
model.fit(X, Y, epochs=1, verbose=0)
