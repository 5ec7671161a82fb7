import numpy as np
from tensorflow import keras
from tensorflow.keras.preprocessing.sequence import pad_sequences

sequences = [[1, 2, 3], [4, 5], [6, 7, 8, 9]]
X_train = np.array(pad_sequences(sequences, padding='post', maxlen=4))
y_train = np.array([0, 1, 0])


model = keras.Sequential([
    keras.layers.Embedding(10, 32, input_length=4),
    keras.layers.LSTM(32),
    keras.layers.Dense(1, activation='sigmoid')
])

model.compile(optimizer='adam', loss='binary_crossentropy', metrics=['accuracy'])

model.fit(X_train, y_train, epochs=10)
