import numpy as np
import tensorflow as tf

EMBEDDING_DIM = 50
rng = np.random.default_rng(0)
glove = {w: rng.normal(size=EMBEDDING_DIM) for w in "loan credit card payment late fee".split()}


class Vectorizer:
    def __init__(self, table, dim=100):
        self.table = table
        self.dim = dim

    def lookup(self, word):
        if word in self.table:
            return self.table[word]
        return np.zeros(self.dim)

    def transform(self, text, length=6):
        words = text.split()[:length]
        rows = [self.lookup(w) for w in words]
        while len(rows) < length:
            rows.append(np.zeros(self.dim))
        return np.stack(rows)


vectorizer = Vectorizer(glove, EMBEDDING_DIM)
complaints = ["late payment fee on credit card", "loan payment"]
X = np.stack([vectorizer.transform(c) for c in complaints])

model = tf.keras.Sequential([
    tf.keras.layers.GRU(8, input_shape=(6, EMBEDDING_DIM)),
    tf.keras.layers.Dense(2, activation="softmax"),
])
model.compile("adam", "sparse_categorical_crossentropy")
model.fit(X, np.array([0, 1]), epochs=1, verbose=0)
