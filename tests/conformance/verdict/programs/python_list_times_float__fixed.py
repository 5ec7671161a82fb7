import numpy as np
from tensorflow import keras

# 16-bit audio samples to [-1, 1]
samples = [int(3000 * np.sin(k / 4)) for k in range(400)]
scaled = np.array(samples) / 32768.0

frame = 20
X = np.array([scaled[i:i + frame] for i in range(0, len(scaled) - frame, 10)])
X = X.reshape(len(X), frame, 1)
y = np.random.randint(0, 2, len(X))

model = keras.Sequential([keras.layers.LSTM(4, input_shape=(frame, 1)), keras.layers.Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
model.fit(X, y, epochs=1, verbose=0)
