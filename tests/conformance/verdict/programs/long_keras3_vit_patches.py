"""A small vision transformer, Keras 3."""
import keras
import numpy as np
from keras import layers, ops

CONFIG = {
    "image_size": 32,
    "patch_size": 6,
    "dim": 16,
    "heads": 2,
    "blocks": 2,
    "classes": 4,
}


class Patches(layers.Layer):
    def __init__(self, patch_size):
        super().__init__()
        self.patch_size = patch_size

    def call(self, images):
        p = self.patch_size
        batch, height, width, channels = images.shape
        rows, cols = height // p, width // p
        x = ops.reshape(images, (-1, rows, p, cols, p, channels))
        x = ops.transpose(x, (0, 1, 3, 2, 4, 5))
        return ops.reshape(x, (-1, rows * cols, p * p * channels))


class PatchEncoder(layers.Layer):
    def __init__(self, num_patches, dim):
        super().__init__()
        self.num_patches = num_patches
        self.projection = layers.Dense(dim)
        self.position = layers.Embedding(num_patches, dim)

    def call(self, patches):
        positions = ops.expand_dims(ops.arange(0, self.num_patches, 1), axis=0)
        return self.projection(patches) + self.position(positions)


def block(x, heads, dim):
    a = layers.LayerNormalization(epsilon=1e-6)(x)
    a = layers.MultiHeadAttention(num_heads=heads, key_dim=dim // heads)(a, a)
    x = layers.Add()([a, x])
    m = layers.LayerNormalization(epsilon=1e-6)(x)
    for units in (dim * 2, dim):
        m = layers.Dense(units, activation="gelu")(m)
    return layers.Add()([m, x])


def build(cfg):
    size, patch = cfg["image_size"], cfg["patch_size"]
    inputs = layers.Input((size, size, 3))
    patches = Patches(patch)(inputs)
    x = PatchEncoder((size // patch) ** 2, cfg["dim"])(patches)
    for _ in range(cfg["blocks"]):
        x = block(x, cfg["heads"], cfg["dim"])
    x = layers.GlobalAveragePooling1D()(x)
    return keras.Model(inputs, layers.Dense(cfg["classes"], activation="softmax")(x))


model = build(CONFIG)
model.compile("adam", "sparse_categorical_crossentropy")
images = np.random.rand(8, 32, 32, 3)
model.fit(images, np.random.randint(0, 4, 8), epochs=1, verbose=0)
