import tensorflow as tf
import numpy as np

reviews = [
    "the food was great",
    "terrible service never again",
    "okay",
    "would come back for the dessert alone",
]
sentiment = [1, 0, 1, 1]

vocab = {}
for review in reviews:
    for word in review.split():
        if word not in vocab:
            vocab[word] = len(vocab) + 1

encoded = [[vocab[w] for w in review.split()] for review in reviews]

model = tf.keras.Sequential([
    tf.keras.layers.Embedding(len(vocab) + 1, 12),
    tf.keras.layers.LSTM(8),
    tf.keras.layers.Dense(1, activation="sigmoid"),
])
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])

x = np.array(encoded, dtype="int32")
y = np.array(sentiment)
model.fit(x, y, epochs=1, verbose=0)
