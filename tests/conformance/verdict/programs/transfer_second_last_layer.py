import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

base = keras.Sequential([
    layers.Input((28, 28, 1)),
    layers.Conv2D(4, 3, activation="relu"),
    layers.GlobalAveragePooling2D(),
    layers.Dense(32, activation="relu"),
    layers.Dense(10, activation="softmax"),
])

extractor = keras.Model(base.inputs, base.layers[-2].output)

head = keras.Sequential([layers.Input((10,)), layers.Dense(3, activation="softmax")])
features = extractor.predict(np.random.rand(5, 28, 28, 1), verbose=0)
print(head.predict(features, verbose=0).shape)
