import numpy as np
from tensorflow import keras

pad_sequences = keras.preprocessing.sequence.pad_sequences

token_ids = [[3, 5, 9], [2, 8, 8, 1, 4], [7, 7]]
tag_ids = [[1, 0, 2], [0, 0, 1, 2, 1], [2, 2]]

X = pad_sequences(token_ids, maxlen=8)
Y = pad_sequences(tag_ids, maxlen=10)

model = keras.models.Sequential([
    keras.layers.Embedding(10, 6),
    keras.layers.LSTM(8, return_sequences=True),
    keras.layers.Dense(3, activation="softmax"),
])
model.compile(loss="sparse_categorical_crossentropy", optimizer="adam")
model.fit(X, Y, epochs=1, verbose=0)
