import os
import tempfile

import numpy as np
from tensorflow.keras.layers import Dense, GRU
from tensorflow.keras.models import Sequential

path = os.path.join(tempfile.mkdtemp(), "sensor.csv")
with open(path, "w") as f:
    f.write("time,a,b,c\n")
    for k in range(150):
        f.write(f"{k},{np.sin(k / 5):.4f},{np.cos(k / 7):.4f},{k % 10}\n")

raw = np.loadtxt(path, delimiter=",", skiprows=1)
time = raw[:, 0]
signals = raw[:, 1:4]
n_rows, n_cols = signals.shape

lo, hi = signals.min(axis=0), signals.max(axis=0)
norm = (signals - lo) / (hi - lo)

T = 10
xs, ys = [], []
for i in range(len(norm) - T):
    xs.append(norm[i:i + T])
    ys.append(norm[i + T, 0])
xs = np.array(xs)
ys = np.array(ys)

model = Sequential()
model.add(GRU(8, input_shape=(T, 3)))
model.add(Dense(1))
model.compile(loss="mse", optimizer="adam")
model.fit(xs, ys, epochs=1, verbose=0)
fitted = model.predict(xs, verbose=0)
residual = ys - fitted[:, 0]
flags = np.abs(residual) > 2 * residual.std()
times_of_flags = time[T:][flags]
ac = np.correlate(residual, residual, mode="full")
print(len(times_of_flags), residual.shape, ac.size)
