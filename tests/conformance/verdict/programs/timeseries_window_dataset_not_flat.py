import tensorflow as tf
import numpy as np

WINDOW = 10
tide = np.sin(np.arange(120) / 5).astype("float32")

ds = tf.data.Dataset.from_tensor_slices(tide)
ds = ds.window(WINDOW + 1, shift=1)
ds = ds.flat_map(lambda w: w.batch(WINDOW + 1))
ds = ds.map(lambda w: (tf.expand_dims(w[:-1], -1), w[-1]))
ds = ds.batch(16)

model = tf.keras.Sequential([
    tf.keras.layers.LSTM(4, input_shape=(WINDOW, 1)),
    tf.keras.layers.Dense(1),
])
model.compile("adam", "mse")
model.fit(ds, epochs=1, verbose=0)
