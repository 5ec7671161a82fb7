"""A training loop of one's own that computes its loss with scikit-learn's habits: as a NumPy number."""

import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

rng = np.random.default_rng(2)
x = rng.normal(size=(40, 12, 3)).astype("float32")
y = rng.normal(size=(40, 1)).astype("float32")

model = keras.Sequential([keras.Input((12, 3)), layers.GRU(8), layers.Dense(1)])
optimizer = keras.optimizers.Adam()
batches = tf.data.Dataset.from_tensor_slices((x, y)).batch(8)

for epoch in range(2):
    for inputs, wanted in batches:
        with tf.GradientTape() as tape:
            predicted = model(inputs, training=True)
            loss = tf.reduce_mean((predicted - wanted) ** 2)
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    print(epoch, loss)
