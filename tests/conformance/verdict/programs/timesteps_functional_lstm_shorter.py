# a functional LSTM declared for 60 days that is asked about 45
import numpy as np
import tensorflow as tf
from tensorflow.keras.layers import Input, LSTM, Dense
from tensorflow.keras.models import Model

DAYS = 60
inp = Input(shape=(DAYS, 2))
out = Dense(1)(LSTM(8)(inp))
model = Model(inp, out)
model.compile(optimizer="adam", loss="mae")

x = np.random.rand(30, DAYS, 2)
y = np.random.rand(30)
model.fit(x, y, epochs=1, verbose=0)

recent = np.random.rand(4, 45, 2)
print(model.predict(recent, verbose=0))
