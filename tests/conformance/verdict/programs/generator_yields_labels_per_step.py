"""A generator that yields one label per step, for a model that gives one per sequence."""
import numpy as np
from tensorflow.keras import layers, models


def batches(n=12, steps=20):
    while True:
        x = np.random.rand(n, steps, 4).astype("float32")
        y = (x.sum(axis=-1) > 2).astype("float32")
        yield x, y


model = models.Sequential()
model.add(layers.Input((20, 4)))
model.add(layers.LSTM(12))
model.add(layers.Dense(1, activation="sigmoid"))
model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
model.fit(batches(), steps_per_epoch=5, epochs=1, verbose=0)
