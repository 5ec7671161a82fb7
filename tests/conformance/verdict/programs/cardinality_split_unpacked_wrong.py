import numpy as np
from sklearn.model_selection import train_test_split
from tensorflow import keras

heart_rate = np.random.normal(70, 8, size=(100, 60, 1))
stress = np.random.rand(100)

X_train, y_train, X_test, y_test = train_test_split(heart_rate, stress, test_size=0.3, random_state=42)

model = keras.Sequential([
    keras.layers.LSTM(6, input_shape=(60, 1)),
    keras.layers.Dense(1),
])
model.compile(optimizer="adam", loss="mse")
model.fit(X_train, y_train, epochs=1, verbose=0)
print(model.evaluate(X_test, y_test, verbose=0))
