"""One script, many switches: branches on options, None defaults, try/except imports, nested loops."""
import os
import sys

import numpy as np
import tensorflow as tf

try:
    from tqdm import tqdm as progress
except ImportError:
    def progress(iterable, **_):
        return iterable

DEBUG = os.environ.get("FORECAST_DEBUG", "0") == "1"
OPTIONS = {
    "cell": "lstm",
    "bidirectional": True,
    "layers": [12, 8],
    "dropout": None,
    "attention": False,
    "scale": "standard",
    "difference": 1,
    "target": None,
}


def scale(values, how=None, stats=None):
    if how is None:
        return values, None
    if how == "standard":
        if stats is None:
            stats = values.mean(axis=0), values.std(axis=0)
        return (values - stats[0]) / stats[1], stats
    elif how == "minmax":
        if stats is None:
            stats = values.min(axis=0), values.max(axis=0) - values.min(axis=0)
        return (values - stats[0]) / stats[1], stats
    raise ValueError(f"unknown scaling {how}")


def build(n_steps, n_feats, n_out, opts):
    cells = {"lstm": tf.keras.layers.LSTM, "gru": tf.keras.layers.GRU, "rnn": tf.keras.layers.SimpleRNN}
    cell = cells[opts["cell"]]
    inputs = tf.keras.layers.Input(shape=(n_steps, n_feats))
    x = inputs
    for depth, units in enumerate(opts["layers"]):
        is_last = depth == len(opts["layers"]) - 1
        layer = cell(units, return_sequences=not is_last or opts["attention"])
        if opts["bidirectional"]:
            layer = tf.keras.layers.Bidirectional(layer)
        x = layer(x)
        if opts["dropout"]:
            x = tf.keras.layers.Dropout(opts["dropout"])(x)
    if opts["attention"]:
        x = tf.keras.layers.Attention()([x, x])
        x = tf.keras.layers.GlobalAveragePooling1D()(x)
    return tf.keras.Model(inputs, tf.keras.layers.Dense(n_out)(x))


def main():
    steps = 10 if not DEBUG else 3
    table = np.cumsum(np.random.RandomState(0).randn(130, 3), axis=0)
    opts = dict(OPTIONS, cell="gru" if len(sys.argv) > 5 else OPTIONS["cell"])
    for _ in range(opts["difference"]):
        table = np.diff(table, axis=0)
    train, test = table[:100], table[100:]
    train_s, stats = scale(train, opts["scale"])
    test_s, _ = scale(test, opts["scale"], stats)
    target = opts["target"] if opts["target"] is not None else list(range(table.shape[1]))

    def cut(values):
        xs, ys = [], []
        for end in range(steps, len(values)):
            xs.append(values[end - steps:end])
            ys.append(values[end][target])
        return np.array(xs), np.array(ys)

    x_train, y_train = cut(train_s)
    x_test, y_test = cut(test_s)
    model = build(steps, x_train.shape[-1], y_train.shape[-1], opts)
    model.compile(loss="mse", optimizer="adam")
    best, wait = np.inf, 0
    for epoch in progress(range(3)):
        model.fit(x_train, y_train, epochs=1, verbose=0)
        score = model.evaluate(x_test, y_test, verbose=0)
        if score < best:
            best, wait = score, 0
        else:
            wait += 1
        if wait > 1:
            break
    pred = model.predict(x_test, verbose=0)
    if opts["scale"] == "standard":
        pred = pred * stats[1][target] + stats[0][target]
        real = y_test * stats[1][target] + stats[0][target]
    else:
        real = y_test
    mape = np.abs((real - pred) / (np.abs(real) + 1)).mean(axis=0)
    levels = np.cumsum(pred, axis=0) + table[100 + steps - 1]
    return mape, levels


if __name__ == "__main__":
    mape, levels = main()
    print(mape, levels.shape)
