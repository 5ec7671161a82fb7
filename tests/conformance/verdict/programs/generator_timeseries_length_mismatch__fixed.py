import numpy as np
from tensorflow.keras.preprocessing.sequence import TimeseriesGenerator
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import LSTM, Dense

series = np.arange(100).reshape(-1, 1) / 100.0
n_input = 7
targets = series

generator = TimeseriesGenerator(series, targets, length=n_input, batch_size=8)
print('batches', len(generator))

model = Sequential()
model.add(LSTM(8, input_shape=(n_input, 1)))
model.add(Dense(1))
model.compile(optimizer='adam', loss='mse')
model.fit(generator, epochs=1, verbose=0)
