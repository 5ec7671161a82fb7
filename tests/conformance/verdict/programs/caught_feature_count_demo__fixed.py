"""Shows what happens when the number of features differs from the declared one."""
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers


def build(n_features):
    model = keras.Sequential()
    model.add(layers.Input(shape=(10, n_features)))
    model.add(layers.GRU(8))
    model.add(layers.Dense(1))
    model.compile(optimizer="adam", loss="mse")
    return model


def attempt(model, x, y):
    try:
        model.fit(x, y, epochs=1, verbose=0)
        return "ok"
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[:60]}"


y = np.random.rand(16, 1)
print("two features:", attempt(build(2), np.random.rand(16, 10, 2), y))
print("three features:", attempt(build(3), np.random.rand(16, 10, 3), y))
