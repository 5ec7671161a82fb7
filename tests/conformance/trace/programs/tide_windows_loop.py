import math

import numpy as np
from tensorflow.keras.layers import LSTM, Dense
from tensorflow.keras.models import Sequential

# tide gauge: one reading every 30 minutes
n_days = 6
readings = []
for step in range(n_days * 48):
    hour = step / 2.0
    level = 2.0 * math.sin(2 * math.pi * hour / 12.42) + 0.3 * math.cos(2 * math.pi * hour / 24)
    readings.append(level)
level = np.array(readings)
print("readings", len(level), level.min(), level.max())

lookback = 16
ahead = 4

X, Y = [], []
i = 0
while i + lookback + ahead <= len(level):
    X.append(level[i:i + lookback])
    Y.append(level[i + lookback:i + lookback + ahead])
    i += 2
X = np.array(X)
Y = np.array(Y)
X = np.reshape(X, (X.shape[0], X.shape[1], 1))

n_train = int(X.shape[0] * 0.7)
trainX, testX = X[:n_train], X[n_train:]
trainY, testY = Y[:n_train], Y[n_train:]

model = Sequential()
model.add(LSTM(12, input_shape=(lookback, 1)))
model.add(Dense(ahead))
model.compile(loss='mean_squared_error', optimizer='adam')
model.fit(trainX, trainY, epochs=1, batch_size=8, verbose=0)

trainPredict = model.predict(trainX, verbose=0)
testPredict = model.predict(testX, verbose=0)
err = testPredict - testY
rmse_per_step = np.sqrt((err ** 2).mean(axis=0))
worst = np.argmax(np.abs(err).max(axis=1))
worst_window = testX[worst, :, 0]
curve = np.concatenate([worst_window, testPredict[worst]])
baseline = np.repeat(testX[:, -1, :], ahead, axis=1)
skill = 1 - rmse_per_step / np.sqrt(((baseline - testY) ** 2).mean(axis=0))
print(rmse_per_step, skill, curve.shape)
