import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

rows = [[0.1, 0.2, 0.3], [0.4, 0.5, 0.6], [0.7, 0.8, 0.9], [0.2, 0.1, 0.4]]
targets = [0.0, 1.0, 1.0, 0.0]
model = keras.Sequential([keras.Input((3,)), layers.Dense(4, activation="relu"), layers.Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
model.fit(np.array(rows), np.array(targets), epochs=1, verbose=0)
