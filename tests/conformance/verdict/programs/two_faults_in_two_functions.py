import numpy as np


def difference(a, order):
    return a[order:] - a[:-1]


def windows(a, n):
    return np.stack([a[i:i + n] for i in range(len(a))])


price = np.cumsum(np.random.randn(300))
d = difference(price, 2)
x = windows(d, 20)
print(x.shape)
