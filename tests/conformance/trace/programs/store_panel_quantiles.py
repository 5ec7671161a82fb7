import numpy as np
import pandas as pd
from tensorflow import keras

rng = np.random.default_rng(5)
frames = []
for store in ["s1", "s2", "s3"]:
    idx = pd.date_range("2022-01-01", periods=120, freq="D")
    f = pd.DataFrame({"date": idx, "store": store, "sales": rng.poisson(30, 120), "promo": rng.integers(0, 2, 120)})
    frames.append(f)
data = pd.concat(frames, ignore_index=True)
data["dow"] = data["date"].dt.dayofweek
data = data.join(pd.get_dummies(data["dow"], prefix="d", dtype="float32"))
data["sales_n"] = data.groupby("store")["sales"].transform(lambda s: (s - s.mean()) / s.std())
data["lag7"] = data.groupby("store")["sales_n"].shift(7)
data = data.dropna()
store_map = {s: i for i, s in enumerate(data["store"].unique())}
data["store_id"] = data["store"].map(store_map)
feats = ["sales_n", "promo", "lag7"] + [c for c in data.columns if c.startswith("d_")]
T, H = 14, 3
Xs, Ss, Ys = [], [], []
for sid, g in data.groupby("store_id"):
    v = g[feats].values.astype("float32")
    for t in range(T, len(g) - H + 1):
        Xs.append(v[t - T:t])
        Ss.append(sid)
        Ys.append(v[t:t + H, 0])
X, S, Y = np.stack(Xs), np.array(Ss), np.stack(Ys)
print(X.shape, S.shape, Y.shape)
seq = keras.Input((T, len(feats)), name="seq")
sid = keras.Input((1,), name="sid", dtype="int32")
emb = keras.layers.Flatten()(keras.layers.Embedding(len(store_map), 2)(sid))
h = keras.layers.LSTM(16, dropout=0.1)(seq)
h = keras.layers.Concatenate()([h, emb])
q = [keras.layers.Dense(H, name=f"q{int(p * 100)}")(h) for p in (0.1, 0.5, 0.9)]


def pinball(tau):
    def loss(y, p):
        e = y - p
        return keras.backend.mean(keras.backend.maximum(tau * e, (tau - 1) * e), axis=-1) if hasattr(keras.backend, "maximum") else abs(e)
    return loss


model = keras.Model([seq, sid], q)
model.compile("adam", loss=["mae", "mae", "mae"])
cut = int(len(X) * 0.8)
model.fit([X[:cut], S[:cut]], [Y[:cut]] * 3, epochs=1, verbose=0, validation_data=([X[cut:], S[cut:]], [Y[cut:]] * 3))
lo, mid, hi = model.predict([X[cut:], S[cut:]], verbose=0)
cover = ((Y[cut:] >= lo) & (Y[cut:] <= hi)).mean(axis=0)
report = pd.DataFrame({"h": np.arange(1, H + 1), "cover": cover, "mae": np.abs(mid - Y[cut:]).mean(0)})
print(report.to_string(index=False))
