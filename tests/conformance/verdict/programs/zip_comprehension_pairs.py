import numpy as np

temperature = np.random.rand(60)
humidity = np.random.rand(58)
pressure = np.random.rand(60)

# one row per hour
rows = np.array([temperature, humidity, pressure])
X = rows.T
print(X.shape)
