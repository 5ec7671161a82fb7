import numpy as np
import tensorflow as tf

embedding = tf.keras.layers.Embedding(30, 6)
tokens = tf.constant([[1, 2, 3], [4, 5, 6]])
word_vectors = embedding(tokens)
extra = tf.constant(np.random.rand(2, 3, 2), dtype=tf.float32)
combined = tf.concat([word_vectors, extra], axis=-1)
print(combined.shape)
