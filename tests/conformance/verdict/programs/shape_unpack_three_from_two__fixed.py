import numpy as np
from tensorflow import keras


def summarise(batch):
    n, steps, features = batch.shape
    return {"samples": n, "steps": steps, "features": features}


class Trainer:
    def __init__(self, x, y):
        self.x, self.y = x, y
        self.info = summarise(x)

    def train(self):
        model = keras.Sequential([
            keras.layers.Input((self.info["steps"], self.info["features"])),
            keras.layers.GRU(4),
            keras.layers.Dense(1),
        ])
        model.compile("adam", "mse")
        model.fit(self.x, self.y, verbose=0, epochs=1)


glucose = np.random.normal(110, 20, size=(70, 12))
Trainer(glucose[:, :, np.newaxis], glucose[:, -1]).train()
