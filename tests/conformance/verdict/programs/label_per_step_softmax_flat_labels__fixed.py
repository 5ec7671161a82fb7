import numpy as np
import tensorflow as tf
from tensorflow.keras.layers import LSTM, Dense

steps, sensors, states = 40, 3, 4
X = np.random.rand(30, steps, sensors)
y = np.random.randint(0, states, size=(30, steps))

model = tf.keras.Sequential([
    LSTM(8, return_sequences=True, input_shape=(steps, sensors)),
    Dense(states, activation="softmax"),
])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
model.fit(X, y, epochs=1, verbose=0)
