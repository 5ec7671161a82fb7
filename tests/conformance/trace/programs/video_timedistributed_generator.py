"""Video clips from a Sequence; TimeDistributed convolutions, then an LSTM."""
import math

import numpy as np
from tensorflow.keras.layers import LSTM, Conv2D, Dense, Flatten, MaxPooling2D, TimeDistributed
from tensorflow.keras.models import Sequential
from tensorflow.keras.utils import Sequence, to_categorical

FRAMES, H, W, C = 5, 20, 24, 3


class ClipSequence(Sequence):
    def __init__(self, ids, labels, batch_size=4, shuffle=True, **kwargs):
        super().__init__(**kwargs)
        self.ids, self.labels = np.asarray(ids), labels
        self.batch_size, self.shuffle = batch_size, shuffle
        self.on_epoch_end()

    def __len__(self):
        return int(math.floor(len(self.ids) / self.batch_size))

    def on_epoch_end(self):
        self.order = np.arange(len(self.ids))
        if self.shuffle:
            np.random.shuffle(self.order)

    def __getitem__(self, index):
        rows = self.order[index * self.batch_size:(index + 1) * self.batch_size]
        return self._load([self.ids[k] for k in rows])

    def _load(self, ids):
        X = np.empty((self.batch_size, FRAMES, H, W, C))
        y = np.empty((self.batch_size), dtype=int)
        for i, name in enumerate(ids):
            X[i] = np.random.rand(FRAMES, H, W, C)
            y[i] = self.labels[name]
        return X, to_categorical(y, num_classes=3)


ids = [f"clip_{k}" for k in range(18)]
labels = {name: k % 3 for k, name in enumerate(ids)}
train = ClipSequence(ids[:12], labels)
val = ClipSequence(ids[12:], labels, batch_size=3, shuffle=False)
clips, onehot = train[0]
model = Sequential()
model.add(TimeDistributed(Conv2D(4, (3, 3), activation="relu"), input_shape=(FRAMES, H, W, C)))
model.add(TimeDistributed(MaxPooling2D((2, 2))))
model.add(TimeDistributed(Flatten()))
model.add(LSTM(8))
model.add(Dense(3, activation="softmax"))
model.compile(loss="categorical_crossentropy", optimizer="adam")
model.fit(train, validation_data=val, epochs=1, verbose=0)
probs = model.predict(val, verbose=0)
truth = np.vstack([val[k][1] for k in range(len(val))])
acc = np.mean(probs.argmax(1) == truth.argmax(1))
motion = np.diff(clips, axis=1)
energy = (motion ** 2).mean(axis=(2, 3, 4))
print(clips.shape, onehot.shape, probs.shape, truth.shape, motion.shape, energy.shape, acc)
