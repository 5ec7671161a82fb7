from functools import partial

import numpy as np
import tensorflow as tf
from tensorflow.keras import layers

Conv = partial(layers.Conv1D, kernel_size=3, padding="same", activation="relu")


def unet(length, depth=3, base=4):
    inputs = layers.Input((length, 1))
    skips, x = [], inputs
    for d in range(depth):
        x = Conv(base * 2 ** d)(x)
        skips.append(x)
        x = layers.MaxPooling1D(2)(x)
    x = Conv(base * 2 ** depth)(x)
    for d in reversed(range(depth)):
        x = layers.UpSampling1D(2)(x)
        x = layers.concatenate([x, skips[d]])
        x = Conv(base * 2 ** d)(x)
    return tf.keras.Model(inputs, layers.Conv1D(1, 1, activation="sigmoid")(x))


model = unet(length=100)
model.compile("adam", "binary_crossentropy")
traces = np.random.rand(4, 100, 1)
model.fit(traces, (traces > 0.5).astype("float32"), epochs=1, verbose=0)
