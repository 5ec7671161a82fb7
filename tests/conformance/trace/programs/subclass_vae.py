"""Variational autoencoder on digits with a custom train loop (GradientTape)."""
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

LATENT = 2
images = load_digits().images[:256].astype("float32") / 16.0
flat = images.reshape(len(images), -1)


class Encoder(tf.keras.layers.Layer):
    def __init__(self, latent):
        super().__init__()
        self.hidden = tf.keras.layers.Dense(24, activation="relu")
        self.mean = tf.keras.layers.Dense(latent)
        self.logvar = tf.keras.layers.Dense(latent)

    def call(self, x):
        h = self.hidden(x)
        return self.mean(h), self.logvar(h)


class VAE(tf.keras.Model):
    def __init__(self, latent, n_out):
        super().__init__()
        self.encoder = Encoder(latent)
        self.decoder = tf.keras.Sequential([
            tf.keras.layers.Dense(24, activation="relu"),
            tf.keras.layers.Dense(n_out, activation="sigmoid"),
        ])

    def call(self, x):
        mean, logvar = self.encoder(x)
        eps = tf.random.normal(tf.shape(mean))
        z = mean + tf.exp(0.5 * logvar) * eps
        out = self.decoder(z)
        return out, mean, logvar


vae = VAE(LATENT, flat.shape[1])
optimizer = tf.keras.optimizers.Adam(1e-3)
dataset = tf.data.Dataset.from_tensor_slices(flat).shuffle(256).batch(32, drop_remainder=True)

for batch in dataset.take(4):
    with tf.GradientTape() as tape:
        rebuilt, mean, logvar = vae(batch)
        recon = tf.reduce_mean(tf.reduce_sum(tf.square(batch - rebuilt), axis=1))
        kl = -0.5 * tf.reduce_mean(1 + logvar - tf.square(mean) - tf.exp(logvar))
        loss = recon + kl
    grads = tape.gradient(loss, vae.trainable_variables)
    optimizer.apply_gradients(zip(grads, vae.trainable_variables))

grid_x, grid_y = np.meshgrid(np.linspace(-2, 2, 4), np.linspace(-2, 2, 3))
points = np.stack([grid_x.ravel(), grid_y.ravel()], axis=1).astype("float32")
decoded = vae.decoder(points)
tiles = tf.reshape(decoded, (3, 4, 8, 8)).numpy()
canvas = tiles.transpose(0, 2, 1, 3).reshape(3 * 8, 4 * 8)
codes, _ = vae.encoder(flat)
spread = codes.numpy().std(axis=0)
print(canvas.shape, spread, float(loss))
