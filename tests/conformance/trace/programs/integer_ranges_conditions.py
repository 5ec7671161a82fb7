import numpy as np
import pandas as pd
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

E = lambda n: layers.Embedding(n, 2)
N = 200
a = np.random.randint(10, 40, N)
b = np.random.randint(0, 8, N)
A = E(30)(a - a.min())
B = E(31)(a - 10)
C = E(8)(np.minimum(a, 7))
D = E(8)(np.maximum(b, 0))
F = E(5)(a % 5)
G = E(9)(np.clip(a, 0, 8))
H = E(31)(np.abs(a - 40))
I = E(48)(a + b)
J = E(60)(a * b // 10)
K = E(8)(np.where(b > 4, b, 0))
L = E(8)(np.where(a > 7, 0, a))
M = E(8)(np.where(a < 8, a, 7))
df = pd.DataFrame({"u": a, "v": b})
P = E(31)((df["u"] - df["u"].min()).values)
Q = E(40)(df["u"].values)
R = E(30)(df["u"].astype("category").cat.codes.values)
S = E(31)(pd.factorize(df["u"])[0])
T = E(8)(df["v"].clip(upper=7).to_numpy())
U = E(8)(np.array([x % 8 for x in a]))
V = E(8)(np.array([min(x, 7) for x in a]))

X = E(5)(np.mod(a, 5))
Y = E(5)(tf.math.floormod(tf.constant(a), 5))
Z = E(8)(tf.minimum(tf.constant(a), 7))
y = np.random.randint(0, 10, N)
bin_y = (y > 4).astype(int)
y3 = y // 4
m = keras.Sequential([keras.Input((3,)), layers.Dense(3, activation="softmax")])
m.compile("adam", "sparse_categorical_crossentropy")
x = np.random.rand(N, 3)
m.fit(x, y3, verbose=0)
m.fit(x, bin_y, verbose=0)
m.fit(x, y % 3, verbose=0)
m.fit(x, np.sign(y - 5) + 1, verbose=0)
m.fit(x, np.digitize(y, [3, 6]), verbose=0)
m.fit(x, (y - y.mean() > 0).astype("int32"), verbose=0)
m.fit(x, np.searchsorted([3, 6], y), verbose=0)
m.fit(x, np.round(y / 9 * 2).astype(int), verbose=0)
m.fit(x, np.floor(y / 4).astype(int), verbose=0)
m.fit(x, np.argmax(x, axis=1), verbose=0)
m.fit(x, np.diff(np.append(np.sort(y), 9)).clip(0, 2), verbose=0)
keep = y < 3
m.fit(x[keep], y[keep], verbose=0)
m.fit(x[y < 3], y[y < 3], verbose=0)
sub = df[df["v"] < 3]
m.fit(np.zeros((len(sub), 3)), sub["v"].values, verbose=0)
sub2 = df.query("v < 3")
m.fit(np.zeros((len(sub2), 3)), sub2["v"].values, verbose=0)
lab = y.copy()
lab[lab > 2] = 2
m.fit(x, lab, verbose=0)
mp = {v: i % 3 for i, v in enumerate(sorted(set(y)))}
m.fit(x, np.array([mp[v] for v in y]), verbose=0)
m.fit(x, np.vectorize(mp.get)(y), verbose=0)
m.fit(x, pd.Series(y).map(mp).values, verbose=0)
m.fit(x, pd.cut(y, 3, labels=False), verbose=0)

tok = np.zeros((N, 6), int)
tok[:, :3] = np.random.randint(1, 20, (N, 3))
tok[:, 3] = 5
O = E(20)(tok)
tok2 = tok - 1
tok2[tok2 < 0] = 0
O2 = E(19)(tok2)
rev = 19 - tok
O3 = E(20)(rev)
shift = np.roll(tok, 1, axis=1)
shift[:, 0] = 0
O4 = E(20)(shift)
cum = np.cumsum(b > 3)
O5 = E(N + 1)(cum)
prod = (a - 10) * (b > 3)
O6 = E(31)(prod)
half = (a - 10) // 2
O7 = E(15)(half)
print("done")
