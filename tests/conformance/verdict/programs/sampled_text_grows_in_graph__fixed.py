import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

vocab, length = 30, 12
model = keras.Sequential([keras.Input((None,), dtype="int32"), layers.Embedding(vocab, 16), layers.GRU(32), layers.Dense(vocab)])


@tf.function
def sample(seed, steps):
    text = seed
    for _ in tf.range(steps):
        tf.autograph.experimental.set_loop_options(shape_invariants=[(text, tf.TensorShape([2, None]))])
        scores = tf.random.normal((2, vocab))
        best = tf.argmax(scores, axis=-1, output_type=tf.int32)
        text = tf.concat([text, best[:, tf.newaxis]], axis=1)
    return text


seed = tf.constant(np.random.randint(0, vocab, (2, length)), tf.int32)
print(model(seed).shape)
print(sample(seed, tf.constant(5)))
