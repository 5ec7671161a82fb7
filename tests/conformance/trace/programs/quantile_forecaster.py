"""Subclassed forecaster with quantiles, a custom loss and a callback."""
import numpy as np
import tensorflow as tf
from tensorflow import keras


def quantile_loss(q):
    def loss(y_true, y_pred):
        error = y_true - y_pred
        return tf.reduce_mean(tf.maximum(q * error, (q - 1) * error), axis=-1)
    return loss


class History(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.losses = []

    def on_train_batch_end(self, batch, logs=None):
        self.losses.append((logs or {}).get("loss", 0.0))


class Forecaster(keras.Model):
    def __init__(self, horizon, quantiles):
        super().__init__()
        self.horizon = horizon
        self.n_q = len(quantiles)
        self.rnn = keras.layers.LSTM(8)
        self.dense = keras.layers.Dense(horizon * self.n_q)
        self.shape_out = keras.layers.Reshape((horizon, self.n_q))

    def call(self, x):
        code = self.rnn(x)
        wide = self.dense(code)
        return self.shape_out(wide)


quantiles = [0.1, 0.5, 0.9]
x = np.random.rand(32, 14, 2).astype("float32")
y = x[:, -4:, :1]
y3 = np.repeat(y, len(quantiles), axis=-1)
model = Forecaster(4, quantiles)
hist = History()
model.compile(optimizer="adam", loss=quantile_loss(0.5), metrics=["mae"])
model.fit(x, y3, epochs=1, batch_size=10, callbacks=[hist], verbose=0)
bands = model.predict(x, verbose=0)
low, mid, high = np.moveaxis(bands, -1, 0)
sorted_bands = np.sort(bands, axis=-1)
inside = (y[..., 0] >= sorted_bands[..., 0]) & (y[..., 0] <= sorted_bands[..., -1])
coverage = inside.mean(axis=0)
width = high - low
pinball = np.stack([np.maximum(q * (y3[..., i] - bands[..., i]), (q - 1) * (y3[..., i] - bands[..., i]))
                    for i, q in enumerate(quantiles)])
per_quantile = pinball.mean(axis=(1, 2))

scale_in = keras.Input((6,))
scaled = keras.layers.Rescaling(1 / 255.0)(scale_in)
normalizer = keras.layers.Normalization()
normalizer.adapt(np.random.rand(20, 6).astype("float32") * 255)
normal = normalizer(scale_in)
both = keras.layers.concatenate([scaled, normal])
lin = keras.Model(scale_in, keras.layers.Dense(2)(both))
out = lin(np.ones((3, 6), dtype="float32"))
arr = out.numpy()
losses = np.array(hist.losses)
print(coverage, width.shape, per_quantile, losses.shape, arr.shape, mid.shape)
