"""An LSTM forward pass in NumPy alone."""
import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


class NumpyLSTM:
    def __init__(self, n_in, n_hidden, rng):
        scale = 1.0 / np.sqrt(n_hidden)
        self.W = rng.uniform(-scale, scale, (n_in, 4 * n_hidden))
        self.U = rng.uniform(-scale, scale, (n_hidden, 4 * n_hidden))
        self.b = np.zeros(4 * n_hidden)
        self.n_hidden = n_hidden

    def step(self, x_t, h, c):
        z = x_t @ self.W + h @ self.U + self.b
        i, f, g, o = np.split(z, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        return h, c

    def __call__(self, x):
        batch, steps, _ = x.shape
        h = np.zeros((batch, self.n_hidden))
        c = np.zeros_like(h)
        outputs = []
        for t in range(steps):
            h, c = self.step(x[:, t, :], h, c)
            outputs.append(h)
        seq = np.stack(outputs, axis=1)
        return seq, (h, c)


rng = np.random.default_rng(0)
x = rng.standard_normal((5, 12, 3))
lstm1 = NumpyLSTM(3, 8, rng)
lstm2 = NumpyLSTM(8, 4, rng)
seq1, (h1, c1) = lstm1(x)
seq2, state = lstm2(seq1)
assert np.allclose(seq2[:, -1], state[0])

readout = rng.normal(size=(4, 2))
logits = seq2 @ readout
logits -= logits.max(axis=-1, keepdims=True)
probs = np.exp(logits)
probs /= probs.sum(axis=-1, keepdims=True)
targets = rng.integers(0, 2, size=(5, 12))
picked = np.take_along_axis(probs, targets[..., None], axis=2)[..., 0]
nll = -np.log(picked)
per_sequence = nll.mean(axis=1)
loss = per_sequence.mean()
print(loss, per_sequence)
