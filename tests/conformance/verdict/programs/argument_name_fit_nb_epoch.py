import numpy as np
from tensorflow import keras

x, y = np.random.rand(40, 6), np.random.rand(40)
net = keras.Sequential([keras.layers.Dense(4, input_shape=(6,), activation="tanh"), keras.layers.Dense(1)])
net.compile(optimizer="sgd", loss="mse")
net.fit(x, y, nb_epoch=1, batch_size=8, verbose=0)
