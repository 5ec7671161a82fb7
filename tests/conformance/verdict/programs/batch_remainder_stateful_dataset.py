import numpy as np
import tensorflow as tf

BATCH, STEPS = 12, 20
flow = np.random.rand(100, STEPS, 1).astype("float32")
level = np.random.rand(100, 1).astype("float32")

ds = tf.data.Dataset.from_tensor_slices((flow, level))
ds = ds.batch(BATCH)

inputs = tf.keras.Input(batch_shape=(BATCH, STEPS, 1))
x = tf.keras.layers.LSTM(8, stateful=True)(inputs)
outputs = tf.keras.layers.Dense(1)(x)
model = tf.keras.Model(inputs, outputs)
model.compile(optimizer="adam", loss="mse")
model.fit(ds, epochs=1, shuffle=False, verbose=0)
