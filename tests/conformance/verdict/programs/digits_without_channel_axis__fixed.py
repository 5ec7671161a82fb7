from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Conv2D, Flatten, Dense

digits = load_digits()
pictures = digits.images[..., None]
X_train, X_test, y_train, y_test = train_test_split(pictures / 16.0, digits.target, test_size=0.2, random_state=0)

model = Sequential([
    Conv2D(8, (3, 3), activation="relu", input_shape=(8, 8, 1)),
    Flatten(),
    Dense(10, activation="softmax"),
])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(X_train, y_train, epochs=1, batch_size=256, verbose=0)
print(model.evaluate(X_test, y_test, verbose=0))
