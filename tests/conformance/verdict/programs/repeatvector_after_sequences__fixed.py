import numpy as np
from tensorflow.keras import Sequential
from tensorflow.keras.layers import LSTM, RepeatVector, TimeDistributed, Dense

turbine = np.random.rand(30, 18, 4)

autoencoder = Sequential()
autoencoder.add(LSTM(16, input_shape=(18, 4), return_sequences=True))
autoencoder.add(LSTM(6))
autoencoder.add(RepeatVector(18))
autoencoder.add(LSTM(16, return_sequences=True))
autoencoder.add(TimeDistributed(Dense(4)))
autoencoder.compile(optimizer='adam', loss='mae')
autoencoder.fit(turbine, turbine, epochs=1, verbose=0)
