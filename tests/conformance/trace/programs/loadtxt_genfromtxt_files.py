"""Files written, then read in every NumPy and pandas way; shapes with known columns and read rows."""
import io
import json

import numpy as np
import pandas as pd

with open("points.txt", "w") as fh:
    for i in range(25):
        print(i, i * 0.5, (-1) ** i, file=fh)

points = np.loadtxt("points.txt")
xs, ys, signs = np.loadtxt("points.txt", unpack=True)
cols = np.loadtxt("points.txt", usecols=(0, 2))
ints = np.loadtxt("points.txt", usecols=0, dtype=int)
gen = np.genfromtxt("points.txt", max_rows=10)
np.save("points.npy", points)
again = np.load("points.npy")
np.savetxt("out.csv", points[:, :2], delimiter=",", header="x,y", comments="")
frame = pd.read_csv("out.csv")
matrix = frame.to_numpy()
x_col = frame["x"].values
frame["z"] = frame["x"] + frame["y"]
top = frame.head(4)
selected = frame[frame["y"] > 3]
both = frame[["x", "z"]]
numbers = both.values
first = frame.iloc[0]
rows = frame.iloc[2:7]
cell = frame.iloc[:, 0]
buffer = io.StringIO("a,b\n1,2\n3,4\n5,6\n")
small = pd.read_csv(buffer)
merged = pd.concat([small, small], ignore_index=True)
wide = pd.concat([small, small.add_prefix("q_")], axis=1)
dummies = pd.get_dummies(pd.Series(["u", "v", "u"]))
onehot = dummies.to_numpy()
filled = small.fillna(0).astype("float32").to_numpy()
T = matrix.T
gram = T @ matrix
scaled = (points - points.mean(axis=0)) / points.std(axis=0)
halves = np.hsplit(points[:, 1:], 2)
left = halves[0]
with open("meta.json", "w") as fh:
    json.dump({"weights": [[1, 2, 3], [4, 5, 6]], "bias": [0.5, 0.5]}, fh)
weights = np.array([[1, 2, 3], [4, 5, 6]])
scores = points @ weights.T
best = scores.max(axis=1)
pairs = np.stack([xs, ys], axis=1)
above = pairs[pairs[:, 1] > 4]
third = points[::3]
rev = points[::-1, [2, 0]]
window = 5
windows = np.lib.stride_tricks.sliding_window_view(xs, window)
lag_matrix = np.array([xs[i:i + window] for i in range(len(xs) - window + 1)])
assert windows.shape == lag_matrix.shape
means = lag_matrix.mean(axis=1)
pad = np.pad(means, (window - 1, 0), constant_values=np.nan)
print(again.shape, gram.shape, above.shape, pad.shape, gen.shape, top.shape, selected.shape)
