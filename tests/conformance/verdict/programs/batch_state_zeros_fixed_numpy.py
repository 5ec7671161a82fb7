import numpy as np


class NumpyRNN:
    """A vanilla RNN, forward only."""

    def __init__(self, n_in, n_hidden, seed=0):
        rng = np.random.default_rng(seed)
        self.wx = rng.normal(0, 0.1, (n_in, n_hidden))
        self.wh = rng.normal(0, 0.1, (n_hidden, n_hidden))
        self.b = np.zeros(n_hidden)

    def forward(self, x, h):
        outputs = []
        for t in range(x.shape[1]):
            h = np.tanh(x[:, t] @ self.wx + h @ self.wh + self.b)
            outputs.append(h)
        return np.stack(outputs, axis=1), h


def iterate(x, batch_size):
    for k in range(0, len(x), batch_size):
        yield x[k:k + batch_size]


x = np.random.rand(50, 9, 3)
rnn = NumpyRNN(3, 7)
h = np.zeros((16, 7))
for batch in iterate(x, 16):
    out, h = rnn.forward(batch, h)
    print(out.shape)
