import numpy as np
import tensorflow as tf

BATCH_SIZE = 32
UNITS = 8

clicks = np.random.rand(100, 12, 3).astype("float32")
converted = np.random.randint(0, 2, (100, 1)).astype("float32")

dataset = tf.data.Dataset.from_tensor_slices((clicks, converted)).batch(BATCH_SIZE)

cell = tf.keras.layers.GRU(UNITS)
head = tf.keras.layers.Dense(1, activation="sigmoid")
optimizer = tf.keras.optimizers.SGD(0.1)
bce = tf.keras.losses.BinaryCrossentropy()


def train_step(x, y):
    state = tf.zeros((BATCH_SIZE, UNITS))
    with tf.GradientTape() as tape:
        hidden = cell(x, initial_state=state)
        loss = bce(y, head(hidden))
    weights = cell.trainable_variables + head.trainable_variables
    optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))
    return loss


for step, (x, y) in enumerate(dataset):
    loss = train_step(x, y)
    print(step, float(loss))
