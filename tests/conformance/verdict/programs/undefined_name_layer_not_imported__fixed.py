import numpy as np
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import LSTM, Dense, Dropout

n_classes = 3
model = Sequential([
    LSTM(10, return_sequences=True, input_shape=(16, 4)),
    Dropout(0.2),
    LSTM(10),
    Dense(n_classes, activation='softmax'),
])
model.compile(loss='sparse_categorical_crossentropy', optimizer='adam')
model.fit(np.random.rand(20, 16, 4), np.random.randint(0, n_classes, 20), epochs=1, verbose=0)
