import numpy as np
import pandas as pd
from tensorflow.keras.layers import Dense, GRU, Input
from tensorflow.keras.models import Sequential

np.random.seed(123)

# ---------------------------------------------------------------- data
weeks = pd.date_range("2018-01-01", periods=160, freq="W")
store = pd.DataFrame({
    "week": weeks,
    "sales": 200 + 30 * np.sin(np.arange(160) / 8) + np.random.randn(160) * 5,
    "promo": np.random.randint(0, 2, 160),
    "price": np.random.uniform(1.5, 2.5, 160),
}).set_index("week")

FEATURES = ["sales", "promo", "price"]
LAGS = 8
AHEAD = 4

# ---------------------------------------------------------------- windows
def sliding(frame, lags, ahead):
    values = frame[FEATURES].to_numpy("float32")
    sales = frame["sales"].to_numpy("float32")
    X = [values[i:i + lags] for i in range(len(values) - lags - ahead + 1)]
    Y = [sales[i + lags:i + lags + ahead] for i in range(len(values) - lags - ahead + 1)]
    return np.array(X), np.array(Y)

# ---------------------------------------------------------------- model
def make_model():
    model = Sequential([
        Input((LAGS, len(FEATURES))),
        GRU(10),
        Dense(AHEAD),
    ])
    model.compile(optimizer="adam", loss="mae")
    return model

# ---------------------------------------------------------------- walk forward
scores = []
first_fold = 100
fold_size = 30
for fold, end in enumerate(range(first_fold, len(store), fold_size)):
    train = store.iloc[:end]
    test = store.iloc[end:end + fold_size]
    X_train, Y_train = sliding(train, LAGS, AHEAD)
    X_test, Y_test = sliding(test, LAGS, AHEAD)
    model = make_model()
    model.fit(X_train, Y_train, epochs=1, batch_size=32, verbose=0)
    scores.append(model.evaluate(X_test, Y_test, verbose=0))
    print("fold", fold, "mae", round(scores[-1], 2))

print("mean", np.mean(scores))
