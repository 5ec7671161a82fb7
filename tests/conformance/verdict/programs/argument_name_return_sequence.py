import numpy as np
import tensorflow as tf
from tensorflow.keras import layers

model = tf.keras.Sequential([
    layers.Input(shape=(25, 3)),
    layers.LSTM(12, return_sequence=True),
    layers.LSTM(6),
    layers.Dense(1),
])
model.compile("adam", "mse")
model.fit(np.random.rand(16, 25, 3), np.random.rand(16), epochs=1, verbose=0)
