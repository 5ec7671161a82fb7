import numpy as np
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Input, LSTM, Dense

batch_size = 16
look_back = 3

tide = np.sin(np.arange(0, 115) * 0.3)
X = np.array([tide[i:i + look_back] for i in range(len(tide) - look_back)])
X = X.reshape((X.shape[0], look_back, 1))
y = tide[look_back:]

model = Sequential()
model.add(Input(batch_shape=(batch_size, look_back, 1)))
model.add(LSTM(4, stateful=True))
model.add(Dense(1))
model.compile(loss='mean_squared_error', optimizer='adam')
for epoch in range(2):
    model.fit(X, y, epochs=1, batch_size=batch_size, verbose=0, shuffle=False)
