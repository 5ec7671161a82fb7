import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

IMAGE, LATENT = 16, 3


class Sampling(layers.Layer):
    """z = mean + exp(log_var / 2) * epsilon"""

    def call(self, inputs):
        z_mean, z_log_var = inputs
        epsilon = tf.random.normal(shape=tf.shape(z_mean))
        return z_mean + tf.exp(0.5 * z_log_var) * epsilon


def encoder_net():
    inputs = keras.Input((IMAGE, IMAGE, 1))
    x = layers.Conv2D(8, 3, activation="relu", strides=2, padding="same")(inputs)
    x = layers.Conv2D(16, 3, activation="relu", strides=2, padding="same")(x)
    x = layers.Flatten()(x)
    x = layers.Dense(16, activation="relu")(x)
    z_mean = layers.Dense(LATENT, name="z_mean")(x)
    z_log_var = layers.Dense(LATENT, name="z_log_var")(x)
    z = Sampling()([z_mean, z_log_var])
    return keras.Model(inputs, [z_mean, z_log_var, z], name="encoder")


def decoder_net():
    latent = keras.Input((LATENT,))
    x = layers.Dense(7 * 7 * 16, activation="relu")(latent)
    x = layers.Reshape((7, 7, 16))(x)
    x = layers.Conv2DTranspose(16, 3, activation="relu", strides=2, padding="same")(x)
    outputs = layers.Conv2DTranspose(1, 3, activation="sigmoid", strides=2, padding="same")(x)
    return keras.Model(latent, outputs, name="decoder")


class VAE(keras.Model):
    def __init__(self, encoder, decoder, **kwargs):
        super().__init__(**kwargs)
        self.encoder = encoder
        self.decoder = decoder

    def loss_on(self, images):
        z_mean, z_log_var, z = self.encoder(images)
        reconstruction = self.decoder(z)
        squared = tf.square(images - reconstruction)
        reconstruction_loss = tf.reduce_mean(tf.reduce_sum(squared, axis=(1, 2, 3)))
        kl = -0.5 * (1 + z_log_var - tf.square(z_mean) - tf.exp(z_log_var))
        return reconstruction_loss + tf.reduce_mean(tf.reduce_sum(kl, axis=1))


vae = VAE(encoder_net(), decoder_net())
optimizer = keras.optimizers.Adam()
images = tf.constant(np.random.rand(10, IMAGE, IMAGE, 1), dtype=tf.float32)
with tf.GradientTape() as tape:
    loss = vae.loss_on(images)
variables = vae.encoder.trainable_variables + vae.decoder.trainable_variables
optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
print(float(loss))
