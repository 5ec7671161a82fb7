import numpy as np
import pandas as pd
from sklearn.preprocessing import MinMaxScaler
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import LSTM, Dense

close = pd.Series(np.cumsum(np.random.randn(150)) + 100, name="Close")

scaler = MinMaxScaler(feature_range=(0, 1))
scaled = scaler.fit_transform(close.values)

lookback = 15
X, y = [], []
for i in range(lookback, len(scaled)):
    X.append(scaled[i - lookback:i, 0])
    y.append(scaled[i, 0])
X, y = np.array(X), np.array(y)
X = np.reshape(X, (X.shape[0], X.shape[1], 1))

model = Sequential()
model.add(LSTM(units=8, return_sequences=True, input_shape=(X.shape[1], 1)))
model.add(LSTM(units=8))
model.add(Dense(units=1))
model.compile(optimizer='adam', loss='mean_squared_error')
model.fit(X, y, epochs=1, batch_size=32, verbose=0)
