import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

encoder = layers.LSTM(10, name="shared_encoder")

english = keras.Input((12, 20))
german = keras.Input((14, 20))
e = encoder(english)
g = encoder(german)
similarity = layers.Dot(axes=1, normalize=True)([e, g])
model = keras.Model([english, german], similarity)
model.compile("adam", "mse")
model.fit([np.random.rand(6, 12, 20), np.random.rand(6, 14, 20)], np.ones(6), epochs=1, verbose=0)
