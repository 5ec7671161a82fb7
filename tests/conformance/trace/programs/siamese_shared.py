"""Two sentences, one encoder: shared layers and a nested model."""
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

VOCAB = 80
LEN = 12


def make_encoder(vocab=VOCAB, dim=10, units=6):
    tokens = keras.Input((LEN,), dtype="int32")
    x = layers.Embedding(vocab, dim, mask_zero=True)(tokens)
    x = layers.Bidirectional(layers.LSTM(units))(x)
    x = layers.Dense(8, activation="tanh")(x)
    return keras.Model(tokens, x, name="encoder")


rng = np.random.default_rng(2)


def fake_sentences(n):
    lengths = rng.integers(3, LEN + 1, size=n)
    out = np.zeros((n, LEN), dtype="int32")
    for row, length in enumerate(lengths):
        out[row, :length] = rng.integers(1, VOCAB, size=length)
    return out, lengths


left, left_len = fake_sentences(40)
right, right_len = fake_sentences(40)
same = (np.abs(left_len - right_len) < 3).astype("float32")

encoder = make_encoder()
a = keras.Input((LEN,), dtype="int32")
b = keras.Input((LEN,), dtype="int32")
va = encoder(a)
vb = encoder(b)
diff = layers.Subtract()([va, vb])
prod = layers.Multiply()([va, vb])
features = layers.Concatenate()([va, vb, diff, prod])
score = layers.Dense(1, activation="sigmoid")(features)
model = keras.Model([a, b], score)
model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
model.fit([left, right], same, epochs=1, batch_size=16, verbose=0)

codes = encoder.predict(left, verbose=0)
queries = encoder.predict(right[:5], verbose=0)
dist = np.sqrt(((queries[:, np.newaxis, :] - codes[np.newaxis, :, :]) ** 2).sum(-1))
closest = np.argpartition(dist, 3, axis=1)[:, :3]
mean_dist = np.take_along_axis(dist, closest, axis=1).mean(axis=1)
mask = left != 0
tokens_per_sentence = mask.sum(axis=1)
assert (tokens_per_sentence == left_len).all()
print(closest.shape, mean_dist)
