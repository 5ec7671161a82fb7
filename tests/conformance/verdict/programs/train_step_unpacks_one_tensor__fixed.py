import numpy as np
import tensorflow as tf
from tensorflow import keras


class Autoencoder(keras.Model):
    def __init__(self):
        super().__init__()
        self.encoder = keras.layers.LSTM(4)
        self.repeat = keras.layers.RepeatVector(6)
        self.decoder = keras.layers.LSTM(2, return_sequences=True)

    def call(self, x):
        return self.decoder(self.repeat(self.encoder(x)))

    def train_step(self, data):
        x = data
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(x - self(x, training=True)))
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
        return {"loss": loss}


model = Autoencoder()
model.compile(optimizer="adam")
model.fit(np.random.rand(16, 6, 2).astype("float32"), epochs=1, batch_size=8, verbose=0)
