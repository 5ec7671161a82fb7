import math

import numpy as np
import tensorflow as tf


class WindowSequence(tf.keras.utils.Sequence):
    """Serves (batch, window, features) from one long recording."""

    def __init__(self, recording, target, window, batch_size):
        super().__init__()
        self.recording = recording
        self.target = target
        self.window = window
        self.batch_size = batch_size

    def __len__(self):
        return (len(self.recording) - self.window) // self.batch_size

    def __getitem__(self, index):
        xs, ys = [], []
        for k in range(self.batch_size):
            start = index * self.batch_size + k
            xs.append(self.recording[start:start + self.window])
            ys.append(self.target[start + self.window])
        return np.array(xs), np.array(ys)


recording = np.random.rand(100, 2)
target = np.random.rand(100)
seq = WindowSequence(recording, target, window=10, batch_size=10)

for b in range(len(seq)):
    x, y = seq[b]
    print(b, x.shape, y.shape)
