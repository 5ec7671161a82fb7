# only: keras=3
"""keras.utils.PyDataset with lazily cut windows."""
import math

import keras
import numpy as np
from keras import layers, ops


class WindowDataset(keras.utils.PyDataset):
    def __init__(self, series, length, batch_size, **kwargs):
        super().__init__(**kwargs)
        self.series = series
        self.length = length
        self.batch_size = batch_size
        self.indices = np.arange(len(series) - length)

    def __len__(self):
        return math.ceil(len(self.indices) / self.batch_size)

    def __getitem__(self, idx):
        rows = self.indices[idx * self.batch_size:(idx + 1) * self.batch_size]
        x = np.stack([self.series[r:r + self.length] for r in rows])
        y = self.series[rows + self.length, 0]
        return x, y[:, None]

    def on_epoch_end(self):
        np.random.shuffle(self.indices)


series = np.random.rand(210, 3).astype("float32")
train = WindowDataset(series[:150], 10, 16)
valid = WindowDataset(series[150:], 10, 16)
bx, by = train[0]
n_batches = len(train)
inputs = keras.Input((10, 3))
x = layers.Conv1D(8, 3, padding="same", activation="gelu")(inputs)
x = layers.GRU(8)(x)
outputs = layers.Dense(1)(x)
model = keras.Model(inputs, outputs)
model.compile(optimizer="adamw", loss="huber")
model.fit(train, validation_data=valid, epochs=1, verbose=0)
result = model.evaluate(valid, verbose=0)
pred = model.predict(valid, verbose=0)
clone = keras.models.clone_model(model)
clone.set_weights(model.get_weights())
again = clone(bx)
same = ops.all(ops.isclose(again, model(bx), atol=1e-4))
cfg = model.get_config()
rebuilt = keras.Model.from_config(cfg)
out3 = rebuilt(bx[:4])
softm = ops.softmax(ops.transpose(again))
print(bx.shape, by.shape, n_batches, pred.shape, again.shape, out3.shape, softm.shape, same.shape)
