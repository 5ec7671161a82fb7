import numpy as np
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import LSTM, Dense

dataset = np.random.rand(200, 1)
n_past = 14


def make_xy(seq, n_past):
    x, y = [], []
    for i in range(n_past, len(seq)):
        x.append(seq[i - n_past:i])
        y.append(seq[i])
    return np.array(x), np.array(y)


trainX, trainY = make_xy(dataset, n_past)
print('trainX shape == {}.'.format(trainX.shape))
print('trainY shape == {}.'.format(trainY.shape))

model = Sequential()
model.add(LSTM(16, activation='relu', input_shape=(trainX.shape[1], trainX.shape[2]), return_sequences=True))
model.add(LSTM(8, activation='relu', return_sequences=False))
model.add(Dense(1))
model.compile(optimizer='adam', loss='mse')
model.fit(trainX, trainY, epochs=1, batch_size=16, validation_split=0.1, verbose=0)
