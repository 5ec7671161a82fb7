import numpy as np
import pandas as pd
from sklearn.preprocessing import StandardScaler

close = pd.Series(np.random.rand(90).cumsum() + 20)
log_return = np.diff(np.log(close.values), prepend=np.log(close.values[0]))
moving = close.rolling(5).mean().bfill().values

features = np.column_stack([close.values, log_return, moving])
features = StandardScaler().fit_transform(features)
print(features.shape)
