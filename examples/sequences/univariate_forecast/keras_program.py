"""The next four years of sunspots from the last 22. In Keras.

    python univariate_forecast/keras_program.py
"""

from __future__ import annotations

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from pathlib import Path

import keras
import numpy as np

from foreshape.sequences import windows

LENGTH = 22
HORIZON = 4


def read() -> np.ndarray:
    """(309, 1): one number for every year from 1700 on."""
    table = np.loadtxt(Path(__file__).parents[1] / "sunspots.csv", delimiter=",", skiprows=1, dtype="float32")
    return table[:, 1:] / 100


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
    # targets are the numbers of the next 4 years; no window of one part overlaps with another part
    train, test = windows(series, LENGTH, horizon=HORIZON, target=0).split(0.8, 0.2)
    print(train)

    model = keras.Sequential(
        [
            keras.Input((LENGTH, 1)),
            keras.layers.LSTM(24),
            keras.layers.Dense(HORIZON),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="mse")
    history = model.fit(train.keras(batch_size=32, shuffle=True, seed=0), epochs=25, verbose=0)
    losses = history.history["loss"]
    print(f"loss {losses[0]:.3f} -> {losses[-1]:.3f}, on later years {model.evaluate(test.keras(batch_size=32), verbose=0):.3f}")
    plot(losses, "univariate_forecast_keras.png")
    assert losses[-1] < 0.5 * losses[0], losses


if __name__ == "__main__":
    main()
