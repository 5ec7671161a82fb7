import numpy as np
import pandas as pd
from tensorflow import keras

np.random.seed(4)
frame = pd.DataFrame({"river_level": np.random.rand(90) * 3, "rain": np.random.rand(90)})
lag = 5
values = frame.values
X = np.array([values[i:i + lag] for i in range(len(values) - lag)])
y = values[lag:, 0]

model = keras.Sequential([
    keras.layers.LSTM(6, input_shape=(lag, 2)),
    keras.layers.Dense(1),
])
model.compile(loss="mse", optimizer="adam")
model.fit(X, y, epochs=1, verbose=0)

forecast = model.predict(X, verbose=0)
result = pd.DataFrame({"actual": y, "forecast": forecast[:, 0]})
print(result.tail())
