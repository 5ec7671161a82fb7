import numpy as np
import tensorflow as tf

x = np.random.rand(100, 25, 3).astype("float32")
y = np.random.randint(0, 4, 100)

x_train, x_val = x[:80], x[80:]
y_train, y_val = y[:80], y[80:]
y_train = tf.keras.utils.to_categorical(y_train, 4)

model = tf.keras.Sequential([
    tf.keras.layers.Conv1D(6, 5, activation="relu", input_shape=(25, 3)),
    tf.keras.layers.Flatten(),
    tf.keras.layers.Dense(4, activation="softmax"),
])
model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
model.fit(x_train, y_train, validation_data=(x_val, y_val), epochs=1, verbose=0)
