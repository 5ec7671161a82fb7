import numpy as np
from tensorflow.keras.layers import Input, Dense, GRU
from tensorflow.keras.models import Model


def build_tower(n_layers, units, shape):
    inputs = Input(shape)
    x = inputs
    for k in range(n_layers):
        x = GRU(units, return_sequences=k < n_layer - 1)(x)
    return Model(inputs, Dense(1)(x))


tower = build_tower(2, 6, (11, 3))
tower.compile("adam", "mse")
tower.fit(np.random.rand(8, 11, 3), np.random.rand(8), epochs=1, verbose=0)
