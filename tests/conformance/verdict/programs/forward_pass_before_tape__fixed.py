import numpy as np
import tensorflow as tf
from tensorflow import keras

model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(12, activation="relu"), keras.layers.Dense(1)])
optimizer = keras.optimizers.Adam(0.01)
mse = keras.losses.MeanSquaredError()

X = np.random.rand(64, 6).astype("float32")
y = X.sum(axis=1, keepdims=True)
batches = tf.data.Dataset.from_tensor_slices((X, y)).batch(16)


def train_step(features, target):
    with tf.GradientTape() as tape:
        prediction = model(features, training=True)
        loss = mse(target, prediction)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    return loss


for epoch in range(2):
    for features, target in batches:
        loss = train_step(features, target)
    print(epoch, float(loss))
