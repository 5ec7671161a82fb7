import numpy as np
from tensorflow import keras

x = np.random.rand(64, 14, 3)
y = np.random.rand(60)

net = keras.Sequential([keras.layers.SimpleRNN(5, input_shape=(14, 3)), keras.layers.Dense(1)])
net.compile(loss="mse", optimizer="sgd")

status = "not started"
try:
    status = "training"
    net.fit(x, y, epochs=1, verbose=0)
    status = "done"
except (ValueError, TypeError) as err:
    status = "failed: " + str(err).split(".")[0]
finally:
    print(status)
