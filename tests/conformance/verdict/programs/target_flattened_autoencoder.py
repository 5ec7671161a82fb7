import numpy as np
import tensorflow as tf
from tensorflow.keras import layers


class Autoencoder(tf.keras.Model):
    def __init__(self, timesteps, features, latent=4):
        super().__init__()
        self.encoder = tf.keras.Sequential([layers.LSTM(latent)])
        self.decoder = tf.keras.Sequential([
            layers.RepeatVector(timesteps),
            layers.LSTM(latent, return_sequences=True),
            layers.Dense(features),
        ])

    def call(self, x):
        return self.decoder(self.encoder(x))


vibration = np.random.randn(40, 20, 3).astype("float32")
targets = vibration.reshape(40, -1)

model = Autoencoder(20, 3)
model.compile(optimizer="adam", loss="mse")
model.fit(vibration, targets, epochs=1, verbose=0)
