from enum import Enum

import numpy as np
from tensorflow import keras
from tensorflow.keras import layers


class Kind(Enum):
    MLP = "mlp"
    RNN = "rnn"
    CNN = "cnn"


def make(kind: Kind, steps: int, channels: int) -> keras.Model:
    inputs = keras.Input((steps, channels))
    match kind:
        case Kind.MLP:
            x = layers.Flatten()(inputs)
            x = layers.Dense(8)(x)
        case Kind.RNN:
            x = layers.SimpleRNN(8)(inputs)
        case Kind.CNN:
            x = layers.Conv1D(8, 3)(inputs)
            x = layers.GlobalMaxPooling1D()(x)
        case _:
            raise ValueError(kind)
    return keras.Model(inputs, layers.Dense(2, activation="softmax")(x))


for kind in (Kind.CNN, Kind.RNN):
    model = make(kind, 20, 3)
    print(kind.value, model(np.zeros((1, 20, 3))).shape)
