import numpy as np
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Conv2D, Flatten, Dense, Input


class Augmenter:
    def __init__(self, crop=2):
        self.crop = crop

    def __call__(self, images):
        c = self.crop
        return images[:, c:-c, c:-c, :]


images = np.random.rand(32, 20, 20, 1)
labels = np.random.randint(0, 2, 32)

augment = Augmenter()
train_x = augment(images)
val_x = augment(images[:8])

model = Sequential()
model.add(Input(shape=(16, 16, 1)))
model.add(Conv2D(4, 3, activation="relu"))
model.add(Flatten())
model.add(Dense(1, activation="sigmoid"))
model.compile(loss="binary_crossentropy", optimizer="adam")
model.fit(train_x, labels, validation_data=(val_x, labels[:8]), epochs=1, verbose=0)
