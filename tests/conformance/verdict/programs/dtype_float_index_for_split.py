import numpy as np
from tensorflow import keras

data = np.random.rand(250, 8)
target = np.random.rand(250)

split = len(data) * 0.8
x_train, x_test = data[:split], data[split:]
y_train, y_test = target[:split], target[split:]

model = keras.Sequential([keras.layers.Dense(4, input_dim=8), keras.layers.Dense(1)])
model.compile("adam", "mse")
model.fit(x_train, y_train, epochs=1, verbose=0)
