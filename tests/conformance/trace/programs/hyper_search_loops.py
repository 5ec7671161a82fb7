"""A hand-written grid over settings with early decisions, results in a frame."""
import itertools
import json
import logging

import numpy as np
import pandas as pd
from sklearn.datasets import fetch_california_housing, load_diabetes
from sklearn.metrics import mean_squared_error
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler, normalize
from tensorflow.keras import Sequential
from tensorflow.keras.layers import BatchNormalization, Dense, Dropout, Input

logger = logging.getLogger("search")
X, y = load_diabetes(return_X_y=True, as_frame=True)
columns = list(X.columns)
X_train, X_val, y_train, y_val = train_test_split(X, y, test_size=0.2, random_state=5)
scaler = StandardScaler()
X_train_s = pd.DataFrame(scaler.fit_transform(X_train), columns=columns, index=X_train.index)
X_val_s = pd.DataFrame(scaler.transform(X_val), columns=columns, index=X_val.index)
y_mean, y_std = y_train.mean(), y_train.std()
grid = {"units": [8, 16], "dropout": [0.0, 0.2], "norm": [True, False]}


def make(units, dropout, norm):
    m = Sequential()
    m.add(Input(shape=(len(columns),)))
    m.add(Dense(units, activation="relu"))
    if norm:
        m.add(BatchNormalization())
    if dropout > 0:
        m.add(Dropout(dropout))
    m.add(Dense(1))
    m.compile(optimizer="adam", loss="mse")
    return m


rows, predictions = [], {}
for values in itertools.product(*grid.values()):
    params = dict(zip(grid.keys(), values))
    net = make(**params)
    net.fit(X_train_s, (y_train - y_mean) / y_std, epochs=1, batch_size=64, verbose=0)
    p = net.predict(X_val_s, verbose=0).flatten() * y_std + y_mean
    score = mean_squared_error(y_val, p)
    predictions[json.dumps(params)] = p
    rows.append({**params, "mse": score})
    logger.info("%s %.3f", params, score)
results = pd.DataFrame(rows).sort_values("mse")
best = results.iloc[0]
matrix = np.array(list(predictions.values()))
ensemble = matrix.mean(axis=0)
spread = matrix.std(axis=0)
corr = np.corrcoef(matrix)
unit = normalize(matrix)
pivot = results.pivot_table(index="units", columns="dropout", values="mse", aggfunc="mean")
print(X.shape, matrix.shape, ensemble.shape, spread.shape, corr.shape, unit.shape, pivot.shape, best.shape)
