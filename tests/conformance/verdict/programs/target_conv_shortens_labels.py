import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

# one label per sample of the recording, but the convolutions shorten it
recordings = np.random.randn(10, 80, 2)
labels = np.random.randint(0, 2, size=(10, 80, 1)).astype("float32")

inp = keras.Input((80, 2))
x = inp
for width in (8, 8):
    x = layers.Conv1D(width, 5, activation="relu")(x)
prob = layers.Conv1D(1, 1, activation="sigmoid")(x)
model = keras.Model(inp, prob)
model.compile("adam", "binary_crossentropy")
model.fit(recordings, labels, epochs=1, verbose=0)
