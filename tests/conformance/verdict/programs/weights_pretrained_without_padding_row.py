import numpy as np
from tensorflow import keras

emb = np.random.rand(100, 50)
vocab = {f"w{i}": i for i in range(100)}
model = keras.Sequential([
    keras.layers.Input((20,)),
    keras.layers.Embedding(len(vocab) + 1, 50),
    keras.layers.Bidirectional(keras.layers.GRU(8)),
    keras.layers.Dense(1, activation="sigmoid"),
])
model.layers[0].set_weights([emb])
model.layers[0].trainable = False
model.compile("adam", "binary_crossentropy")
