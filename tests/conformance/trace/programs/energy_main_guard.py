#!/usr/bin/env python
"""Household energy, one long main()."""
import logging
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from tensorflow.keras.callbacks import EarlyStopping
from tensorflow.keras.layers import LSTM, Dense
from tensorflow.keras.models import Sequential

logging.basicConfig(level=logging.WARNING)
log = logging.getLogger(__name__)
OUT = Path("energy.npz")


def series_to_supervised(data, n_in=1, n_out=1, dropnan=True):
    n_vars = 1 if type(data) is list else data.shape[1]
    df = pd.DataFrame(data)
    cols, names = [], []
    for i in range(n_in, 0, -1):
        cols.append(df.shift(i))
        names += [f"var{j + 1}(t-{i})" for j in range(n_vars)]
    for i in range(0, n_out):
        cols.append(df.shift(-i))
        names += [f"var{j + 1}(t+{i})" for j in range(n_vars)]
    agg = pd.concat(cols, axis=1)
    agg.columns = names
    if dropnan:
        agg.dropna(inplace=True)
    return agg


def main(argv):
    hours = 240
    idx = pd.date_range("2024-03-01", periods=hours, freq="h")
    usage = np.abs(np.sin(np.arange(hours) * np.pi / 24)) + np.random.rand(hours) * 0.1
    outside = 12 + 6 * np.cos(np.arange(hours) * np.pi / 12)
    frame = pd.DataFrame({"usage": usage, "outside": outside}, index=idx)
    log.info("frame %s", frame.shape)

    values = frame.values.astype("float32")
    n_hours, n_features = 3, values.shape[1]
    supervised = series_to_supervised(values, n_hours, 1)
    table = supervised.values
    n_obs = n_hours * n_features
    train = table[:180, :]
    test = table[180:, :]
    train_X, train_y = train[:, :n_obs], train[:, -n_features]
    test_X, test_y = test[:, :n_obs], test[:, -n_features]
    train_X = train_X.reshape((train_X.shape[0], n_hours, n_features))
    test_X = test_X.reshape((test_X.shape[0], n_hours, n_features))

    model = Sequential()
    model.add(LSTM(10, input_shape=(train_X.shape[1], train_X.shape[2])))
    model.add(Dense(1))
    model.compile(loss="mae", optimizer="adam")
    model.fit(train_X, train_y, epochs=1, batch_size=24, validation_data=(test_X, test_y), verbose=0,
              callbacks=[EarlyStopping(patience=3)])

    yhat = model.predict(test_X, verbose=0)
    test_X = test_X.reshape((test_X.shape[0], n_hours * n_features))
    inv_yhat = np.concatenate((yhat, test_X[:, -1:]), axis=1)
    inv_yhat = inv_yhat[:, 0]
    rmse = np.sqrt(np.mean((inv_yhat - test_y) ** 2))
    np.savez(OUT, yhat=yhat, truth=test_y)
    loaded = np.load(OUT)
    again = loaded["yhat"]
    daily = frame["usage"].resample("D").sum()
    log.info("rmse %s", rmse)
    return 0 if again.shape == yhat.shape and len(daily) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
