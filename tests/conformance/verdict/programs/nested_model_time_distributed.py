import numpy as np
import tensorflow as tf
from tensorflow.keras import layers


def page_encoder(dim):
    page = layers.Input((dim,))
    return tf.keras.Model(page, layers.Dense(6, activation="relu")(page), name="page_encoder")


PAGES, DIM = 7, 15
session = layers.Input((PAGES, DIM + 1))
encoded = layers.TimeDistributed(page_encoder(DIM))(session)
state = layers.GRU(5)(encoded)
buy = layers.Dense(1, activation="sigmoid")(state)
model = tf.keras.Model(session, buy)
model.compile("adam", "binary_crossentropy")
model.fit(np.random.rand(10, PAGES, DIM + 1), np.random.randint(0, 2, 10), epochs=1, verbose=0)
