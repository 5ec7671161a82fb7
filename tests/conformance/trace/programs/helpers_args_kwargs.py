"""A person who likes helpers: *args, **kwargs, closures, decorators and partials."""
import functools
import time

import numpy as np
from tensorflow import keras


def timed(fn):
    @functools.wraps(fn)
    def wrapper(*args, **kwargs):
        start = time.time()
        result = fn(*args, **kwargs)
        wrapper.seconds = time.time() - start
        return result
    return wrapper


def compose(*steps):
    def run(x):
        for step in steps:
            x = step(x)
        return x
    return run


def lag(k, axis=0):
    def apply(x):
        out = np.roll(x, k, axis=axis)
        return out[k:] if axis == 0 else out
    return apply


def standardize(x, *, axis=0, eps=1e-8):
    return (x - x.mean(axis=axis)) / (x.std(axis=axis) + eps)


@timed
def windows(x, size, stride=1, **kwargs):
    dtype = kwargs.get("dtype", np.float64)
    pieces = [x[s:s + size] for s in range(0, len(x) - size + 1, stride)]
    return np.array(pieces, dtype=dtype)


def mlp(*sizes, activation="relu", **compile_args):
    model = keras.Sequential()
    first, *hidden, last = sizes
    model.add(keras.Input(shape=(first,)))
    for h in hidden:
        model.add(keras.layers.Dense(h, activation=activation))
    model.add(keras.layers.Dense(last))
    model.compile(**{"optimizer": "sgd", "loss": "mse", **compile_args})
    return model


wind = np.random.RandomState(5).weibull(2.0, size=(220, 3))
prepare = compose(standardize, lag(2), functools.partial(windows, size=12, stride=4, dtype="float32"))
w = prepare(wind)
flat = w.reshape(len(w), -1)
speed = w[:, -1].mean(axis=-1)
power = np.vectorize(lambda v: min(v ** 3, 10.0))(speed)

options = dict(activation="tanh", optimizer="adam")
net = mlp(flat.shape[1], 16, 8, 1, **options)
net.fit(flat, power, epochs=1, verbose=0)
pred = net.predict(flat, verbose=0)
(a, b), *rest = [np.array_split(pred, 2), 1, 2]
pairs = list(zip(a, b))
left, right = map(np.array, zip(*pairs))
table = np.array(sorted(zip(power, speed), key=lambda p: p[0]))
total = functools.reduce(lambda p, q: p + q, [wind[i] for i in range(4)])
print(windows.seconds >= 0, left.shape, right.shape, table.shape, total)
