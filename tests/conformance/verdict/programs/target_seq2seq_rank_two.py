import numpy as np
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import LSTM, Dense, RepeatVector, TimeDistributed

n_in, n_out, n_features = 10, 4, 2
X = np.random.rand(50, n_in, n_features)
y = np.random.rand(50, n_out, n_features)

model = Sequential()
model.add(LSTM(8, activation='relu', input_shape=(n_in, n_features)))
model.add(RepeatVector(n_in))
model.add(LSTM(8, activation='relu', return_sequences=True))
model.add(TimeDistributed(Dense(n_features)))
model.compile(optimizer='adam', loss='mse')
model.fit(X, y, epochs=1, verbose=0)
