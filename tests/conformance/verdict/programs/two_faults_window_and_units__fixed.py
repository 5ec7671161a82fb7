import numpy as np
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import LSTM, Dense

series = np.random.rand(80, 2)
w = 8

X, y = [], []
for i in range(len(series) - w):
    X.append(series[i:i + w])
    y.append(series[i + w])
X, y = np.array(X), np.array(y)

model = Sequential([LSTM(6, input_shape=(w, 2)), Dense(2)])
model.compile("adam", "mse")
model.fit(X, y, epochs=1, verbose=0)
