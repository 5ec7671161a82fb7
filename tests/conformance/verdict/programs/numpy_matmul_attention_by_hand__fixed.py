import numpy as np


def softmax(z, axis=-1):
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


class NumpyAttention:
    def __init__(self, d_in, d_k, rng):
        self.wq = rng.normal(size=(d_in, d_k))
        self.wk = rng.normal(size=(d_in, d_k))
        self.wv = rng.normal(size=(d_in, d_in))

    def __call__(self, x):
        q, k, v = x @ self.wq, x @ self.wk, x @ self.wv
        scores = q @ k.transpose(0, 2, 1) / np.sqrt(k.shape[-1])
        return softmax(scores) @ v


rng = np.random.default_rng(42)
x = rng.normal(size=(4, 10, 6))
attn = NumpyAttention(6, 5, rng)
out = attn(x)
print(out.shape)
