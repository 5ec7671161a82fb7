import numpy as np
import pandas as pd
from sklearn.model_selection import train_test_split
from tensorflow import keras

frame = pd.DataFrame({"kwh": np.random.rand(180), "temp": np.random.rand(180)})
LAG = 7
data = frame.values

samples = np.array([data[i - LAG:i] for i in range(LAG, len(data))])
target = frame["kwh"].values

X_train, X_test, y_train, y_test = train_test_split(samples, target, test_size=0.2, shuffle=False)

model = keras.Sequential([keras.layers.LSTM(5, input_shape=(LAG, 2)), keras.layers.Dense(1)])
model.compile(loss="mse", optimizer="adam")
model.fit(X_train, y_train, epochs=1, verbose=0)
