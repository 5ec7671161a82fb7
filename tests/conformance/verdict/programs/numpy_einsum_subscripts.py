import numpy as np

# batch, time, feature  x  feature, hidden
x = np.random.rand(8, 12, 5)
w = np.random.rand(6, 5)
h = np.einsum("btf,fh->bth", x, w)
pooled = h.mean(axis=1)
print(pooled.shape)
