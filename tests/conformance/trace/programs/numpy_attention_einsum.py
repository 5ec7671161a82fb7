"""Multi-head attention with einsum, causal masks and a feed-forward block, NumPy only."""
import numpy as np

batch, length, width, heads = 2, 7, 12, 3
head_dim = width // heads
rng = np.random.default_rng(8)


def softmax(a, axis=-1):
    a = a - np.max(a, axis=axis, keepdims=True)
    e = np.exp(a)
    return e / np.sum(e, axis=axis, keepdims=True)


def layer_norm(a, eps=1e-5):
    mu = a.mean(-1, keepdims=True)
    var = a.var(-1, keepdims=True)
    return (a - mu) / np.sqrt(var + eps)


def split_heads(a):
    b, t, _ = a.shape
    return a.reshape(b, t, heads, head_dim).transpose(0, 2, 1, 3)


tokens = rng.integers(0, 30, size=(batch, length))
table = rng.normal(size=(30, width))
positions = rng.normal(size=(length, width))
x = table[tokens] + positions

wq = rng.normal(size=(width, width))
wk = rng.normal(size=(width, width))
wv = rng.normal(size=(width, width))
wo = rng.normal(size=(heads, head_dim, width))

q, k, v = (split_heads(x @ w) for w in (wq, wk, wv))
scores = np.einsum("bhqd,bhkd->bhqk", q, k) / np.sqrt(head_dim)
causal = np.triu(np.ones((length, length), dtype=bool), k=1)
scores = np.where(causal, -1e9, scores)
weights = softmax(scores)
context = np.einsum("bhqk,bhkd->bqhd", weights, v)
projected = np.einsum("bqhd,hdw->bqw", context, wo)
x = layer_norm(x + projected)

w1, b1 = rng.normal(size=(width, 4 * width)), np.zeros(4 * width)
w2, b2 = rng.normal(size=(4 * width, width)), np.zeros(width)
hidden = np.maximum(0, x @ w1 + b1)
x = layer_norm(x + hidden @ w2 + b2)

logits = x @ table.T
predicted = logits.argmax(axis=-1)
shifted = np.roll(tokens, -1, axis=1)
mask = np.ones((batch, length))
mask[:, -1] = 0
logp = np.log(softmax(logits))
token_logp = np.take_along_axis(logp, shifted[:, :, None], axis=-1).squeeze(-1)
loss = -(token_logp * mask).sum() / mask.sum()
mean_attention = weights.mean(axis=(0, 1))
diagonal = np.diagonal(mean_attention)
print(loss, predicted.shape, diagonal)
