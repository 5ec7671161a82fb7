import numpy as np
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import LSTM, Dense

# monthly sunspots, pretend csv
sunspots = np.abs(np.sin(np.arange(1, 500) / 21)) * 100
sunspots = sunspots.astype('float32')

n_input = 12
n_features = 1

# cut into yearly samples
samples = len(sunspots) // n_input
X = sunspots[:samples * n_input].reshape((samples, n_input, n_features))
y = X[1:, 0, 0]
X = X[:-1]

model = Sequential()
model.add(LSTM(6, activation='relu', input_shape=(n_input, n_features)))
model.add(Dense(1))
model.compile(optimizer='adam', loss='mse')
model.fit(X, y, epochs=1, verbose=0)
