import numpy as np
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import LSTM, Dense

flow = np.random.rand(100)
steps = 12
X, y = [], []
for i in range(len(flow) - steps):
    X.append(flow[i:i + steps])
    y.append(flow[i + steps])

model = Sequential()
model.add(LSTM(8, input_shape=(X.shape[1], 1)))
model.add(Dense(1))
model.compile(loss='mse', optimizer='adam')
model.fit(np.array(X)[..., None], np.array(y), epochs=1, verbose=0)
