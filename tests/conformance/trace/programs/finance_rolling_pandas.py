"""Rolling features with pandas; labels by np.select; sequence model on top."""
import numpy as np
import pandas as pd
from tensorflow.keras.layers import Conv1D, Dense, Flatten, InputLayer, MaxPooling1D
from tensorflow.keras.models import Sequential

rng = np.random.default_rng(2024)
days = 160
close = pd.Series(100 + rng.normal(0, 1, days).cumsum(), name="close")
volume = pd.Series(rng.integers(1_000, 5_000, days), name="volume")
df = pd.concat([close, volume], axis=1)
df["ret"] = df["close"].pct_change()
df["ma5"] = df["close"].rolling(5).mean()
df["ma20"] = df["close"].rolling(window=20).mean()
df["vol"] = df["ret"].rolling(10).std()
df["gap"] = df["close"] - df["ma20"]
df = df.dropna().reset_index(drop=True)

columns = ["ret", "ma5", "ma20", "vol", "gap"]
feats = df[columns].to_numpy()
n = len(feats)
future = df["close"].shift(-3) - df["close"]
future = future.to_numpy()
conditions = [future > 0.5, future < -0.5]
labels = np.select(conditions, [2, 0], default=1)
labels = labels[:-3]
feats = feats[:-3]

window = 16
X = np.empty((len(feats) - window + 1, window, len(columns)))
for k in range(len(X)):
    X[k] = feats[k:k + window]
y = labels[window - 1:]
mean, std = X.mean(axis=(0, 1)), X.std(axis=(0, 1))
X = (X - mean) / std

model = Sequential()
model.add(InputLayer(shape=(window, len(columns))) if hasattr(InputLayer, "batch_shape") else InputLayer((window, len(columns))))
model.add(Conv1D(8, 3, activation="relu"))
model.add(MaxPooling1D(2))
model.add(Conv1D(16, 3, activation="relu"))
model.add(Flatten())
model.add(Dense(3, activation="softmax"))
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(X, y, epochs=1, verbose=0)
p = model.predict(X, verbose=0)
signal = p[:, 2] - p[:, 0]
position = np.sign(signal)
position[np.abs(signal) < 0.05] = 0
returns = df["ret"].to_numpy()[window - 1:-3]
pnl = position[:-1] * returns[1:]
equity = np.cumprod(1 + pnl)
peak = np.maximum.accumulate(equity)
drawdown = (equity - peak) / peak
sharpe = pnl.mean() / (pnl.std() + 1e-12) * np.sqrt(252)
monthly = pnl[: len(pnl) // 20 * 20].reshape(-1, 20).sum(axis=1)
print(n, sharpe, drawdown.min(), monthly.shape)
