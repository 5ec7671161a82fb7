import numpy as np
from tensorflow import keras

x = np.random.rand(72, 10, 3)
y = np.random.randint(0, 2, 72)

x_train, y_train = x[:60], y[:60]
order = np.arange(len(x_train))[::-1]
x_train, y_train = x_train[order], y_train[order]

model = keras.Sequential([keras.layers.GRU(4, input_shape=(10, 3)), keras.layers.Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
model.fit(x_train, y_train, epochs=1, verbose=0)
