# keras=3: The last window, turned the wrong way round
import numpy as np
from keras import Sequential, layers

series = np.sin(np.arange(500) / 10).astype("float32")
window = 20

X, y = [], []
for i in range(len(series) - window):
    X.append(series[i : i + window])
    y.append(series[i + window])
X, y = np.array(X), np.array(y)

model = Sequential([layers.Input((20, 1)), layers.LSTM(32), layers.Dense(1)])
model.compile("adam", "mse")
model.fit(X, y, batch_size=32, verbose=0)

last = series[-window:].reshape(1, 1, window)
print(model.predict(last, verbose=0).shape)
