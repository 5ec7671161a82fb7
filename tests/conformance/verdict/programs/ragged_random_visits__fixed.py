import numpy as np
from tensorflow import keras

rng_lengths = np.random.randint(3, 30, 25)
visits = [np.random.rand(n, 4) for n in rng_lengths]
outcome = np.random.randint(0, 2, 25)

x = keras.utils.pad_sequences(visits, padding="post", dtype="float32")
model = keras.Sequential([
    keras.layers.Input((None, 4)),
    keras.layers.Masking(0.0),
    keras.layers.LSTM(8),
    keras.layers.Dense(1, activation="sigmoid"),
])
model.compile("adam", "binary_crossentropy")
model.fit(x, outcome, verbose=0)
