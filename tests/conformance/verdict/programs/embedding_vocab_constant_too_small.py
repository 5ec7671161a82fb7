from tensorflow import keras
import numpy as np

VOCAB_SIZE = 500
MAX_LEN = 30
NUM_OOV = 10


def encode_batch(n):
    # ids 0..499 are words, the next NUM_OOV are out-of-vocabulary buckets
    ids = np.random.randint(0, VOCAB_SIZE + NUM_OOV, size=(n, MAX_LEN))
    ids[:, -1] = VOCAB_SIZE + NUM_OOV - 1
    return ids


class TextCNN:
    filters = (3, 4, 5)

    def __init__(self, vocab):
        tokens = keras.Input((MAX_LEN,), dtype="int64")
        e = keras.layers.Embedding(vocab, 8)(tokens)
        towers = []
        for k in self.filters:
            c = keras.layers.Conv1D(6, k, activation="relu")(e)
            towers.append(keras.layers.GlobalMaxPooling1D()(c))
        x = keras.layers.concatenate(towers)
        out = keras.layers.Dense(1, activation="sigmoid")(x)
        self.model = keras.Model(tokens, out)

    def fit(self, ids, y):
        self.model.compile("adam", "binary_crossentropy")
        self.model.fit(ids, y, epochs=1, verbose=0)


net = TextCNN(VOCAB_SIZE)
net.fit(encode_batch(32), np.random.randint(0, 2, 32))
