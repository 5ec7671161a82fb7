import numpy as np
import pandas as pd
from sklearn.preprocessing import MinMaxScaler
from tensorflow import keras
from tensorflow.keras import layers

LOOKBACK = 12
HORIZON = 3
FEATURES = ["load", "temperature", "wind", "hour"]

rng = np.random.default_rng(0)
n = 400
frame = pd.DataFrame({
    "load": 50 + 10 * np.sin(np.arange(n) / 12) + rng.normal(size=n),
    "temperature": 15 + 8 * np.cos(np.arange(n) / 24) + rng.normal(size=n),
    "wind": rng.gamma(2.0, 2.0, size=n),
    "hour": np.arange(n) % 24,
})

train_rows = int(0.75 * len(frame))
scaler = MinMaxScaler()
train = scaler.fit_transform(frame[FEATURES].iloc[:train_rows])
test = scaler.transform(frame[FEATURES].iloc[train_rows:])


def to_supervised(table, lookback, horizon):
    inputs, targets = list(), list()
    for start in range(len(table) - lookback - horizon + 1):
        end = start + lookback
        inputs.append(table[start:end, :])
        targets.append(table[end:end + horizon, 0])       # the load, HORIZON steps ahead
    return np.stack(inputs), np.stack(targets)


x_train, y_train = to_supervised(train, LOOKBACK, HORIZON)
x_test, y_test = to_supervised(test, LOOKBACK, HORIZON)
print("train", x_train.shape, y_train.shape, "test", x_test.shape, y_test.shape)

model = keras.Sequential()
model.add(keras.Input(shape=(LOOKBACK, len(FEATURES))))
model.add(layers.GRU(24))
model.add(layers.Dense(16, activation="relu"))
model.add(layers.Dense(HORIZON))
model.compile(loss="mae", optimizer=keras.optimizers.Adam(1e-3))
model.fit(x_train, y_train, validation_split=0.1, epochs=2, verbose=0)

forecast = model.predict(x_test, verbose=0)

padded = np.zeros((len(forecast), len(FEATURES)))
padded[:, 0] = forecast
load = scaler.inverse_transform(padded)[:, 0]
print("first forecasts:", load[:5].round(1))
