import numpy as np

readings = np.random.rand(600, 5)
days = []
for start in range(0, len(readings), 24):
    days.append(readings[start:start + 24])
days = np.array(days)
print("days:", days.shape)
