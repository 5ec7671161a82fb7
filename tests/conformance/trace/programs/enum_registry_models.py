"""A model registry with enums, inheritance and properties."""
import abc
import enum
from typing import Dict, NamedTuple, Optional, Type

import numpy as np
from tensorflow import keras


class Kind(enum.Enum):
    RNN = "rnn"
    CNN = "cnn"
    MLP = "mlp"


class Split(NamedTuple):
    x: np.ndarray
    y: np.ndarray

    @property
    def size(self) -> int:
        return len(self.x)


REGISTRY: Dict[Kind, Type["Base"]] = {}


def register(kind):
    def deco(cls):
        REGISTRY[kind] = cls
        return cls
    return deco


class Base(abc.ABC):
    units = 8

    def __init__(self, steps: int, channels: int, n_classes: int):
        self.steps, self.channels, self.n_classes = steps, channels, n_classes
        self._model: Optional[keras.Model] = None

    @property
    def input_shape(self):
        return (self.steps, self.channels)

    @abc.abstractmethod
    def body(self, x):
        ...

    @property
    def model(self):
        if self._model is None:
            inputs = keras.Input(self.input_shape)
            features = self.body(inputs)
            outputs = keras.layers.Dense(self.n_classes, activation="softmax")(features)
            self._model = keras.Model(inputs, outputs)
            self._model.compile("adam", "sparse_categorical_crossentropy")
        return self._model

    def __call__(self, x):
        return self.model.predict(x, verbose=0)


@register(Kind.RNN)
class Recurrent(Base):
    units = 6

    def body(self, x):
        out = keras.layers.LSTM(self.units)(x)
        return out


@register(Kind.CNN)
class Convolutional(Base):
    def body(self, x):
        for width in (3, 3):
            x = keras.layers.Conv1D(self.units, width, activation="relu")(x)
        pooled = keras.layers.GlobalMaxPool1D()(x)
        return pooled


@register(Kind.MLP)
class Dense(Base):
    @staticmethod
    def flatten(x):
        return keras.layers.Flatten()(x)

    def body(self, x):
        flat = self.flatten(x)
        return keras.layers.Dense(self.units, activation="relu")(flat)


def make(n, steps=12, channels=2, seed=0):
    r = np.random.default_rng(seed)
    labels = r.integers(0, 3, n)
    waves = np.sin(np.arange(steps)[None, :, None] * (labels[:, None, None] + 1) / 2 + np.zeros((1, 1, channels)))
    return Split(waves + 0.1 * r.normal(size=waves.shape), labels)


train, test = make(48), make(12, seed=1)
votes = np.zeros((test.size, 3))
for kind in Kind:
    builder = REGISTRY[kind](12, 2, 3)
    builder.model.fit(train.x, train.y, epochs=1, verbose=0)
    probs = builder(test.x)
    votes += probs
winner = votes.argmax(-1)
accuracy = np.mean(winner == test.y)
x, y = train
print(accuracy, x.shape, y.shape)
