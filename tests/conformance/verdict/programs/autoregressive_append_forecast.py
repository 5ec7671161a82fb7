import numpy as np
from tensorflow import keras

steps, features = 10, 1
series = np.sin(np.arange(150) / 4)
X = np.array([series[i:i + steps] for i in range(len(series) - steps)])[..., None]
y = series[steps:]

model = keras.Sequential([keras.layers.LSTM(6, input_shape=(steps, features)), keras.layers.Dense(1)])
model.compile("adam", "mse")
model.fit(X, y, epochs=1, verbose=0)

# roll the forecast forward
window = X[-1:]
forecast = []
for _ in range(5):
    step = model.predict(window, verbose=0)
    forecast.append(step[0, 0])
    window = np.concatenate([window[:, 1:, :], step], axis=1)
print(forecast)
