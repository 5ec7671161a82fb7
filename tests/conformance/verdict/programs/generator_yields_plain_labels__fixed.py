import numpy as np
from tensorflow import keras

signals = np.random.rand(60, 40, 3)
spikes = np.random.randint(0, 2, 60)


def batches(size):
    at = 0
    while True:
        xs, ys = [], []
        for k in range(size):
            xs.append(signals[(at + k) % 60])
            ys.append(float(spikes[(at + k) % 60]))
        at = (at + size) % 60
        yield np.array(xs), np.array(ys)


model = keras.Sequential([
    keras.layers.Input((40, 3)),
    keras.layers.GRU(6),
    keras.layers.Dense(1, activation="sigmoid"),
])
model.compile("adam", "binary_crossentropy")
model.fit(batches(10), steps_per_epoch=2, verbose=0)
