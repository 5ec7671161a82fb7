import numpy as np

rng = np.random.default_rng(0)
door_open = rng.random((20, 48)) > 0.5

# when did the door change?
changes = door_open[:, 1:].astype(int) - door_open[:, :-1].astype(int)
X = changes[..., np.newaxis]
print(X.shape, X.dtype)
