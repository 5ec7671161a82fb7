"""Good or bad: sentences of different lengths, padded, embedded, read by a bidirectional LSTM that skips the padding. In Keras.

    python sentence_classification/keras_program.py
"""

from __future__ import annotations

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from pathlib import Path

import keras
import numpy as np

from foreshape.sequences import pad


def read() -> tuple[list[list[int]], np.ndarray, int]:
    """Sentences as ids, 0 kept for padding; 1 for a good word about a restaurant, 0 for a bad one; the size of the vocabulary."""
    lines = (Path(__file__).parent / "sentences.tsv").read_text().splitlines()
    labels = np.array([line.startswith("good") for line in lines], dtype="float32")[:, None]
    sentences = [line.split("\t")[1].split() for line in lines]
    ids = {word: number for number, word in enumerate(sorted({word for words in sentences for word in words}), start=1)}
    return [[ids[word] for word in words] for words in sentences], labels, len(ids) + 1


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
    sentences, labels, size = read()
    padded = pad(sentences, dtype="int32")
    print(f"{len(sentences)} sentences as {padded.values.shape}, {padded.padding_share:.0%} of it padding")

    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            keras.layers.Embedding(size, 16, mask_zero=True),
            keras.layers.Bidirectional(keras.layers.LSTM(8)),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="binary_crossentropy", metrics=["accuracy"])
    history = model.fit(padded.values, labels, batch_size=16, epochs=20, verbose=0)
    losses = history.history["loss"]
    print(f"loss {losses[0]:.3f} -> {losses[-1]:.3f}, right {history.history['accuracy'][-1]:.0%}")
    plot(losses, "sentence_classification_keras.png")
    assert losses[-1] < 0.5 * losses[0], losses


if __name__ == "__main__":
    main()
