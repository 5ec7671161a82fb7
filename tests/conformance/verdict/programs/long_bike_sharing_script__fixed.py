"""Hourly bike rentals: features, windows, a two layer LSTM, a report.

Run with the defaults for a quick check.
"""
import argparse
import logging
import os
import random

import numpy as np
import pandas as pd
import tensorflow as tf
from sklearn.preprocessing import MinMaxScaler
from tensorflow.keras.callbacks import EarlyStopping
from tensorflow.keras.layers import LSTM, Dense, Dropout, Input
from tensorflow.keras.models import Sequential

logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
log = logging.getLogger("bikes")

TARGET = "rentals"
WEATHER = ["temp", "humidity", "windspeed"]
CALENDAR = ["hour_sin", "hour_cos", "weekend"]


def set_seed(seed):
    random.seed(seed)
    np.random.seed(seed)
    tf.random.set_seed(seed)
    os.environ["PYTHONHASHSEED"] = str(seed)


def make_data(hours):
    index = pd.date_range("2011-01-01", periods=hours, freq="h")
    df = pd.DataFrame(index=index)
    df["temp"] = 15 + 10 * np.sin(np.arange(hours) * 2 * np.pi / (24 * 30))
    df["humidity"] = np.random.uniform(30, 90, hours)
    df["windspeed"] = np.abs(np.random.normal(10, 4, hours))
    df["rentals"] = np.random.poisson(120, hours)
    return df


def add_calendar(df):
    hour = df.index.hour
    df["hour_sin"] = np.sin(2 * np.pi * hour / 24)
    df["hour_cos"] = np.cos(2 * np.pi * hour / 24)
    df["weekend"] = (df.index.dayofweek >= 5).astype(float)
    return df


def window(values, target, size):
    xs, ys = [], []
    for end in range(size, len(values)):
        xs.append(values[end - size:end])
        ys.append(target[end])
    return np.array(xs, dtype="float32"), np.array(ys, dtype="float32")


def build_model(size, n_features, units, dropout):
    model = Sequential()
    model.add(Input(shape=(size, n_features)))
    model.add(LSTM(units, return_sequences=True))
    model.add(Dropout(dropout))
    model.add(LSTM(units // 2))
    model.add(Dense(1))
    model.compile(optimizer=tf.keras.optimizers.Adam(1e-3), loss="mse", metrics=["mae"])
    return model


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--hours", type=int, default=400)
    parser.add_argument("--window", type=int, default=24)
    parser.add_argument("--units", type=int, default=16)
    parser.add_argument("--dropout", type=float, default=0.2)
    parser.add_argument("--epochs", type=int, default=1)
    args = parser.parse_args()

    set_seed(7)
    df = add_calendar(make_data(args.hours))
    columns = WEATHER + CALENDAR + [TARGET]
    scaler = MinMaxScaler()
    scaled = scaler.fit_transform(df[columns])

    cut = int(len(scaled) * 0.8)
    x_train, y_train = window(scaled[:cut], scaled[:cut, -1], args.window)
    x_test, y_test = window(scaled[cut:], scaled[cut:, -1], args.window)
    log.info("train %s test %s", x_train.shape, x_test.shape)

    model = build_model(args.window, len(columns), args.units, args.dropout)
    model.fit(
        x_train,
        y_train,
        epochs=args.epochs,
        batch_size=64,
        validation_split=0.1,
        callbacks=[EarlyStopping(patience=2)],
        verbose=0,
    )
    log.info("test %s", model.evaluate(x_test, y_test, verbose=0))


if __name__ == "__main__":
    main()
