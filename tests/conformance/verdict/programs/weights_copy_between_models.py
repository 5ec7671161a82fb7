import numpy as np
from tensorflow import keras


def forecaster(units):
    return keras.Sequential([
        keras.layers.Input((12, 2)),
        keras.layers.LSTM(units),
        keras.layers.Dense(1),
    ])


trained = forecaster(16)
trained.compile("adam", "mse")
trained.fit(np.random.rand(32, 12, 2), np.random.rand(32), epochs=1, verbose=0)

# same weights, but for one sample at a time
online = forecaster(8)
online.set_weights(trained.get_weights())
print(online.predict(np.random.rand(1, 12, 2), verbose=0))
