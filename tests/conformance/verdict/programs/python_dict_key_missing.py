import numpy as np
from tensorflow import keras

CONFIG = {
    "model": {"units": 12, "dropout": 0.1},
    "data": {"window": 20, "features": 3},
    "train": {"epochs": 1, "batch": 16},
}


def build(config):
    m, d = config["model"], config["data"]
    return keras.Sequential([
        keras.layers.Input((d["window"], d["features"])),
        keras.layers.LSTM(m["units"], dropout=m["dropout"]),
        keras.layers.Dense(1),
    ])


def train(config):
    d, t = config["data"], config["train"]
    model = build(config)
    model.compile("adam", "mse")
    x = np.random.rand(40, d["window"], d["features"])
    model.fit(x, np.random.rand(40), epochs=t["epochs"], batch_size=t["batch_size"], verbose=0)


train(CONFIG)
