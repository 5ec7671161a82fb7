import numpy as np
import pandas as pd
from sklearn.preprocessing import MinMaxScaler

np.random.seed(1)
frame = pd.DataFrame(
    np.random.rand(100, 4) * 50,
    columns=["open", "high", "low", "close"],
)
scaler = MinMaxScaler(feature_range=(0, 1))
scaled = scaler.fit_transform(frame)

X_train, y_train = [], []
for i in range(60, len(scaled)):
    X_train.append(scaled[i - 60:i, :])
    y_train.append(scaled[i, 3])      # close
X_train, y_train = np.array(X_train), np.array(y_train)
print(X_train.shape, y_train.shape)
