import numpy as np
import tensorflow as tf
from tensorflow.keras import layers


class Seq2Seq:
    def __init__(self, n_features, units):
        self.n_features = n_features
        self.units = units

    def build(self):
        enc_in = layers.Input((None, self.n_features))
        encoder = layers.Bidirectional(layers.LSTM(self.units, return_state=True))
        _, fh, fc, bh, bc = encoder(enc_in)
        h = layers.Concatenate()([fh, bh])
        c = layers.Concatenate()([fc, bc])

        dec_in = layers.Input((None, self.n_features))
        decoder = layers.LSTM(2 * self.units, return_sequences=True)
        seq = decoder(dec_in, initial_state=[h, c])
        out = layers.Dense(self.n_features)(seq)
        return tf.keras.Model([enc_in, dec_in], out)


model = Seq2Seq(n_features=2, units=10).build()
model.compile("adam", "mse")
x = np.random.rand(12, 20, 2)
dec = np.random.rand(12, 5, 2)
model.fit([x, dec], dec, epochs=1, verbose=0)
