import numpy as np
import tensorflow as tf

claims = np.random.rand(80, 10).astype("float32")
fraud = (np.random.rand(80) > 0.9).astype("float32")
weights = np.where(fraud[:64] == 1, 10.0, 1.0)

model = tf.keras.Sequential([
    tf.keras.layers.Input((10,)),
    tf.keras.layers.Dense(6, activation="relu"),
    tf.keras.layers.Dense(1, activation="sigmoid"),
])
model.compile("adam", "binary_crossentropy")
model.fit(claims, fraud, sample_weight=weights, epochs=1, verbose=0)
