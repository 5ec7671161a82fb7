import numpy as np
import tensorflow as tf


class FrameFolder(tf.keras.Model):
    """Folds pairs of frames together before the GRU."""

    def __init__(self, batch_size):
        super().__init__()
        self.batch_size = batch_size
        self.gru = tf.keras.layers.GRU(6)
        self.out = tf.keras.layers.Dense(1)

    def call(self, x):
        x = tf.reshape(x, (-1, 10, 8))
        return self.out(self.gru(x))


frames = np.random.rand(70, 20, 4).astype("float32")
score = np.random.rand(70, 1).astype("float32")
model = FrameFolder(batch_size=16)
for start in range(0, len(frames), 16):
    batch = frames[start:start + 16]
    y = model(batch)
    print(start, y.shape)
