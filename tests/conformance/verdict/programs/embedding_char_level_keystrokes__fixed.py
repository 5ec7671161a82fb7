import numpy as np
import tensorflow as tf
from tensorflow.keras.layers import Embedding, GRU, Dense
from tensorflow.keras.models import Sequential

text = "the quick brown fox jumps over the lazy dog. pack my box with five dozen jugs."
alphabet = "abcdefghijklmnopqrstuvwxyz"
char_to_id = {c: i for i, c in enumerate(alphabet)}

# everything that is no letter gets its own id at the end
unknown_id = len(alphabet)
ids = [char_to_id.get(c, unknown_id) for c in text]

seq = 8
X = np.array([ids[i:i + seq] for i in range(len(ids) - seq)])
y = np.array([ids[i + seq] for i in range(len(ids) - seq)])

model = Sequential([
    Embedding(len(alphabet) + 1, 6),
    GRU(10),
    Dense(len(alphabet) + 1, activation="softmax"),
])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
model.fit(X, y, epochs=1, verbose=0)
