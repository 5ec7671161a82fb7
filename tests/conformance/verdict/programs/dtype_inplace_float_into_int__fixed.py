import numpy as np
from tensorflow import keras

pixels = np.random.randint(0, 256, size=(16, 12, 12, 1), dtype=np.uint8)
pixels = pixels / 255.0
labels = np.random.randint(0, 2, 16)

model = keras.Sequential([
    keras.layers.Input((12, 12, 1)),
    keras.layers.Flatten(),
    keras.layers.Dense(1, activation="sigmoid"),
])
model.compile("adam", "binary_crossentropy")
model.fit(pixels, labels, epochs=1, verbose=0)
