"""Bike counts: windows by comprehension, calendar features, two-headed GRU."""
import numpy as np
import pandas as pd
from tensorflow import keras
from tensorflow.keras import layers

WINDOW = 14
rng = np.random.default_rng(11)

days = pd.date_range("2023-01-01", periods=180, freq="D")
df = pd.DataFrame({
    "date": days,
    "count": (500 + 200 * np.sin(np.arange(180) / 7) + rng.normal(0, 30, 180)).round(),
    "rain": rng.random(180),
})
df["weekday"] = df["date"].dt.dayofweek
df["holiday"] = (df["weekday"] >= 5).astype(int)

values = df[["count", "rain", "holiday"]].to_numpy(dtype="float32")
weekday = df["weekday"].values
mean = values.mean(axis=0)
std = values.std(axis=0)
scaled = (values - mean) / std

weekday_onehot = np.eye(7)[weekday]
table = np.hstack([scaled, weekday_onehot]).astype("float32")

windows = np.array([table[i:i + WINDOW] for i in range(len(table) - WINDOW)])
next_count = np.array([scaled[i + WINDOW, 0] for i in range(len(table) - WINDOW)])
is_busy = (next_count > 0).astype(np.int32)

cut = -30
x_train, x_val = windows[:cut], windows[cut:]
c_train, c_val = next_count[:cut], next_count[cut:]
b_train, b_val = is_busy[:cut], is_busy[cut:]

inp = keras.Input(shape=(WINDOW, table.shape[1]))
seq = layers.GRU(16, return_sequences=True)(inp)
last = layers.GRU(8)(seq)
count_head = layers.Dense(1, name="count")(last)
busy_head = layers.Dense(1, activation="sigmoid", name="busy")(last)
model = keras.Model(inp, [count_head, busy_head])
model.compile(optimizer="adam", loss=["mse", "binary_crossentropy"])
model.fit(x_train, [c_train, b_train], validation_data=(x_val, [c_val, b_val]), epochs=1, verbose=0)

count_pred, busy_pred = model.predict(x_val, verbose=0)
count_pred = count_pred.flatten() * std[0] + mean[0]
busy = busy_pred[:, 0] > 0.5
agree = (busy == b_val.astype(bool)).mean()
report = pd.DataFrame({"predicted": count_pred, "busy": busy})
print(report.head(), agree)
