import numpy as np
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import LSTM, Dense

# Uneven sequence lengths without padding
sequences = [np.array([1, 2, 3]), np.array([4, 5]), np.array([6, 7, 8, 9])]
X = np.array(sequences)

model = Sequential([
    LSTM(10, input_shape=(None, 1)),  # Note: input_shape is flexible with None for sequence length
    Dense(1, activation='sigmoid')
])

model.compile(optimizer='adam', loss='binary_crossentropy')
model.fit(X, np.array([0,1,0])) # Error will occur here

# Solution: Pad sequences to the maximum length
max_len = max(len(seq) for seq in sequences)
padded_sequences = [np.pad(seq, (0, max_len - len(seq)), 'constant') for seq in sequences]
X_padded = np.array(padded_sequences).reshape(-1, max_len, 1)
model.fit(X_padded, np.array([0,1,0])) # Now it should run (assuming correct labels)
