import numpy as np
from tensorflow import keras
from tensorflow.keras import layers


def load_split(n, seconds, rate=10):
    x = np.random.randn(n, seconds * rate, 3)
    y = np.random.randint(0, 4, n)
    return x, y


x_train, y_train = load_split(40, seconds=4)
x_test, y_test = load_split(12, seconds=5)

model = keras.models.Sequential([
    layers.Conv1D(8, 5, activation="relu", input_shape=x_train.shape[1:]),
    layers.MaxPooling1D(2),
    layers.Flatten(),
    layers.Dense(4, activation="softmax"),
])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x_train, y_train, epochs=1, verbose=0)
loss, accuracy = model.evaluate(x_test, y_test, verbose=0)
print("test accuracy", accuracy)
