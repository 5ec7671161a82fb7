import numpy as np
import tensorflow as tf

x = np.random.rand(20, 9, 2)
y = np.eye(3)[np.random.randint(0, 3, 20)]

model = tf.keras.Sequential([
    tf.keras.layers.LSTM(6, input_shape=(9, 2)),
    tf.keras.layers.Dense(4, activation="softmax"),
])

model.compile("adam", "categorical_crossentropy")
try:
    model.fit(x, y, epochs=1, verbose=0)
except Exception:
    print("one-hot did not work, trying integer labels")
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, y, epochs=1, verbose=0)
