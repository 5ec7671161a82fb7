import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

# weekly sales per store, 13 weeks
weeks, n_stores = 13, 40
sales = np.random.poisson(20, size=(n_stores, weeks)).astype("float32")

X = sales[:, :-1].reshape(n_stores, weeks - 1, 1)
y = sales[:, -1]

blocks = [(8, 5), (16, 5), (16, 5)]

model = keras.Sequential()
model.add(layers.Input(shape=(weeks - 1, 1)))
for filters, kernel in blocks:
    model.add(layers.Conv1D(filters, kernel, activation="relu"))
model.add(layers.Conv1D(4, 3))
model.add(layers.Flatten())
model.add(layers.Dense(1))
model.compile(loss="mse", optimizer="adam")
model.fit(X, y, epochs=1, verbose=0)
