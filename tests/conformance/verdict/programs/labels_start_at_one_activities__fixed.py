import numpy as np
import tensorflow as tf

# UCI style activity labels run from 1 to 6
signals = np.random.rand(60, 32, 9).astype("float32")
activity = np.arange(60) % 6

model = tf.keras.Sequential([
    tf.keras.layers.LSTM(8, input_shape=(32, 9)),
    tf.keras.layers.Dense(6, activation="softmax"),
])
model.compile(loss="sparse_categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
model.fit(signals, activity, epochs=1, batch_size=15, verbose=0)
