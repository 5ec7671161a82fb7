import numpy as np
import tensorflow as tf
from tensorflow.keras import layers


class SelfAttention(layers.Layer):
    def __init__(self, d_model, heads):
        super().__init__()
        self.heads = heads
        self.depth = d_model // heads
        self.wq, self.wk, self.wv = (layers.Dense(d_model) for _ in range(3))

    def split(self, x, b):
        x = tf.reshape(x, (b, -1, self.heads, self.depth))
        return tf.transpose(x, [0, 2, 1, 3])

    def call(self, x):
        b = tf.shape(x)[0]
        q, k, v = self.split(self.wq(x), b), self.split(self.wk(x), b), self.split(self.wv(x), b)
        w = tf.nn.softmax(tf.matmul(q, k) / tf.sqrt(float(self.depth)), axis=-1)
        o = tf.transpose(tf.matmul(w, v), [0, 2, 1, 3])
        return tf.reshape(o, (b, -1, self.heads * self.depth))


x = tf.random.normal((4, 10, 32))
layer = SelfAttention(32, 4)
print(layer(x).shape)
