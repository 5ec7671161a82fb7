import numpy as np
import tensorflow as tf
from tensorflow.keras import layers

left = layers.Input((30, 4), name="left")
right = layers.Input((20, 4), name="right")
l = layers.Conv1D(8, 3)(left)
r = layers.Conv1D(8, 3)(right)
both = layers.Concatenate(axis=1)([l, r])
pooled = layers.GlobalMaxPooling1D()(both)
out = layers.Dense(2, activation="softmax")(pooled)
model = tf.keras.Model([left, right], out)
model.compile("adam", "sparse_categorical_crossentropy")
model.fit([np.random.rand(8, 30, 4), np.random.rand(8, 20, 4)], np.random.randint(0, 2, 8), epochs=1, verbose=0)
