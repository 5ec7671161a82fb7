"""Reviews as ragged ids; the pooled text and the star ratings are joined along the wrong axis."""
import numpy as np
import tensorflow as tf

reviews = tf.ragged.constant([[3, 4, 5], [7], [2, 9], [1, 1, 1, 1]])
stars = tf.constant(np.random.randint(1, 6, (4, 1)), dtype=tf.float32)
ids = reviews.to_tensor(0)
table = tf.keras.layers.Embedding(10, 6)
vectors = table(ids)
pooled = tf.reduce_mean(vectors, axis=1)
both = tf.concat([pooled, stars], axis=0)
dense = tf.keras.layers.Dense(1)
print(dense(both))
