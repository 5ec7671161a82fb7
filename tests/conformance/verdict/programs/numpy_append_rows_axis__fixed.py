import numpy as np

buffer = np.empty((0, 4))
for minute in range(30):
    reading = np.random.rand(4)
    buffer = np.append(buffer, reading[None], axis=0)
print(buffer.shape)

windows = np.stack([buffer[i:i + 5] for i in range(len(buffer) - 5)])
print(windows.shape)
