import keras
from keras import layers
import numpy as np


def encoder(x, widths):
    outs = []
    for w in widths:
        x = layers.Conv2D(w, 3, strides=2, padding="same", activation="relu")(x)
        outs.append(x)
    return outs


def decoder(feats):
    x = feats[-1]
    for skip in reversed(feats[:-1]):
        x = layers.Conv2DTranspose(skip.shape[-1], 3, strides=2, padding="same")(x)
        x = layers.Concatenate()([x, skip])
    return x


image = keras.Input((36, 36, 1))
feats = encoder(image, [4, 8, 16])
mask = layers.Conv2D(1, 1, activation="sigmoid")(decoder(feats))
model = keras.Model(image, mask)
model.compile("adam", "binary_crossentropy")
print(model.output_shape)
