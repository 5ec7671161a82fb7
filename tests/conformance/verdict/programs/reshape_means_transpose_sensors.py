import numpy as np
from tensorflow import keras

# logger writes one row per channel: (channels, time)
channels, time_points = 6, 500
log = np.vstack([np.sin(np.arange(time_points) * (c + 1) / 20) for c in range(channels)])
print("log:", log.shape)

series = log.reshape(time_points, channels)

seq_len = 25
X = np.array([series[i:i + seq_len] for i in range(time_points - seq_len)])
y = series[seq_len:, 0]

model = keras.Sequential([
    keras.layers.LSTM(8, input_shape=(seq_len, channels)),
    keras.layers.Dense(1),
])
model.compile(optimizer="adam", loss="mse")
model.fit(X, y, epochs=1, verbose=0, batch_size=128)
