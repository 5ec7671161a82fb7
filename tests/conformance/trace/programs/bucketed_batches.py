"""Sequences in length buckets; each bucket is trained with its own batch shape."""
import collections

import numpy as np
from tensorflow.keras import Model, Input
from tensorflow.keras.layers import LSTM, Dense, Masking

rng = np.random.default_rng(17)
lengths = rng.integers(5, 21, size=60)
sequences = [rng.normal(size=(int(n), 4)) for n in lengths]
answers = np.array([s.sum() > 0 for s in sequences], dtype="float32")

buckets = collections.defaultdict(list)
for index, seq in enumerate(sequences):
    width = 10 if len(seq) <= 10 else 20
    buckets[width].append(index)

inp = Input(shape=(None, 4))
hidden = LSTM(6)(Masking()(inp))
model = Model(inp, Dense(1, activation="sigmoid")(hidden))
model.compile("adam", "binary_crossentropy")


def pad_to(seqs, width):
    out = np.zeros((len(seqs), width, 4), dtype="float32")
    for row, s in enumerate(seqs):
        out[row, -len(s):] = s
    return out


losses = []
for width in (10, 20):
    members = buckets[width]
    padded = pad_to([sequences[i] for i in members], width)
    labels = answers[members]
    loss = model.train_on_batch(padded, labels[:, None])
    losses.append(float(np.squeeze(loss)))

longest = max(sequences, key=len)
shortest = min(sequences, key=len)
p_long = model.predict(longest[None], verbose=0)
p_short = model.predict(shortest[np.newaxis, ...], verbose=0)
both = np.vstack([p_long, p_short])
whole = pad_to(sequences, 20)
mask = (whole != 0).any(axis=-1)
steps = mask.sum(axis=1)
means = (whole * mask[..., None]).sum(axis=1) / steps[:, None]
last = whole[:, -1]
first = whole[np.arange(len(whole)), 20 - steps]
lengths_sorted = np.sort(lengths)
print(losses, both.ravel(), means.shape, last.shape, first.shape, lengths_sorted[-1])
