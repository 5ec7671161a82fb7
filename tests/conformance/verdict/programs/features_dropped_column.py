import numpy as np
import pandas as pd
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import LSTM, Dense, Dropout

hours = pd.date_range("2023-01-01", periods=240, freq="h")
df = pd.DataFrame({
    "date": hours,
    "pollution": np.abs(np.random.randn(240)) * 30,
    "dew": np.random.randn(240),
    "temp": np.random.randn(240) * 4 + 10,
    "wind": np.random.rand(240) * 7,
})
df = df.set_index("date")

FEATURES = ["pollution", "dew", "temp", "wind"]
LOOKBACK = 8
values = df[FEATURES].to_numpy(dtype="float32")


def supervised(values, lookback):
    X, y = [], []
    for i in range(lookback, len(values)):
        X.append(values[i - lookback:i, 1:])
        y.append(values[i, 0])
    return np.array(X), np.array(y)


X, y = supervised(values, LOOKBACK)
print(X.shape, y.shape)

model = Sequential([
    LSTM(10, input_shape=(LOOKBACK, len(FEATURES))),
    Dropout(0.1),
    Dense(1),
])
model.compile(loss="mae", optimizer="adam")
model.fit(X, y, epochs=1, batch_size=64, verbose=0)
