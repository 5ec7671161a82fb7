import tensorflow as tf
import numpy as np

def conv_block(x, filters):
    x = tf.keras.layers.Conv2D(filters, 3, activation="relu")(x)
    return tf.keras.layers.MaxPooling2D(2)(x)


def make_encoder(size, depth):
    img = tf.keras.Input((size, size, 1))
    x = img
    for level in range(depth):
        x = conv_block(x, 4 * 2 ** level)
        print("level", level, x.shape)
    x = tf.keras.layers.Flatten()(x)
    code = tf.keras.layers.Dense(8)(x)
    return tf.keras.Model(img, code)


encoder = make_encoder(28, depth=3)
print(encoder(np.zeros((1, 28, 28, 1), "float32")).shape)
