# keras=2: Two LSTM layers, and the first keeps its last step only
import numpy as np
from tensorflow.keras.layers import LSTM, Dense
from tensorflow.keras.models import Sequential

X = np.random.rand(100, 30, 8)
y = np.random.rand(100, 1)

model = Sequential()
model.add(LSTM(50, input_shape=(30, 8)))
model.add(LSTM(25))
model.add(Dense(1))
model.compile(optimizer="adam", loss="mse")
model.fit(X, y, verbose=0)
