import numpy as np
from keras.layers import Dense
from keras.layers import LSTM
from keras.models import Sequential

model = Sequential()
model.add(LSTM(4, input_shape=(6, 2)))
model.add(Dense(1))
model.compile("adam", "mse")
model.fit(np.random.rand(10, 6, 2), np.random.rand(10), verbose=0)
