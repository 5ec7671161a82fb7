"""Batches from a Python generator, with fit(steps_per_epoch=...)."""
import numpy as np
from tensorflow.keras import Sequential, layers


def random_walk(n, vol=0.01, seed=None):
    r = np.random.RandomState(seed)
    steps = r.randn(n) * vol
    return 100 * np.exp(np.cumsum(steps))


def batches(prices, window, batch_size, shuffle=True):
    n = len(prices) - window - 1
    rng = np.random.RandomState(0)
    while True:
        starts = rng.randint(0, n, size=batch_size) if shuffle else np.arange(batch_size)
        xs = np.zeros((batch_size, window, 1))
        ys = np.zeros((batch_size,))
        for row, s in enumerate(starts):
            chunk = prices[s:s + window]
            xs[row, :, 0] = chunk / chunk[0] - 1
            ys[row] = prices[s + window] / chunk[-1] - 1
        yield xs, ys


prices = random_walk(300, seed=5)
gen = batches(prices, window=20, batch_size=16)
x0, y0 = next(gen)
print(x0.shape, y0.shape)

model = Sequential([
    layers.Input((20, 1)),
    layers.SimpleRNN(10, return_sequences=True),
    layers.SimpleRNN(10),
    layers.Dense(1, "tanh"),
])
model.compile("rmsprop", "mae")
model.fit(gen, steps_per_epoch=3, epochs=1, verbose=0)

val_gen = batches(prices, 20, 4, shuffle=False)
xv, yv = next(val_gen)
guess = model.predict(xv, verbose=0)
diff = guess - yv.reshape(-1, 1)
mae = np.abs(diff).mean()
log_returns = np.diff(np.log(prices))
volatility = np.array([log_returns[i - 20:i].std() for i in range(20, len(log_returns))])
high = volatility[volatility > np.median(volatility)]
print(mae, volatility.shape, high.size)
