# One output unit against six targets per window: the loss broadcasts.
import numpy as np
from tensorflow import keras

rainfall = np.abs(np.random.randn(365)).astype("float32")
steps_in, steps_out = 14, 6

X = np.array([rainfall[i:i + steps_in] for i in range(365 - steps_in - steps_out)])
y = np.array([rainfall[i + steps_in:i + steps_in + steps_out] for i in range(365 - steps_in - steps_out)])
X = X[..., None]

model = keras.Sequential([
    keras.layers.GRU(8, input_shape=(steps_in, 1)),
    keras.layers.Dense(steps_out),
])
model.compile(optimizer="adam", loss="mse")
model.fit(X, y, epochs=1, verbose=0)
