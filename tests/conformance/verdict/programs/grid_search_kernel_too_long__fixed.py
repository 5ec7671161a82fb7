import itertools

import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

WINDOW = 8
x = np.random.rand(24, WINDOW, 2)
y = np.random.rand(24)

grid = {
    "filters": [4, 8],
    "kernel": [3, 5, 7],
}


def build(filters, kernel):
    model = keras.Sequential(name=f"f{filters}_k{kernel}")
    model.add(layers.Input((WINDOW, 2)))
    model.add(layers.Conv1D(filters, kernel, activation="relu"))
    model.add(layers.Flatten())
    model.add(layers.Dense(1))
    model.compile("adam", "mse")
    return model


sizes = []
for filters, kernel in itertools.product(grid["filters"], grid["kernel"]):
    model = build(filters, kernel)
    sizes.append((model.name, model.count_params()))

print(min(sizes, key=lambda s: s[1]))
