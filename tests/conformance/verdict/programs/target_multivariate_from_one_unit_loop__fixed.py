import numpy as np
from tensorflow import keras

# three coupled sensors, all three are forecast
t = np.arange(400)
sensors = np.stack([np.sin(t / 9), np.cos(t / 13), np.sin(t / 5) * 0.5], axis=-1)
lags = 16

xs = np.stack([sensors[k:k + lags] for k in range(len(sensors) - lags)])
ys = sensors[lags:]

inputs = keras.layers.Input(shape=xs.shape[1:])
h = keras.layers.LSTM(12)(inputs)
outputs = keras.layers.Dense(ys.shape[-1])(h)
model = keras.models.Model(inputs, outputs)
model.compile(optimizer="adam", loss="mae")
model.fit(xs, ys, epochs=1, batch_size=64, verbose=0)
