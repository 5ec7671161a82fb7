import numpy as np
from sklearn.model_selection import KFold
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense, Input

respondents = [[np.random.rand() for _ in range(6)] for _ in range(30)]
satisfaction = [float(k % 5) for k in range(30)]

folds = KFold(n_splits=3, shuffle=True, random_state=0)
for train, test in folds.split(respondents):
    model = Sequential([Input((6,)), Dense(4), Dense(1)])
    model.compile("adam", "mse")
    model.fit(respondents[train], satisfaction[train], epochs=1, verbose=0)
