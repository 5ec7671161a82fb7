# Keras 3 takes another number of timesteps than was declared, Keras 2 does not.
import numpy as np
from tensorflow.keras import Sequential
from tensorflow.keras.layers import LSTM, Dense

prices = np.cumsum(np.random.randn(200))
window_size = 30

rows = []
for start in range(len(prices) - window_size):
    rows.append(prices[start:start + window_size])
rows = np.array(rows)

X, y = rows[:, :-1], rows[:, -1]
X = X.reshape(X.shape[0], X.shape[1], 1)

model = Sequential()
model.add(LSTM(8, input_shape=(window_size - 1, 1)))
model.add(Dense(1))
model.compile(loss="mean_squared_error", optimizer="adam")
model.fit(X, y, epochs=1, batch_size=32, verbose=0)
