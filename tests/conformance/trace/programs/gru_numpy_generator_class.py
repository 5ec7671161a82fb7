"""An iterator class that yields batches forever; class weights; stateful numbers."""
import numpy as np
from tensorflow import keras
from tensorflow.keras.layers import GRU, Dense, Input, Masking


class BatchFeeder:
    def __init__(self, xs, ys, batch, pad=-1.0):
        self.xs, self.ys, self.batch, self.pad = xs, ys, batch, pad
        self.pos = 0

    def __iter__(self):
        return self

    def __next__(self):
        if self.pos + self.batch > len(self.xs):
            self.pos = 0
        part = self.xs[self.pos:self.pos + self.batch]
        out = np.full((self.batch, 25, 2), self.pad, dtype="float32")
        for row, seq in enumerate(part):
            out[row, :len(seq)] = seq
        y = self.ys[self.pos:self.pos + self.batch]
        self.pos += self.batch
        return out, y


def make_walk(n):
    steps = np.random.randn(n, 2)
    return np.cumsum(steps, axis=0)


walks = [make_walk(np.random.randint(8, 25)) for _ in range(32)]
ends = np.array([w[-1] for w in walks])
sides = (ends[:, 0] > 0).astype("float32")
lens = np.array([len(w) for w in walks])
feeder = BatchFeeder(walks, sides, 8)
xb, yb = next(feeder)
inp = Input(shape=(25, 2))
m = Masking(mask_value=-1.0)(inp)
g = GRU(6)(m)
o = Dense(1, activation="sigmoid")(g)
model = keras.Model(inp, o)
model.compile("adam", "binary_crossentropy")
for step in range(4):
    xb, yb = next(feeder)
    loss = model.train_on_batch(xb, yb)
held = BatchFeeder(walks[24:], sides[24:], 8)
xv, yv = next(iter(held))
p = model.predict_on_batch(xv)
ev = model.test_on_batch(xv, yv)
decided = (p[:, 0] > 0.5) == yv.astype(bool)
hist, edges = np.histogram(lens, bins=4)
quartiles = np.quantile(lens, [0.25, 0.5, 0.75])
centred = np.array([w - w.mean(axis=0) for w in walks[:1]])[0]
print(ends.shape, sides.shape, xb.shape, yb.shape, p.shape, decided.shape, hist.shape, edges.shape, quartiles.shape, centred.shape[1])
