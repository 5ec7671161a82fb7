import argparse

import numpy as np
from tensorflow import keras
from tensorflow.keras.layers import Dense, Flatten, LSTM


def parse_args():
    p = argparse.ArgumentParser(description="Wind power forecast")
    p.add_argument("--history", type=int, default=24)
    p.add_argument("--horizon", type=int, default=6)
    p.add_argument("--units", type=int, default=8)
    return p.parse_args()


def windows(series, history, horizon):
    xs, ys = [], []
    for t in range(history, len(series) - horizon):
        xs.append(series[t - history:t])
        ys.append(series[t:t + horizon, 0])
    return np.stack(xs), np.stack(ys)


def main():
    args = parse_args()
    power = np.random.rand(120, 3).astype("float32")
    x, y = windows(power, args.history, args.horizon)
    model = keras.Sequential([
        LSTM(args.units, return_sequences=True, input_shape=(args.history, 3)),
        Flatten(),
        Dense(args.horizon),
    ])
    model.compile(optimizer="adam", loss="mse")
    model.fit(x, y, epochs=1, verbose=0)
    # evaluate on the latest history
    latest = power[-args.history:]
    forecast = model.predict(latest[np.newaxis], verbose=0)
    print(forecast.shape)


if __name__ == "__main__":
    main()
