import numpy as np
from tensorflow import keras
from tensorflow.keras.layers import LSTM, Dense

# Sample data: a time series of 100 points
data = np.sin(np.linspace(0, 10, 100))

# Reshape data for LSTM input (samples, timesteps, features)
# We create sequences of length 10, so each input is a sequence of 10 time points
timesteps = 10
X = []
y = []
for i in range(len(data) - timesteps):
    X.append(data[i:i + timesteps])
    y.append(data[i + timesteps])
X = np.array(X).reshape(-1, timesteps, 1)  # Reshape to (samples, timesteps, features)
y = np.array(y)

# Build the LSTM model
model = keras.Sequential([
    LSTM(50, activation='relu', input_shape=(timesteps, 1)),
    Dense(1)
])

# Compile and train the model
model.compile(optimizer='adam', loss='mse')
model.fit(X, y, epochs=100)
