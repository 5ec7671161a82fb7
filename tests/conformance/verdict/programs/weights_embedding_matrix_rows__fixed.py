import numpy as np
import tensorflow as tf

words = ["engine", "brake", "noise", "oil", "leak", "light", "battery"]
word_index = {w: i + 1 for i, w in enumerate(words)}
EMBEDDING_DIM = 5

embedding_matrix = np.zeros((len(word_index) + 1, EMBEDDING_DIM))
for word, i in word_index.items():
    vector = np.random.rand(EMBEDDING_DIM)
    embedding_matrix[i] = vector

layer = tf.keras.layers.Embedding(len(word_index) + 1, EMBEDDING_DIM, trainable=False)
layer.build((None,))
layer.set_weights([embedding_matrix])
print(layer(np.array([[1, 2, 7]])).shape)
