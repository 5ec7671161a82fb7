"""Greedy CTC-style decoding of random scores, run lengths, edit distance."""
import numpy as np
from tensorflow.keras import Input, Model
from tensorflow.keras.layers import Bidirectional, Conv1D, Dense, GRU, TimeDistributed

ALPHABET = "_abcde"
N_MFCC = 13
CONTEXT = 2


def mfcc_like(seconds, rng):
    frames = int(seconds * 50)
    return rng.normal(size=(frames, N_MFCC))


def add_context(feats, context=CONTEXT):
    padded = np.pad(feats, ((context, context), (0, 0)), mode="edge")
    shifted = [padded[i:i + len(feats)] for i in range(2 * context + 1)]
    return np.concatenate(shifted, axis=1)


def add_deltas(feats):
    d1 = np.gradient(feats, axis=0)
    d2 = np.gradient(d1, axis=0)
    return np.hstack([feats, d1, d2])


rng = np.random.default_rng(77)
durations = [0.8, 1.2, 1.0]
utterances = [mfcc_like(s, rng) for s in durations]
with_deltas = [add_deltas(u) for u in utterances]
with_context = [add_context(u) for u in with_deltas]
longest = max(u.shape[0] for u in with_context)
dim = with_context[0].shape[1]
batch = np.zeros((len(utterances), longest, dim), dtype=np.float32)
n_frames = np.zeros(len(utterances), dtype=int)
for row, u in enumerate(with_context):
    batch[row, :u.shape[0], :] = u
    n_frames[row] = u.shape[0]

speech = Input(shape=(None, dim))
sub = Conv1D(16, 5, strides=2, padding="same", activation="relu")(speech)
enc = Bidirectional(GRU(8, return_sequences=True))(sub)
enc = Bidirectional(GRU(8, return_sequences=True), merge_mode="sum")(enc)
scores = TimeDistributed(Dense(len(ALPHABET), activation="softmax"))(enc)
am = Model(speech, scores)
out = am.predict(batch, verbose=0)
out_frames = (n_frames + 1) // 2


def greedy(probs):
    best = probs.argmax(axis=-1)
    change = np.insert(best[1:] != best[:-1], 0, True)
    collapsed = best[change]
    return collapsed[collapsed != 0]


decoded = ["".join(ALPHABET[i] for i in greedy(out[b, :out_frames[b]])) for b in range(len(out))]


def edit_distance(a, b):
    table = np.zeros((len(a) + 1, len(b) + 1), dtype=int)
    table[:, 0] = np.arange(len(a) + 1)
    table[0, :] = np.arange(len(b) + 1)
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            cost = a[i - 1] != b[j - 1]
            table[i, j] = min(table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + cost)
    return table[-1, -1]


distances = np.array([edit_distance(d, "abc") for d in decoded])
logp = np.log(out.max(axis=2) + 1e-9)
valid = np.arange(out.shape[1])[None, :] < out_frames[:, None]
mean_logp = np.where(valid, logp, 0).sum(axis=1) / valid.sum(axis=1)
print(distances, mean_logp.shape, dim)
