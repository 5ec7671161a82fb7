import numpy as np
import tensorflow as tf
from tensorflow.keras.preprocessing.sequence import pad_sequences

corpus = [
    "stocks rally on rate cut",
    "heavy rain floods the valley",
    "team wins the cup",
    "rain delays the final",
]
labels = np.array([0, 1, 2, 2])

words = sorted({w for line in corpus for w in line.split()})
word_index = {w: i + 1 for i, w in enumerate(words)}
sequences = [[word_index[w] for w in line.split()] for line in corpus]
padded = pad_sequences(sequences, maxlen=6, padding="post")

model = tf.keras.Sequential([
    tf.keras.layers.Embedding(input_dim=len(word_index) + 1, output_dim=8, mask_zero=True),
    tf.keras.layers.LSTM(6),
    tf.keras.layers.Dense(3, activation="softmax"),
])
model.compile(loss="sparse_categorical_crossentropy", optimizer="adam")
model.fit(padded, labels, epochs=1, verbose=0)
