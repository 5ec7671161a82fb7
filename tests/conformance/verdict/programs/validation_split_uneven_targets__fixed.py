import numpy as np
from tensorflow import keras


def windows(a, n):
    return np.array([a[i:i + n] for i in range(len(a) - n)])


signal = np.sin(np.arange(260) / 8)
n_train = 200
train, val = signal[:n_train], signal[n_train:]

n = 24
x_train, y_train = windows(train, n)[..., None], train[n:]
x_val, y_val = windows(val, n)[..., None], val[n:]

model = keras.Sequential([keras.Input((n, 1)), keras.layers.SimpleRNN(6), keras.layers.Dense(1)])
model.compile(optimizer="adam", loss="mse")
model.fit(x_train, y_train, validation_data=(x_val, y_val), epochs=1, verbose=0)
