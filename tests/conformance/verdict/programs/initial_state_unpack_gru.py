from tensorflow import keras
import numpy as np

latent = 12
enc_x = keras.Input((14, 3))
encoder = keras.layers.GRU(latent, return_state=True)
enc_out, h, c = encoder(enc_x)

dec_x = keras.Input((6, 3))
decoder = keras.layers.GRU(latent, return_sequences=True)
y = decoder(dec_x, initial_state=h)
y = keras.layers.TimeDistributed(keras.layers.Dense(3))(y)

forecaster = keras.Model([enc_x, dec_x], y)
forecaster.compile(loss="mse", optimizer="adam")
forecaster.fit([np.random.rand(10, 14, 3), np.random.rand(10, 6, 3)], np.random.rand(10, 6, 3), epochs=1, verbose=0)
