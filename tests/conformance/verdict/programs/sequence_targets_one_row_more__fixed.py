import math

import numpy as np
from tensorflow import keras


class Windows(keras.utils.Sequence):
    def __init__(self, x, y, batch_size):
        super().__init__()
        self.x, self.y, self.batch_size = x, y, batch_size

    def __len__(self):
        return math.ceil(len(self.x) / self.batch_size)

    def __getitem__(self, index):
        start = index * self.batch_size
        stop = start + self.batch_size
        return self.x[start:stop], self.y[start:stop]


x = np.random.rand(60, 12, 3).astype("float32")
y = np.random.randint(0, 4, size=60)
model = keras.Sequential([keras.Input((12, 3)), keras.layers.LSTM(8), keras.layers.Dense(4, activation="softmax")])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(Windows(x, y, 16), epochs=1, verbose=0)
