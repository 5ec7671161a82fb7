import numpy as np
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import LSTM, Dense

# hourly temperature, predict the next hour from the last day
temperature = 15 + 8 * np.sin(np.arange(0, 400) * 2 * np.pi / 24)
lookback = 24

X, y = [], []
for i in range(len(temperature) - lookback):
    X.append(temperature[i:i + lookback])
    y.append(temperature[i + lookback])
X = np.array(X).reshape(-1, lookback, 1)
y = np.array(y)

model = Sequential()
model.add(LSTM(10, input_shape=(lookback, 1)))
model.add(Dense(1))
model.compile(loss='mse', optimizer='adam')
model.fit(X, y, epochs=1, batch_size=64, verbose=0)

# predict the hour after the end of the series
last_day = temperature[-lookback:].reshape(lookback, 1)
next_hour = model.predict(last_day, verbose=0)
print("next hour:", next_hour[0])
