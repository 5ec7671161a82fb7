import numpy as np
import tensorflow as tf
from tensorflow.keras import layers

ppg = np.random.rand(12, 6, 100).astype("float32")   # (batch, channels, time)

model = tf.keras.Sequential([
    layers.Input((6, 100)),
    layers.Permute((2, 1)),
    layers.Conv1D(8, 9, strides=2, activation="relu"),
    layers.GlobalAveragePooling1D(),
    layers.Dense(1),
])
model.compile("adam", "mse")
model.fit(ppg, np.random.rand(12), epochs=1, verbose=0)
