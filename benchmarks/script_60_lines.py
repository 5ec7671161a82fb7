"""Forecast the next hour of a load curve. The target keeps a time axis that the last layer does not have."""

import numpy as np
from sklearn.preprocessing import MinMaxScaler
from tensorflow import keras
from tensorflow.keras import layers

HOURS = 24 * 60
LOOKBACK = 24
HORIZON = 6


def make_load(hours: int) -> np.ndarray:
    rng = np.random.default_rng(7)
    t = np.arange(hours)
    daily = np.sin(2 * np.pi * t / 24)
    weekly = np.sin(2 * np.pi * t / (24 * 7))
    temperature = 12 + 8 * daily + rng.normal(0, 1.0, hours)
    load = 300 + 60 * daily + 25 * weekly - 2 * temperature + rng.normal(0, 5.0, hours)
    return np.stack([load, temperature, weekly], axis=1)


def make_windows(values: np.ndarray, lookback: int, horizon: int):
    inputs, targets = [], []
    for start in range(len(values) - lookback - horizon + 1):
        stop = start + lookback
        inputs.append(values[start:stop])
        targets.append(values[stop : stop + horizon, 0])
    return np.array(inputs), np.array(targets)


def build(lookback: int, features: int) -> keras.Model:
    model = keras.Sequential(
        [
            layers.Input((lookback, features)),
            layers.Conv1D(16, 3, padding="causal", activation="relu"),
            layers.LSTM(32, return_sequences=True),
            layers.LSTM(16),
            layers.Dense(12, activation="relu"),
            layers.Dense(1),
        ]
    )
    model.compile(optimizer="adam", loss="mae")
    return model


def main() -> None:
    series = make_load(HOURS)
    scaled = MinMaxScaler().fit_transform(series)
    x, y = make_windows(scaled, LOOKBACK, HORIZON)
    y = y[..., np.newaxis]
    split = int(len(x) * 0.8)
    x_train, x_test = x[:split], x[split:]
    y_train, y_test = y[:split], y[split:]
    model = build(LOOKBACK, x.shape[2] - 1)
    model.fit(x_train, y_train, epochs=2, batch_size=64, validation_data=(x_test, y_test))
    print(model.predict(x_test[:5]).shape)


if __name__ == "__main__":
    main()
