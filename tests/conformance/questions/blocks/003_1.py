import numpy as np
from tensorflow import keras

# Incorrect Input Shape
X_train = np.random.rand(100, 10)  # 100 samples, 10 features
y_train = np.random.randint(0, 2, 100)  # 100 samples, binary classification

model = keras.Sequential([
    keras.layers.LSTM(32, input_shape=(10, 1)), # Expects (samples, timesteps, features)
    keras.layers.Dense(1, activation='sigmoid')
])

model.compile(optimizer='adam', loss='binary_crossentropy', metrics=['accuracy'])

# This will throw an error because input shape is (100, 10) instead of (100, 10, 1)
model.fit(X_train, y_train, epochs=10)
