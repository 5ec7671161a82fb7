import tensorflow as tf

queries = tf.random.uniform((8, 12, 32))
keys = tf.random.uniform((8, 20, 32))

try:
    scores = tf.matmul(queries, keys, transpose_b=True)
    print("scores", scores.shape)
except tf.errors.InvalidArgumentError as e:
    print("InvalidArgumentError:", e.message)
