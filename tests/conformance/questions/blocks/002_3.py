import numpy as np
from tensorflow import keras
from tensorflow.keras.layers import LSTM, Dense

# Sample data: multiple time series with multiple features
data = np.random.rand(100, 10, 3) # 100 samples, 10 timesteps, 3 features

# Prepare data for LSTM:  No reshaping needed as it's already in (samples, timesteps, features)
timesteps = 10
X = data[:, :-1, :]  # Input: first 9 timesteps
y = data[:, -1, :]  # Output: last timestep (all 3 features)

model = keras.Sequential([
    LSTM(50, activation='relu', input_shape=(timesteps, 3)),
    Dense(3) # 3 output neurons because we're predicting 3 features
])

model.compile(optimizer='adam', loss='mse')
model.fit(X, y, epochs=100)
