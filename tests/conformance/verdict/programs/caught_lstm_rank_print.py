import numpy as np
import tensorflow as tf

print("TensorFlow", tf.__version__)

features = np.random.rand(32, 7)
labels = np.random.randint(0, 2, size=(32,))

model = tf.keras.Sequential([
    tf.keras.layers.Dense(16, activation="relu"),
    tf.keras.layers.LSTM(8),
    tf.keras.layers.Dense(1, activation="sigmoid"),
])
model.compile(optimizer="adam", loss="binary_crossentropy")

try:
    model.fit(features, labels, epochs=1, verbose=0)
    print("trained")
except ValueError as e:
    print("Shape problem:", e)
