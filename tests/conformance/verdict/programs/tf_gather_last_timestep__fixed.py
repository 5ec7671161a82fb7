import numpy as np
import tensorflow as tf

hidden = tf.random.normal((5, 12, 8))
lengths = tf.constant([12, 7, 9, 3, 12])

# the hidden state at the end of each sequence
last = tf.gather(hidden, lengths - 1, batch_dims=1, axis=1)
print(last.shape)
