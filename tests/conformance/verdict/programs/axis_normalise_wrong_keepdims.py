import numpy as np

power = np.random.rand(30, 24)          # 30 houses, 24 hours
share = power / power.sum(axis=1)
print(share.shape)
