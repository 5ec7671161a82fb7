import numpy as np
from tensorflow import keras

vectors = {"good": np.ones(16), "bad": np.zeros(16), "film": np.full(16, 0.5)}
index = {word: place for place, word in enumerate(vectors)}
matrix = np.zeros((len(index) + 1, 16))
for word, place in index.items():
    matrix[place] = vectors[word]

model = keras.Sequential()
model.add(keras.Input((10,)))
model.add(
    keras.layers.Embedding(
        len(index) + 1, 16, embeddings_initializer=keras.initializers.Constant(matrix), trainable=False
    )
)
model.add(keras.layers.GlobalAveragePooling1D())
model.add(keras.layers.Dense(1, activation="sigmoid"))
