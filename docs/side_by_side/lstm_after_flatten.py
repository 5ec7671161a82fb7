# keras=3: An LSTM after Flatten
import numpy as np
from keras import Sequential, layers

images = np.random.rand(64, 28, 28, 1).astype("float32")
digits = np.random.randint(0, 10, size=64)

model = Sequential(
    [
        layers.Input((28, 28, 1)),
        layers.Conv2D(32, (3, 3), activation="relu"),
        layers.MaxPooling2D((2, 2)),
        layers.Flatten(),
        layers.LSTM(64),
        layers.Dense(10, activation="softmax"),
    ]
)
model.compile("adam", "sparse_categorical_crossentropy")
model.fit(images, digits, batch_size=32, verbose=0)
