import numpy as np
import tensorflow as tf

# radar rain maps: (samples, frames, rows, cols)
maps = np.random.rand(6, 5, 12, 12, 1).astype("float32")
nxt = maps[:, -1]
history = maps[:, :-1]

inp = tf.keras.layers.Input(shape=history.shape[1:])
x = tf.keras.layers.ConvLSTM2D(4, (3, 3), padding="same")(inp)
out = tf.keras.layers.Conv2D(1, (1, 1), activation="sigmoid")(x)
model = tf.keras.Model(inp, out)
model.compile("adam", "mse")
model.fit(history, nxt, epochs=1, verbose=0)
