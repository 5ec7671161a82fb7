"""A Keras network behind the scikit-learn interface, written by hand."""
import numpy as np
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.datasets import make_regression
from sklearn.metrics import mean_absolute_error, r2_score
from sklearn.model_selection import KFold, train_test_split
from sklearn.preprocessing import PolynomialFeatures, StandardScaler
from tensorflow import keras


class NetRegressor(BaseEstimator, RegressorMixin):
    def __init__(self, hidden=(16,), epochs=1, batch_size=32):
        self.hidden = hidden
        self.epochs = epochs
        self.batch_size = batch_size

    def _build(self, n_features):
        net = keras.Sequential([keras.layers.Input((n_features,))])
        for h in self.hidden:
            net.add(keras.layers.Dense(h, activation="relu"))
        net.add(keras.layers.Dense(1))
        net.compile(optimizer="adam", loss="mse")
        return net

    def fit(self, X, y):
        self.scaler_ = StandardScaler().fit(X)
        self.model_ = self._build(X.shape[1])
        self.model_.fit(self.scaler_.transform(X), y, epochs=self.epochs, batch_size=self.batch_size, verbose=0)
        return self

    def predict(self, X):
        return self.model_.predict(self.scaler_.transform(X), verbose=0).ravel()


X, y = make_regression(n_samples=150, n_features=5, noise=3.0, random_state=0)
poly = PolynomialFeatures(degree=2, include_bias=False)
Xp = poly.fit_transform(X)
X_train, X_test, y_train, y_test = train_test_split(Xp, y, test_size=30, random_state=1)
reg = NetRegressor(hidden=(12, 6)).fit(X_train, y_train)
y_hat = reg.predict(X_test)
mae = mean_absolute_error(y_test, y_hat)
r2 = r2_score(y_test, y_hat)
fold_errors = []
oof = np.zeros_like(y)
for fold, (tr, va) in enumerate(KFold(n_splits=3).split(Xp)):
    m = NetRegressor().fit(Xp[tr], y[tr])
    p = m.predict(Xp[va])
    oof[va] = p
    fold_errors.append(np.mean(np.abs(p - y[va])))
errors = np.array(fold_errors)
residuals = y - oof
print(Xp.shape, y_hat.shape, errors.shape, residuals.shape, mae, r2)
