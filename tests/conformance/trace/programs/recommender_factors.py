import numpy as np
import pandas as pd
from tensorflow.keras.layers import Add, Concatenate, Dense, Dot, Embedding, Flatten, Input
from tensorflow.keras.models import Model

n_users, n_items, n_ratings = 20, 15, 200
rng = np.random.RandomState(12)
ratings = pd.DataFrame({
    "user": rng.randint(0, n_users, n_ratings),
    "item": rng.randint(0, n_items, n_ratings),
    "rating": rng.randint(1, 6, n_ratings),
})
ratings = ratings.drop_duplicates(["user", "item"])
users = ratings["user"].values
items = ratings["item"].values
y = (ratings["rating"].values - 3) / 2.0

user_in = Input(shape=[1], name="user")
item_in = Input(shape=[1], name="item")
user_vec = Flatten()(Embedding(n_users, 6, name="user_emb")(user_in))
item_vec = Flatten()(Embedding(n_items, 6, name="item_emb")(item_in))
user_bias = Flatten()(Embedding(n_users, 1)(user_in))
item_bias = Flatten()(Embedding(n_items, 1)(item_in))
match = Dot(axes=1)([user_vec, item_vec])
deep = Dense(8, activation="relu")(Concatenate()([user_vec, item_vec]))
deep_score = Dense(1)(deep)
rating = Add()([match, user_bias, item_bias, deep_score])
model = Model([user_in, item_in], rating)
model.compile("adam", "mse")
model.fit([users, items], y, epochs=1, batch_size=32, verbose=0)

U = model.get_layer("user_emb").get_weights()[0]
V = model.get_layer("item_emb").get_weights()[0]
scores = U @ V.T
seen = np.zeros((n_users, n_items), dtype=bool)
seen[users, items] = True
scores[seen] = -np.inf
top3 = np.argsort(-scores, axis=1)[:, :3]
candidates = np.arange(n_items)
one_user = np.full(n_items, 4)
predicted = model.predict([one_user, candidates], verbose=0).reshape(-1)
best_item = candidates[predicted.argmax()]
popularity = np.bincount(items, minlength=n_items)
novelty = -np.log((popularity[top3] + 1) / (popularity.sum() + 1)).mean(axis=1)
norms = np.linalg.norm(V, axis=1, keepdims=True)
cosine = (V / norms) @ (V / norms).T
print(top3.shape, best_item, novelty.shape, cosine.shape)
