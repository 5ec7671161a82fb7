import numpy as np
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import LSTM, Dense

# Incorrect input shape: missing batch dimension
sequence = np.array([[1, 2, 3], [4, 5, 6]])
X_incorrect = sequence.reshape(3,2) #Incorrect Reshaping

model = Sequential([
    LSTM(5, input_shape=(3, 2)), #Expect 3 timesteps, 2 features
    Dense(1, activation='sigmoid')
])

model.compile(optimizer='adam', loss='binary_crossentropy')
# model.fit(X_incorrect, np.array([0])) # This will raise an IndexError

# Solution: Add a batch dimension
X_correct = np.expand_dims(sequence, axis=0)
model.fit(X_correct, np.array([0])) # This should run
