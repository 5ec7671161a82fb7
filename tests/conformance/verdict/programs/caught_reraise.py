import numpy as np
import tensorflow as tf
from tensorflow.keras import layers


def fuse(a, b):
    try:
        return layers.Add()([a, b])
    except ValueError as err:
        print("cannot fuse", a.shape, b.shape)
        raise


audio = layers.Input((50, 16))
video = layers.Input((25, 16))
x = fuse(audio, video)
out = layers.Dense(1)(layers.GlobalAveragePooling1D()(x))
model = tf.keras.Model([audio, video], out)
print(model.output_shape)
