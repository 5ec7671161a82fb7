import numpy as np
from tensorflow import keras


class Windows(keras.utils.Sequence):
    def __init__(self, series, size):
        super().__init__()
        self.series = series
        self.size = size

    def __len__(self):
        return (len(self.series) - self.size) // 8

    def __getitem__(self, index):
        windows = np.zeros((8, self.size, 1))
        following = np.zeros((8,))
        for k in range(8):
            start = index * 8 + k
            windows[k, :, 0] = self.series[start : start + self.size]
            following[k] = self.series[start + self.size]
        return windows, following


model = keras.Sequential([keras.Input((10, 1)), keras.layers.GRU(4), keras.layers.Dense(1)])
model.compile(optimizer="adam", loss="mae")
model.fit(Windows(np.random.rand(60), 10), epochs=1, verbose=0)
