# Softmax over one unit is always 1: it trains and never learns.
import numpy as np
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import LSTM, Dense

X = np.random.rand(40, 15, 2)
y = np.random.randint(0, 2, 40)

model = Sequential()
model.add(LSTM(6, input_shape=(15, 2)))
model.add(Dense(1, activation='softmax'))
model.compile(loss='binary_crossentropy', optimizer='adam', metrics=['accuracy'])
model.fit(X, y, epochs=1, verbose=0)
