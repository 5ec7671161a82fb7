"""Several shops in one table: groupby, windows per shop, ids into an embedding."""
import numpy as np
import pandas as pd
import tensorflow as tf
from tensorflow.keras import layers

SHOPS = ["north", "south", "east"]
DAYS = 60
LOOK = 7

records = []
for shop_id, shop in enumerate(SHOPS):
    base = 100 + 20 * shop_id
    for day in range(DAYS):
        records.append({"shop": shop, "day": day, "sales": base + 10 * np.sin(day / 3), "promo": day % 10 == 0})
df = pd.DataFrame(records)
df["shop_id"] = df["shop"].map({s: i for i, s in enumerate(SHOPS)})
df["promo"] = df["promo"].astype(float)
df = df.sort_values(["shop_id", "day"])

X_list, id_list, y_list = [], [], []
for shop_id, group in df.groupby("shop_id"):
    vals = group[["sales", "promo"]].to_numpy()
    for end in range(LOOK, len(vals)):
        X_list.append(vals[end - LOOK:end])
        id_list.append(shop_id)
        y_list.append(vals[end, 0])

X = np.asarray(X_list, dtype=np.float32)
ids = np.asarray(id_list)[:, None]
y = np.asarray(y_list, dtype=np.float32)
scale = y.max()
X[..., 0] /= scale
y /= scale

seq_in = layers.Input(shape=(LOOK, 2), name="history")
id_in = layers.Input(shape=(1,), name="shop", dtype="int32")
emb = layers.Embedding(input_dim=len(SHOPS), output_dim=3)(id_in)
emb = layers.Reshape((3,))(emb)
emb_steps = layers.RepeatVector(LOOK)(emb)
x = layers.concatenate([seq_in, emb_steps])
x = layers.LSTM(12)(x)
x = layers.concatenate([x, emb])
out = layers.Dense(1)(x)
model = tf.keras.Model([seq_in, id_in], out)
model.compile("adam", "mse")
perm = np.random.permutation(len(X))
n_val = len(X) // 5
val_ix, tr_ix = perm[:n_val], perm[n_val:]
model.fit([X[tr_ix], ids[tr_ix]], y[tr_ix], validation_data=([X[val_ix], ids[val_ix]], y[val_ix]), epochs=1, verbose=0)

# roll forward ten days for every shop
history = np.stack([X[ids[:, 0] == s][-1] for s in range(len(SHOPS))])
shop_ids = np.arange(len(SHOPS)).reshape(-1, 1)
path = []
for step in range(10):
    nxt = model.predict([history, shop_ids], verbose=0)
    path.append(nxt[:, 0])
    new_row = np.concatenate([nxt, np.zeros_like(nxt)], axis=1)
    history = np.concatenate([history[:, 1:], new_row[:, None, :]], axis=1)
path = np.array(path).T * scale
summary = df.groupby("shop")["sales"].mean()
print(path.shape, summary.shape)
