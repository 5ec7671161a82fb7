import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

x = np.random.rand(16, 9, 5)
labels = np.random.randint(0, 2, (16, 1))
model = keras.Sequential(
    [keras.Input((9, 5)), layers.LSTM(8, return_sequences=True), layers.Dense(1, activation="sigmoid")]
)
model.compile("adam", "binary_crossentropy")
model.fit(x, labels, epochs=1, verbose=0)
