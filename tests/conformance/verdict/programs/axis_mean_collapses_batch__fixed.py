import numpy as np
from tensorflow import keras

spectrogram = np.random.rand(20, 33, 40)
moods = np.random.randint(0, 2, 20)

# average over time
profile = spectrogram.mean(axis=1)
model = keras.Sequential([keras.layers.Dense(4, input_shape=(40,)), keras.layers.Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
model.fit(profile, moods, epochs=1, verbose=0)
