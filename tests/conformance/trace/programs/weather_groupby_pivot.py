"""Several stations in a long table, pivoted to wide, windows of all stations."""
import numpy as np
import pandas as pd
from tensorflow.keras import Input, Model
from tensorflow.keras.layers import Conv1D, Dense, Flatten, Reshape

stations = ["north", "south", "east"]
days = pd.date_range("2022-01-01", periods=120)
rows = []
for s in stations:
    for d in days:
        rows.append({"station": s, "date": d, "temp": np.random.normal(10, 3), "rain": np.random.rand()})
long = pd.DataFrame(rows)
wide = long.pivot(index="date", columns="station", values="temp")
rain = long.pivot_table(index="date", columns="station", values="rain", aggfunc="mean")
stats = long.groupby("station")["temp"].agg(["mean", "std"])
monthly = long.groupby(long["date"].dt.month)["rain"].mean()
wide = wide[stations]
z = (wide - wide.mean()) / wide.std()
smooth = z.rolling(7, min_periods=1).mean()
arr = smooth.to_numpy(dtype="float32")
both = np.stack([arr, rain[stations].to_numpy(dtype="float32")], axis=-1)
LAGS, AHEAD = 14, 2
X = np.array([both[i:i + LAGS] for i in range(len(both) - LAGS - AHEAD + 1)])
Y = np.array([arr[i + LAGS:i + LAGS + AHEAD] for i in range(len(arr) - LAGS - AHEAD + 1)])
X_flat = X.reshape(X.shape[0], LAGS, -1)
n_train = 80
inp = Input((LAGS, X_flat.shape[2]))
h = Conv1D(16, 3, activation="relu", padding="causal")(inp)
h = Conv1D(8, 3, activation="relu")(h)
h = Flatten()(h)
h = Dense(AHEAD * len(stations))(h)
out = Reshape((AHEAD, len(stations)))(h)
model = Model(inp, out)
model.compile("adam", "mae")
model.fit(X_flat[:n_train], Y[:n_train], epochs=1, verbose=0)
pred = model.predict(X_flat[n_train:], verbose=0)
back = pred * wide.std().values + wide.mean().values
frame = pd.DataFrame(back[:, 0, :], columns=stations)
mae_per_station = np.abs(pred - Y[n_train:]).mean(axis=(0, 1))
print(long.shape, wide.shape, stats.shape, monthly.shape, X.shape, Y.shape, pred.shape, frame.shape, mae_per_station.shape)
