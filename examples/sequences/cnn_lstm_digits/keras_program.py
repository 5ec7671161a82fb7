"""Handwritten digits: convolutions, then an LSTM that reads the rows of what they see. In Keras.

    python cnn_lstm_digits/keras_program.py
"""

from __future__ import annotations

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split


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
    digits = load_digits()
    images = digits.images[..., None].astype("float32") / 16
    x, x_test, y, y_test = train_test_split(images, digits.target, test_size=0.25, random_state=0)

    model = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            keras.layers.Conv2D(16, 3, padding="same", activation="relu"),
            keras.layers.MaxPooling2D((1, 2)),
            keras.layers.Reshape((8, 4 * 16)),  # 8 rows, as timesteps, of 4 x 16 numbers
            keras.layers.LSTM(32),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(0.005), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(x, y, batch_size=64, epochs=6, verbose=0)
    losses = history.history["loss"]
    _, right = model.evaluate(x_test, y_test, verbose=0)
    print(f"loss {losses[0]:.3f} -> {losses[-1]:.3f}, right {right:.0%}")
    plot(losses, "cnn_lstm_digits_keras.png")
    assert losses[-1] < 0.5 * losses[0], losses


if __name__ == "__main__":
    main()
