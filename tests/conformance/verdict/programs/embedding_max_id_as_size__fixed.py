import tensorflow as tf
import numpy as np

# recommender: user x item
n_ratings = 120
users = np.arange(n_ratings) % 25
items = (np.arange(n_ratings) * 7) % 40
ratings = np.random.rand(n_ratings) * 5

num_users = int(users.max()) + 1
num_items = int(items.max()) + 1

user_in = tf.keras.layers.Input(shape=(1,))
item_in = tf.keras.layers.Input(shape=(1,))
u = tf.keras.layers.Flatten()(tf.keras.layers.Embedding(num_users, 4)(user_in))
v = tf.keras.layers.Flatten()(tf.keras.layers.Embedding(num_items, 4)(item_in))
score = tf.keras.layers.Dot(axes=1)([u, v])
model = tf.keras.Model([user_in, item_in], score)
model.compile(optimizer="adam", loss="mse")
model.fit([users, items], ratings, epochs=1, verbose=0)
