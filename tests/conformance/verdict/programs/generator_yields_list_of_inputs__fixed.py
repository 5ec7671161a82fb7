import numpy as np
from tensorflow.keras import Input, Model
from tensorflow.keras.layers import Concatenate, Dense, LSTM


def windows_and_weather(load, weather, size, steps):
    while True:
        starts = np.random.randint(0, len(load) - steps - 1, size)
        past = np.stack([load[s:s + steps] for s in starts])
        yield (past, weather[starts]), load[starts + steps, 0]


load, weather = np.random.rand(400, 2), np.random.rand(400, 6)
past, outside = Input((24, 2)), Input((6,))
joined = Concatenate()([LSTM(8)(past), outside])
model = Model([past, outside], Dense(1)(joined))
model.compile("adam", "mse")
model.fit(windows_and_weather(load, weather, 16, 24), steps_per_epoch=3, verbose=0)
