import numpy as np
from tensorflow.keras.layers import Embedding, LSTM, Dense, Input
from tensorflow.keras.models import Model

VOCAB, DIM, LEN = 90, 50, 14
pretrained = np.random.normal(size=(VOCAB, 50)).astype("float32")


def make_model(matrix):
    ids = Input(shape=(LEN,))
    x = Embedding(VOCAB, DIM, weights=[matrix], trainable=False)(ids)
    x = LSTM(8)(x)
    out = Dense(1, activation="sigmoid")(x)
    m = Model(ids, out)
    m.compile("adam", "binary_crossentropy")
    return m


model = make_model(pretrained)
X = np.random.randint(0, VOCAB, (20, LEN))
model.fit(X, np.random.randint(0, 2, 20), epochs=1, verbose=0)
