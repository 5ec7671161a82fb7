import numpy as np

history = []
for day in range(60):
    history.append([day % 7, np.random.rand(), np.random.rand()])

weekday = np.array(history)[:, 0]
features = np.array(history)[:, 1:]
print(features.shape)
