"""Config dictionary, a DataModule-like class, an LSTM."""
import numpy as np
import pandas as pd
from sklearn.preprocessing import StandardScaler
from tensorflow.keras import Sequential
from tensorflow.keras.callbacks import EarlyStopping, ReduceLROnPlateau
from tensorflow.keras.layers import LSTM, Dense, Dropout

CONFIG = {
    "data": {"window": 15, "train": 0.7, "val": 0.15, "columns": ["close", "volume", "ret", "ma"]},
    "model": {"layers": [24, 12], "dropout": 0.2},
    "fit": {"epochs": 1, "batch_size": 16},
}


class Prices:
    def __init__(self, cfg):
        self.cfg = cfg
        self.scaler = StandardScaler()
        self.frame = self._make()

    def _make(self, n=260):
        close = 100 + np.cumsum(np.random.normal(0, 1, n))
        f = pd.DataFrame({"close": close, "volume": np.random.randint(1000, 5000, n)})
        f["ret"] = f["close"].pct_change()
        f["ma"] = f["close"].rolling(window=5).mean()
        return f.dropna().reset_index(drop=True)

    @property
    def sizes(self):
        n = len(self.frame)
        a = int(n * self.cfg["train"])
        return a, a + int(n * self.cfg["val"])

    def arrays(self):
        a, b = self.sizes
        values = self.frame[self.cfg["columns"]].values
        self.scaler.fit(values[:a])
        return tuple(self._cut(self.scaler.transform(part)) for part in (values[:a], values[a:b], values[b:]))

    def _cut(self, part):
        w = self.cfg["window"]
        X = np.stack([part[i:i + w] for i in range(len(part) - w)])
        y = part[w:, 0]
        return X, y


def make_model(cfg, shape):
    m = Sequential()
    for k, units in enumerate(cfg["layers"]):
        last = k == len(cfg["layers"]) - 1
        if k == 0:
            m.add(LSTM(units, return_sequences=not last, input_shape=shape))
        else:
            m.add(LSTM(units, return_sequences=not last))
        m.add(Dropout(cfg["dropout"]))
    m.add(Dense(1))
    m.compile(optimizer="adam", loss="mse")
    return m


data = Prices(CONFIG["data"])
(train_x, train_y), (val_x, val_y), (test_x, test_y) = data.arrays()
model = make_model(CONFIG["model"], train_x.shape[1:])
callbacks = [EarlyStopping(patience=3, restore_best_weights=True), ReduceLROnPlateau()]
model.fit(train_x, train_y, validation_data=(val_x, val_y), callbacks=callbacks, verbose=0, **CONFIG["fit"])
pred = model.predict(test_x, verbose=0)[:, 0]
rmse = float(np.sqrt(np.mean((pred - test_y) ** 2)))
direction = np.sign(np.diff(pred)) == np.sign(np.diff(test_y))
hit = direction.mean()
print(train_x.shape, val_x.shape, test_x.shape, pred.shape, direction.shape, rmse, hit)
