import numpy as np
from tensorflow import keras

X_train = np.random.rand(100, 10, 3) # 100 samples, 10 timesteps, 3 features
y_train = np.random.randint(0, 2, 100)

model = keras.Sequential([
    keras.layers.Conv1D(filters=64, kernel_size=3, activation='relu', input_shape=(10, 3)),
    keras.layers.MaxPooling1D(pool_size=2),
    keras.layers.Flatten(),
    keras.layers.Dense(1, activation='sigmoid')
])

model.compile(optimizer='adam', loss='binary_crossentropy', metrics=['accuracy'])

model.fit(X_train, y_train, epochs=10)
