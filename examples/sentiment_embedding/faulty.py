"""Tiny sentiment classifier: words -> ids -> Embedding -> BiLSTM."""
import numpy as np
from tensorflow.keras import Sequential
from tensorflow.keras.layers import Bidirectional, Dense, Embedding, GlobalMaxPooling1D, LSTM
from tensorflow.keras.utils import pad_sequences

reviews = [
    "what a wonderful little film",
    "boring plot and terrible acting",
    "i loved every minute of it",
    "the worst two hours of my life",
    "great cast great story",
    "i fell asleep twice",
    "funny warm and clever",
    "do not waste your money",
]
labels = np.array([1, 0, 1, 0, 1, 0, 1, 0])

MAXLEN = 8
EMBED_DIM = 16

# vocabulary: 0 is padding, 1 is "unknown word"
word_index = {}
for review in reviews:
    for word in review.lower().split():
        if word not in word_index:
            word_index[word] = len(word_index) + 2
vocab_size = len(word_index) + 2


def encode(text):
    return [word_index.get(w, 1) for w in text.lower().split()]


sequences = [encode(r) for r in reviews]
padded = pad_sequences(sequences, maxlen=MAXLEN, padding="post", truncating="post")

model = Sequential([
    Embedding(vocab_size, EMBED_DIM),
    Bidirectional(LSTM(8, return_sequences=True)),
    LSTM(8),
    GlobalMaxPooling1D(),
    Dense(8, activation="relu"),
    Dense(1, activation="sigmoid"),
])
model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
model.fit(padded, labels, epochs=3, batch_size=4, verbose=0)

new = ["what a clever story", "terrible terrible film"]
ids = pad_sequences([encode(t) for t in new], maxlen=MAXLEN, padding="post")
scores = model.predict(ids, verbose=0).ravel()
for text, score in zip(new, scores):
    print(f"{score:.2f}  {text}")
