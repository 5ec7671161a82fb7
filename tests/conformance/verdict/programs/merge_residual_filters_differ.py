import tensorflow as tf
import numpy as np


def residual_block(x, filters, kernel_size=3):
    shortcut = x
    y = tf.keras.layers.Conv1D(filters, kernel_size, padding="same")(x)
    y = tf.keras.layers.BatchNormalization()(y)
    y = tf.keras.layers.ReLU()(y)
    y = tf.keras.layers.Conv1D(filters, kernel_size, padding="same")(y)
    return tf.keras.layers.Add()([shortcut, y])


inputs = tf.keras.Input((96, 2))
x = tf.keras.layers.Conv1D(8, 3, padding="same")(inputs)
for filters in [8, 8, 16]:
    x = residual_block(x, filters)
x = tf.keras.layers.GlobalAveragePooling1D()(x)
outputs = tf.keras.layers.Dense(5)(x)
resnet = tf.keras.Model(inputs, outputs)
print(resnet.output_shape)
