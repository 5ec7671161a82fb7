import numpy as np
import pandas as pd
from tensorflow import keras

df = pd.DataFrame({
    "hour": np.arange(96) % 24,
    "weather": ["sun", "rain", "cloud", "sun"] * 24,
    "demand": np.random.rand(96) * 100,
})
X = df[["hour", "weather"]].values
y = df["demand"].values

model = keras.Sequential([
    keras.layers.Dense(8, activation="relu", input_shape=(X.shape[1],)),
    keras.layers.Dense(1),
])
model.compile(loss="mse", optimizer="adam")
model.fit(X, y, epochs=1, verbose=0)
