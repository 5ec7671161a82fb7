"""Bag of visual words: the codebook is made of 32 numbers, the histogram asked with 64."""
import numpy as np
from sklearn.cluster import KMeans
from tensorflow import keras

rng = np.random.RandomState(1)
descriptors = [rng.rand(50, 32) for _ in range(20)]
codebook = KMeans(n_clusters=10, n_init=1, random_state=0).fit(np.vstack(descriptors))


def histogram(d):
    words = codebook.predict(d)
    return np.bincount(words, minlength=10)


def load_test():
    return [rng.rand(50, 32) for _ in range(5)]


train = np.array([histogram(d) for d in descriptors])
model = keras.Sequential([keras.layers.Input((10,)), keras.layers.Dense(2, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy")
model.fit(train, np.arange(20) % 2, epochs=1, verbose=0)
test = []
for d in load_test():
    test.append(histogram(d))
print(model.predict(np.array(test), verbose=0))
