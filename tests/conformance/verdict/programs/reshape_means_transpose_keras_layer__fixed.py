import numpy as np
import tensorflow as tf
from tensorflow.keras import layers

# EEG comes as (trials, electrodes, samples); the GRU should walk over the samples
trials = np.random.randn(30, 8, 40).astype("float32")
left_or_right = np.random.randint(0, 2, 30)

inputs = layers.Input(shape=(8, 40))
x = layers.Permute((2, 1))(inputs)
x = layers.GRU(10)(x)
outputs = layers.Dense(2, activation="softmax")(x)

model = tf.keras.Model(inputs, outputs)
model.compile("adam", loss="sparse_categorical_crossentropy")
model.fit(trials, left_or_right, epochs=1, verbose=0)
