import numpy as np

price = np.cumsum(np.random.randn(120)) + 50


def lag(series, k):
    return series[:-k] if k else series


lags = [lag(price, k).reshape(-1, 1) for k in (1, 2, 3)]
X = np.hstack(lags)
y = price[3:]
print(X.shape, y.shape)

coef, *_ = np.linalg.lstsq(X, y, rcond=None)
print(coef)
