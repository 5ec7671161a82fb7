import numpy as np
import tensorflow as tf

VOCAB = 21
tokens = np.array([[1, 5, 19, 20], [2, 2, 7, 11]])
model = tf.keras.Sequential([
    tf.keras.layers.Embedding(VOCAB, 4),
    tf.keras.layers.GlobalAveragePooling1D(),
    tf.keras.layers.Dense(1),
])
model.compile("adam", "mse")

try:
    model.fit(tokens, np.array([0.0, 1.0]), epochs=1, verbose=0)
except ValueError as e:
    print("bad shapes", e)
