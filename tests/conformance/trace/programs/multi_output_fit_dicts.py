"""Two inputs and two outputs, trained with dictionaries and loss weights."""
import numpy as np
import pandas as pd
import tensorflow as tf
from tensorflow import keras

n = 120
df = pd.DataFrame({"title_id": np.random.randint(0, 40, n), "price": np.random.rand(n), "stars": np.random.randint(1, 6, n)})
words = np.random.randint(1, 200, size=(n, 30))
cats = pd.get_dummies(df["stars"], prefix="s").reindex(columns=[f"s_{k}" for k in range(1, 6)], fill_value=0)
title = keras.Input(shape=(1,), name="title", dtype="int32")
text = keras.Input(shape=(30,), name="text", dtype="int32")
t = keras.layers.Flatten()(keras.layers.Embedding(40, 6)(title))
w = keras.layers.Embedding(200, 12)(text)
w = keras.layers.Bidirectional(keras.layers.LSTM(9))(w)
both = keras.layers.Concatenate()([t, w])
hidden = keras.layers.Dense(20, activation="relu")(both)
price = keras.layers.Dense(1, name="price")(hidden)
stars = keras.layers.Dense(5, activation="softmax", name="stars")(hidden)
model = keras.Model(inputs=[title, text], outputs=[price, stars])
model.compile(
    optimizer="adam",
    loss={"price": "mse", "stars": "categorical_crossentropy"},
    loss_weights={"price": 1.0, "stars": 0.5},
    metrics={"stars": ["accuracy"]},
)
features = {"title": df[["title_id"]].to_numpy(), "text": words}
targets = {"price": df[["price"]].to_numpy(), "stars": cats.to_numpy(dtype="float32")}
ds = tf.data.Dataset.from_tensor_slices((features, targets)).batch(25)
for fx, fy in ds.take(1):
    title_batch = fx["title"]
    price_batch = fy["price"]
model.fit(ds, epochs=1, verbose=0)
model.fit(features, targets, batch_size=40, epochs=1, verbose=0)
p_hat, s_hat = model.predict({"title": features["title"][:8], "text": words[:8]}, verbose=0)
rating = s_hat @ np.arange(1, 6)
order = df.assign(pred=np.concatenate([rating, np.zeros(n - 8)])).sort_values("pred", ascending=False)
best = order.head(3)["title_id"].tolist()
print(both.shape, p_hat.shape, s_hat.shape, rating.shape, title_batch.shape, price_batch.shape, order.shape, len(best))
