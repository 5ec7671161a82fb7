import numpy as np
import pandas as pd

idx = pd.date_range("2022-03-01", periods=200, freq="h")
load = pd.Series(np.random.rand(200) * 40 + 100, index=idx)

hour_sin = np.sin(2 * np.pi * idx.hour / 24)
hour_cos = np.cos(2 * np.pi * idx.hour / 24)
calendar = np.stack([hour_sin, hour_cos], axis=1)

series = load.values.reshape(1, -1)
features = np.concatenate([series, calendar], axis=1)
print("features:", features.shape)

steps = 24
X = np.array([features[i:i + steps] for i in range(len(features) - steps)])
print(X.shape)
