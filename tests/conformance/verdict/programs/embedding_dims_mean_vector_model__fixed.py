import numpy as np
import tensorflow as tf

small = {w: np.random.rand(8) for w in ["rent", "flat", "room"]}
large = {w: np.random.rand(8) for w in ["garden", "cellar", "flat"]}


def vector(word):
    return small[word] if word in small else large[word]


ads = [["rent", "flat"], ["flat", "room"], ["garden", "cellar"]]
X = np.array([np.mean([vector(w) for w in ad], axis=0) for ad in ads])
y = np.array([900.0, 550.0, 1400.0])

model = tf.keras.Sequential([tf.keras.layers.Dense(4, input_shape=(8,)), tf.keras.layers.Dense(1)])
model.compile("adam", "mse")
model.fit(X, y, epochs=1, verbose=0)
