import numpy as np
import tensorflow as tf

# phonocardiograms, stored as an object array because the lengths once differed
beats = np.empty(12, dtype=object)
for k in range(12):
    beats[k] = np.random.randn(50, 1)
murmur = np.array([0, 1] * 6)

model = tf.keras.Sequential([
    tf.keras.layers.LSTM(4, input_shape=(50, 1)),
    tf.keras.layers.Dense(1, activation="sigmoid"),
])
model.compile(loss="binary_crossentropy", optimizer="adam")
model.fit(np.stack(beats), murmur, epochs=1, verbose=0)
