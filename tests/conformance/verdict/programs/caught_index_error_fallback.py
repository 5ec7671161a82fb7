import numpy as np

readings = [np.random.rand(5) for _ in range(10)]


def latest(readings, steps_back):
    try:
        return readings[len(readings) - 1 + steps_back]
    except IndexError:
        return readings[-1]


x = np.stack([latest(readings, k) for k in range(3)])
print(x.shape)
