"""The service loads the model that the trainer saved, and cuts its windows longer."""
import os
import tempfile

import numpy as np
from tensorflow.keras.layers import Dense, Flatten, Input
from tensorflow.keras.models import Sequential, load_model

WINDOW = 16


def windows(series, size):
    return np.array([series[i:i + size] for i in range(len(series) - size)])


def train(path, series):
    x, y = windows(series, WINDOW), series[WINDOW:]
    model = Sequential([Input((WINDOW, 3)), Flatten(), Dense(8, activation="relu"), Dense(3)])
    model.compile("adam", "mse")
    model.fit(x, y, epochs=1, verbose=0)
    model.save(path)


def serve(path, recent):
    model = load_model(path)
    batch = windows(recent, WINDOW)
    return model.predict(batch, verbose=0)


where = os.path.join(tempfile.mkdtemp(), "model.keras")
train(where, np.random.rand(120, 3))
print(serve(where, np.random.rand(40, 3)).shape)
