"""Air quality forecaster with command line options."""
import argparse

import numpy as np
import pandas as pd
import tensorflow as tf
from sklearn.preprocessing import MinMaxScaler
from tensorflow.keras import layers, models


def parse_args():
    p = argparse.ArgumentParser()
    p.add_argument("--lookback", type=int, default=12)
    p.add_argument("--horizon", type=int, default=3)
    p.add_argument("--units", type=int, nargs="+", default=[16, 8])
    p.add_argument("--epochs", type=int, default=1)
    p.add_argument("--bidirectional", action="store_true")
    return p.parse_args([])


def load(n=300):
    rng = np.random.default_rng(1)
    df = pd.DataFrame(
        {"pm25": rng.gamma(2.0, 10.0, n), "no2": rng.normal(30, 5, n), "wind": rng.uniform(0, 8, n)},
        index=pd.date_range("2023-01-01", periods=n, freq="h"),
    )
    df["hour"] = df.index.hour
    df["pm25_lag"] = df["pm25"].shift(1)
    return df.dropna()


def windows(values, lookback, horizon, target=0):
    xs, ys = [], []
    for t in range(len(values) - lookback - horizon + 1):
        xs.append(values[t:t + lookback])
        ys.append(values[t + lookback:t + lookback + horizon, target])
    return np.asarray(xs, dtype="float32"), np.asarray(ys, dtype="float32")


def build(shape, units, horizon, bidirectional=False):
    inp = layers.Input(shape=shape)
    h = inp
    for i, u in enumerate(units):
        cell = layers.GRU(u, return_sequences=i < len(units) - 1)
        h = layers.Bidirectional(cell)(h) if bidirectional else cell(h)
    h = layers.Dropout(0.1)(h)
    out = layers.Dense(horizon)(h)
    return models.Model(inp, out)


args = parse_args()
frame = load()
split = int(len(frame) * 0.8)
train_df, test_df = frame.iloc[:split], frame.iloc[split:]
scaler = MinMaxScaler()
train_values = scaler.fit_transform(train_df)
test_values = scaler.transform(test_df)
x_train, y_train = windows(train_values, args.lookback, args.horizon)
x_test, y_test = windows(test_values, args.lookback, args.horizon)
model = build(x_train.shape[1:], args.units, args.horizon, args.bidirectional)
model.compile("adam", "mse", metrics=["mae"])
model.fit(x_train, y_train, epochs=args.epochs, batch_size=32, verbose=0)
pred = model.predict(x_test, verbose=0)
err = np.abs(pred - y_test).mean(axis=0)
worst = int(np.argmax(err))
dummy = np.zeros((len(pred), frame.shape[1]))
dummy[:, 0] = pred[:, 0]
restored = scaler.inverse_transform(dummy)[:, 0]
print(err.shape, worst, restored.shape, tf.reduce_mean(pred).shape)
