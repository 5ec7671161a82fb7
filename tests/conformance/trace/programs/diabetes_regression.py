"""Regression on scikit-learn's diabetes data, class-based, with early stopping."""
import argparse

import numpy as np
from sklearn.datasets import load_diabetes
from tensorflow import keras
from tensorflow.keras import layers


class Regressor:
    def __init__(self, n_in, hidden=(32, 16), lr=0.01):
        self.n_in = n_in
        self.hidden = hidden
        self.lr = lr
        self.model = self._build()
        self.mu = None
        self.sd = None

    def _build(self):
        m = keras.Sequential(name="regressor")
        m.add(keras.Input(shape=(self.n_in,)))
        for width in self.hidden:
            m.add(layers.Dense(width, activation="relu"))
        m.add(layers.Dense(1))
        m.compile(optimizer=keras.optimizers.Adam(learning_rate=self.lr), loss="mse")
        return m

    def fit(self, X, y, **kwargs):
        self.mu = X.mean(0)
        self.sd = X.std(0)
        Z = (X - self.mu) / self.sd
        stop = keras.callbacks.EarlyStopping(patience=2, restore_best_weights=True)
        return self.model.fit(Z, y, validation_split=0.2, callbacks=[stop], verbose=0, **kwargs)

    def predict(self, X):
        Z = (X - self.mu) / self.sd
        return self.model.predict(Z, verbose=0).squeeze(-1)


parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=2)
parser.add_argument("--batch-size", type=int, default=32)
args = parser.parse_args()

bunch = load_diabetes()
X = bunch["data"]
y = bunch["target"]
y = (y - y.mean()) / y.std()
mask = np.random.RandomState(0).rand(len(X)) < 0.8
Xtr, ytr = X[mask], y[mask]
Xte, yte = X[~mask], y[~mask]

reg = Regressor(X.shape[1])
reg.fit(Xtr, ytr, epochs=args.epochs, batch_size=args.batch_size)
pred = reg.predict(Xte)
ss_res = np.sum((yte - pred) ** 2)
ss_tot = np.sum((yte - yte.mean()) ** 2)
r2 = 1 - ss_res / ss_tot

# permutation importance
importances = np.empty(X.shape[1])
for j in range(X.shape[1]):
    Xp = X.copy()
    Xp[:, j] = np.random.permutation(Xp[:, j])
    importances[j] = np.mean((reg.predict(Xp) - y) ** 2)
ranking = np.argsort(importances)[::-1]
print(r2, ranking[:3])
