# only: keras=3
"""The standalone `keras` package with keras.ops."""
import keras
import numpy as np
from keras import layers, ops


class PositionalEmbedding(layers.Layer):
    def __init__(self, length, vocab, dim, **kw):
        super().__init__(**kw)
        self.token = layers.Embedding(vocab, dim)
        self.position = layers.Embedding(length, dim)
        self.length = length

    def call(self, x):
        positions = ops.arange(0, self.length, 1)
        return self.token(x) + self.position(positions)


class RMSNorm(layers.Layer):
    def build(self, shape):
        self.gain = self.add_weight(shape=(shape[-1],), initializer="ones")

    def call(self, x):
        square = ops.mean(ops.square(x), axis=-1, keepdims=True)
        return x * ops.rsqrt(square + 1e-6) * self.gain


class Block(layers.Layer):
    def __init__(self, dim, heads):
        super().__init__()
        self.norm1 = RMSNorm()
        self.norm2 = RMSNorm()
        self.attend = layers.MultiHeadAttention(heads, dim // heads)
        self.feed = keras.Sequential([layers.Dense(2 * dim, activation="silu"), layers.Dense(dim)])

    def call(self, x):
        normed = self.norm1(x)
        x = x + self.attend(normed, normed, use_causal_mask=True)
        return x + self.feed(self.norm2(x))


LEN, VOCAB, DIM = 10, 40, 16
keras.utils.set_random_seed(0)
inputs = keras.Input((LEN,), dtype="int32")
x = PositionalEmbedding(LEN, VOCAB, DIM)(inputs)
for _ in range(2):
    x = Block(DIM, 4)(x)
logits = layers.Dense(VOCAB)(x)
model = keras.Model(inputs, logits)
model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))

stream = np.random.randint(0, VOCAB, 301)
ids = stream[:-1].reshape(-1, LEN)
nxt = stream[1:].reshape(-1, LEN)
model.fit(ids, nxt, batch_size=8, epochs=1, verbose=0)

prompt = ids[:1]
for _ in range(3):
    out = model.predict(prompt, verbose=0)
    probs = ops.softmax(out[:, -1, :])
    best = ops.argmax(probs, axis=-1)
    token = ops.convert_to_numpy(best).reshape(1, 1)
    prompt = np.concatenate([prompt[:, 1:], token], axis=1)

a = ops.ones((4, 3))
b = ops.matmul(a, ops.transpose(a))
c = ops.concatenate([a, ops.zeros((4, 2))], axis=1)
d = ops.expand_dims(c, 0)
e = ops.repeat(d, 3, axis=0)
f = ops.reshape(e, (3, -1))
g = ops.stack([b, b], axis=-1)
h = ops.einsum("ij,kj->ik", c, c)
top_v, top_i = ops.top_k(h, 2)
m = ops.where(h > 1, h, 0.0)
onehot = ops.one_hot(ops.convert_to_tensor([1, 3]), 5)
print(prompt.shape, f.shape, g.shape, top_v.shape, m.shape, onehot.shape)
