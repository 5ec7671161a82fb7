import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from tensorflow import keras

table = np.random.rand(100, 4)
X = sliding_window_view(table, 16, axis=0)     # (85, 4, 16): the window comes last
y = table[15:, 0]
print(X.shape, y.shape)

model = keras.Sequential([
    keras.layers.Input((16, 4)),
    keras.layers.LSTM(6),
    keras.layers.Dense(1),
])
model.compile("adam", "mse")
model.fit(X, y, epochs=1, verbose=0)
