"""Newer syntax: walrus, match, star unpacking, conditional expressions, while loops, try/finally."""
from itertools import islice, chain, product

import numpy as np
from tensorflow.keras import Sequential, layers

spec = ["conv:8:3", "pool:2", "gru:6", "dense:4"]
shape_in = (24, 3)
model = Sequential([layers.Input(shape_in)])
for item in spec:
    match item.split(":"):
        case ["conv", filters, kernel]:
            model.add(layers.Conv1D(int(filters), int(kernel), activation="relu"))
        case ["pool", size]:
            model.add(layers.MaxPooling1D(int(size)))
        case ["gru", units]:
            model.add(layers.GRU(int(units)))
        case ["dense", units]:
            model.add(layers.Dense(int(units), activation="softmax"))
        case _:
            raise ValueError(item)
model.compile("adam", "sparse_categorical_crossentropy")


def stream(seed=0):
    rng = np.random.default_rng(seed)
    while True:
        block = rng.normal(size=(8, *shape_in))
        yield block, rng.integers(0, 4, size=8)


source = stream()
blocks = list(islice(source, 3))
x = np.concatenate([b for b, _ in blocks])
y = np.concatenate([lab for _, lab in blocks])
if (n := len(x)) > 20:
    x, y = x[:20], y[:20]
model.fit(x, y, epochs=1, verbose=0)

head, *middle, tail = np.split(x, 5)
stacked = np.stack([*middle])
first_row, *_ = tail
attempts = 0
noise = 1.0
while noise > 0.2 and attempts < 10:
    noise *= 0.7
    attempts += 1
perturbed = x + noise * np.random.standard_normal(x.shape)
try:
    probs = model.predict(perturbed, verbose=0)
finally:
    attempts = 0
confidence = probs.max(axis=1) if probs.ndim == 2 else probs
sure = probs[confidence > 0.25]
grid = np.array(list(product([0, 1], repeat=3)))
lengths = np.array([len(list(g)) for g in ([1, 2], [3], [])])
flat = np.fromiter(chain.from_iterable([[1, 2], [3], [4, 5, 6]]), dtype=float)
table = np.array([[i * j for j in range(4)] for i in range(3)])
column = table[:, 1]
table[table % 2 == 0] *= -1
total = sum(row.sum() for row in table)
diag = np.array([row[i] for i, row in enumerate(table)])
last = model.layers[-1]
kernel = last.get_weights()[0]
assert kernel.shape == (6, 4), kernel.shape
print(n, stacked.shape, sure.shape[1], grid.shape, lengths, flat.size, total, diag, column)
