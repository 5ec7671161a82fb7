from collections import deque

import numpy as np

stream = [np.random.rand(3) for _ in range(20)]
window = deque(maxlen=5)
samples = []
for reading in stream:
    window.append(reading)
    samples.append(np.array(window))

X = np.array(samples)
print(X.shape)
