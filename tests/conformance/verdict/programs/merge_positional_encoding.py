import numpy as np
import tensorflow as tf

D_MODEL = 16
MAX_POS = 40


def positional_encoding(length, depth):
    half = depth // 2
    positions = np.arange(length)[:, np.newaxis]
    rates = 1 / (10000 ** (np.arange(half)[np.newaxis, :] / half))
    radians = positions * rates
    return tf.cast(np.concatenate([np.sin(radians), np.cos(radians)], axis=-1), tf.float32)


class PositionalEmbedding(tf.keras.layers.Layer):
    def __init__(self, vocab_size, d_model):
        super().__init__()
        self.embedding = tf.keras.layers.Embedding(vocab_size, d_model)
        self.pos_encoding = positional_encoding(MAX_POS, d_model)

    def call(self, x):
        x = self.embedding(x)
        return x + self.pos_encoding[tf.newaxis]


tokens = np.random.randint(0, 100, (4, 25))
layer = PositionalEmbedding(100, D_MODEL)
print(layer(tokens).shape)
