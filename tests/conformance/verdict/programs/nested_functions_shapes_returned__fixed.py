import numpy as np
from tensorflow.keras import layers, models


def load():
    def standardise(a):
        return (a - a.mean(axis=0)) / (a.std(axis=0) + 1e-8)

    table = np.random.rand(150, 6)
    return standardise(table)


def features_and_target(table, target_column=2):
    target = table[:, target_column]
    features = np.delete(table, target_column, axis=1)
    return features, target


def sequence(features, target, length):
    count = features.shape[0] - length
    out = np.empty((count, length, features.shape[1]))
    for k in range(count):
        out[k] = features[k:k + length]
    return out, target[length:]


table = load()
features, target = features_and_target(table)
X, y = sequence(features, target, 12)

model = models.Sequential()
model.add(layers.Input((12, X.shape[2])))
model.add(layers.LSTM(5))
model.add(layers.Dense(1))
model.compile("adam", "mse")
model.fit(X, y, epochs=1, verbose=0)
