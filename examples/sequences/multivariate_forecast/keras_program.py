"""The next three years of sunspots from three columns of the last 22 years. In Keras.

    python multivariate_forecast/keras_program.py
"""

from __future__ import annotations

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from pathlib import Path

import keras
import numpy as np

from foreshape.sequences import windows

LENGTH = 22
HORIZON = 3


def read() -> np.ndarray:
    """(278, 3): the number of a year, what it changed by, and the mean of eleven years."""
    table = np.loadtxt(Path(__file__).parents[1] / "sunspots.csv", delimiter=",", skiprows=1, dtype="float32")
    numbers = table[:, 1] / 100
    change = np.diff(numbers)[10:]
    mean = np.convolve(numbers, np.ones(11, "float32") / 11, mode="valid")[1:]
    return np.stack([numbers[11:], change, mean], axis=1).astype("float32")


def plot(losses: list[float], path: str) -> None:
    """The loss of every epoch."""
    try:
        import matplotlib
    except ImportError:
        print("matplotlib is not installed: no plot")
        return
    matplotlib.use("Agg")
    from matplotlib import pyplot

    pyplot.plot(losses)
    pyplot.xlabel("epoch")
    pyplot.ylabel("loss")
    pyplot.savefig(path)
    print(f"the plot is in {path}")


def main() -> None:
    keras.utils.set_random_seed(0)
    series = read()
    # targets are the numbers of the next 3 years; no window of one part overlaps with another part
    train, test = windows(series, LENGTH, horizon=HORIZON, target=0).split(0.8, 0.2)
    print(train)

    model = keras.Sequential(
        [
            keras.Input((LENGTH, 3)),
            keras.layers.LSTM(24),
            keras.layers.Dense(HORIZON),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="mse")
    history = model.fit(train.keras(batch_size=32, shuffle=True, seed=0), epochs=25, verbose=0)
    losses = history.history["loss"]
    print(f"loss {losses[0]:.3f} -> {losses[-1]:.3f}, on later years {model.evaluate(test.keras(batch_size=32), verbose=0):.3f}")
    plot(losses, "multivariate_forecast_keras.png")
    assert losses[-1] < 0.5 * losses[0], losses


if __name__ == "__main__":
    main()
