import math

import keras
import numpy as np


class PulseData(keras.utils.PyDataset):
    def __init__(self, x, y, batch_size, **kwargs):
        super().__init__(**kwargs)
        self.x, self.y, self.batch_size = x, y, batch_size

    def __len__(self):
        return math.ceil(len(self.x) / self.batch_size)

    def __getitem__(self, idx):
        low = idx * self.batch_size
        high = min(low + self.batch_size, len(self.x))
        batch_x = self.x[low:high]
        batch_y = np.zeros((self.batch_size, 2))
        batch_y[:] = np.eye(2)[self.y[low:high]]
        return batch_x, batch_y


x = np.random.rand(50, 30, 1)
y = np.random.randint(0, 2, 50)
data = PulseData(x, y, 16)
for k in range(len(data)):
    bx, by = data[k]
    print(bx.shape, by.shape)
