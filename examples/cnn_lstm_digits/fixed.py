"""Read 8x8 digit images row by row: convolutions first, then an LSTM over the rows of the feature map."""
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from tensorflow.keras import layers, models

digits = load_digits()
images = digits.images / 16.0
images = images.reshape(-1, 8, 8, 1)
targets = digits.target

x_train, x_test, y_train, y_test = train_test_split(images, targets, test_size=0.2, random_state=0)


def build_model():
    model = models.Sequential()
    model.add(layers.Conv2D(16, (3, 3), padding="same", activation="relu", input_shape=(8, 8, 1)))
    model.add(layers.MaxPooling2D((2, 2)))
    model.add(layers.Conv2D(32, (3, 3), padding="same", activation="relu"))
    model.add(layers.Reshape((4, 4 * 32)))          # 4 rows, each of 4 columns x 32 channels
    model.add(layers.LSTM(32))
    model.add(layers.Dense(10, activation="softmax"))
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


if __name__ == "__main__":
    model = build_model()
    model.fit(x_train, y_train, epochs=1, batch_size=64, verbose=0)
    loss, accuracy = model.evaluate(x_test, y_test, verbose=0)
    print(f"test accuracy {accuracy:.3f}")
