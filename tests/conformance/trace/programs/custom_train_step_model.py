"""A model with its own train_step and test_step."""
import numpy as np
import tensorflow as tf
from tensorflow import keras


class Denoiser(keras.Model):
    def __init__(self, width, noise=0.1, **kwargs):
        super().__init__(**kwargs)
        self.noise = noise
        self.encoder = keras.Sequential([keras.layers.Dense(12, activation="relu"), keras.layers.Dense(4)])
        self.decoder = keras.Sequential([keras.layers.Dense(12, activation="relu"), keras.layers.Dense(width)])
        self.tracker = keras.metrics.Mean(name="loss")

    @property
    def metrics(self):
        return [self.tracker]

    def call(self, x, training=False):
        code = self.encoder(x)
        return self.decoder(code)

    def train_step(self, data):
        x = data[0] if isinstance(data, tuple) else data
        noisy = x + tf.random.normal(tf.shape(x), stddev=self.noise)
        with tf.GradientTape() as tape:
            recon = self(noisy, training=True)
            per_sample = tf.reduce_mean(tf.square(x - recon), axis=-1)
            loss = tf.reduce_mean(per_sample)
        grads = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(grads, self.trainable_variables))
        self.tracker.update_state(loss)
        return {"loss": self.tracker.result()}

    def test_step(self, data):
        x = data[0] if isinstance(data, tuple) else data
        recon = self(x, training=False)
        self.tracker.update_state(tf.reduce_mean(tf.square(x - recon)))
        return {m.name: m.result() for m in self.metrics}


signals = np.sin(np.linspace(0, 40, 1000)).reshape(50, 20).astype("float32")
train, val = signals[:40], signals[40:]
net = Denoiser(20)
net.compile(optimizer=keras.optimizers.Adam(1e-3))
ds = tf.data.Dataset.from_tensor_slices(train).shuffle(40).batch(16)
hist = net.fit(ds, epochs=2, verbose=0)
score = net.evaluate(val, verbose=0)
codes = net.encoder(val)
back = net.decoder(codes).numpy()
residual = np.abs(val - back).max(axis=1)
threshold = np.percentile(residual, 95)
anomalies = residual > threshold
curve = np.asarray(hist.history["loss"])
print(codes.shape, back.shape, residual.shape, anomalies.shape, curve.shape)
