import numpy as np
from tensorflow import keras

series = np.sin(np.arange(200) / 8).astype("float32")
window = 16
x = np.stack([series[i : i + window] for i in range(len(series) - window)])
y = series[window:]

model = keras.Sequential([keras.Input((window,)), keras.layers.Dense(8, activation="relu"), keras.layers.Dense(1)])
model.compile(optimizer="adam", loss="mse")
best = keras.callbacks.ModelCheckpoint("best_window.keras", monitor="loss", save_best_only=True)
model.fit(x, y, epochs=2, callbacks=[best], verbose=0)

kept = keras.models.load_model("best_window.keras")
print(kept.predict(series[-window:].reshape(1, -1), verbose=0))
