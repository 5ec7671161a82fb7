import numpy as np
import tensorflow as tf


class ConvBlock(tf.keras.layers.Layer):
    def __init__(self, filters, kernel_size):
        super().__init__()
        self.conv = tf.keras.layers.Conv1D(filters, kernel_size, padding="same")
        self.norm = tf.keras.layers.BatchNormalization()

    def call(self, x, training=None):
        return tf.nn.relu(self.norm(self.conv(x), training=training))


blocks = [ConvBlock(8, 5), ConvBlock(16, 3), ConvBlock(16)]
x = tf.zeros((2, 40, 1))
for block in blocks:
    x = block(x)
print(x.shape)
