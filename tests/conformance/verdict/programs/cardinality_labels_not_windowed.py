import numpy as np
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import LSTM, Dense

N = 150
readings = np.random.rand(N, 2)
failures = np.random.randint(0, 2, N)

time_step = 10
X = []
for i in range(N - time_step):
    X.append(readings[i:(i + time_step), :])
X = np.array(X)

model = Sequential()
model.add(LSTM(8, input_shape=(time_step, 2)))
model.add(Dense(1, activation='sigmoid'))
model.compile(loss='binary_crossentropy', optimizer='adam')
model.fit(X, failures, epochs=1, batch_size=32, verbose=0)
