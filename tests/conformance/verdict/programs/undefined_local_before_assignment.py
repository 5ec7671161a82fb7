import numpy as np

best = np.inf


def update(losses):
    for loss in losses:
        if loss < best:
            best = loss
    return best


history = np.random.rand(5)
print(update(history))
