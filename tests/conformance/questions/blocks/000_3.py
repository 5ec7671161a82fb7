import numpy as np
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import LSTM, Dense, Flatten

sequence = np.random.rand(1, 10, 3) #Batch of 1, 10 timesteps, 3 features

model = Sequential([
    LSTM(10, return_sequences=True, input_shape=(10, 3)),
    Dense(1, activation='sigmoid')
])

model.compile(optimizer='adam', loss='mse')
# model.fit(sequence, np.array([0.5])) # IndexError likely here


#Solution: Flatten or adjust Dense layer
model_corrected = Sequential([
    LSTM(10, return_sequences=True, input_shape=(10,3)),
    Flatten(),
    Dense(1, activation='sigmoid')
])

model_corrected.compile(optimizer='adam', loss='mse')
model_corrected.fit(sequence, np.array([0.5]))
