import numpy as np
import pandas as pd
from sklearn.preprocessing import StandardScaler

train = pd.DataFrame(np.random.rand(50, 3), columns=["co2", "temp", "light"])
test = pd.DataFrame(np.random.rand(20, 3), columns=["co2", "temp", "light"])

scaler = StandardScaler()
train_scaled = scaler.fit_transform(train.values)
test_scaled = scaler.transform(test[["co2", "temp"]].values)


def window(table, size):
    return np.array([table[i:i + size] for i in range(len(table) - size + 1)])


print(window(train_scaled, 5).shape, window(test_scaled, 5).shape)
