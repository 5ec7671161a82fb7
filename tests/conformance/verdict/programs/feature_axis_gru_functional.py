from tensorflow import keras
import numpy as np

WINDOW = 48


def make_windows(values, window):
    xs = np.lib.stride_tricks.sliding_window_view(values, window)
    return xs[:-1], values[window:]


def build(window):
    series = keras.Input(shape=(window,), name="series")
    state = keras.layers.GRU(12, name="encoder")(series)
    forecast = keras.layers.Dense(1, name="forecast")(state)
    return keras.Model(series, forecast)


def main():
    demand = np.cos(np.linspace(0, 60, 600)) + np.random.rand(600) * 0.1
    xs, ys = make_windows(demand, WINDOW)
    model = build(WINDOW)
    model.compile(optimizer="adam", loss="mse")
    model.fit(xs, ys, epochs=1, batch_size=128, verbose=0)


if __name__ == "__main__":
    main()
