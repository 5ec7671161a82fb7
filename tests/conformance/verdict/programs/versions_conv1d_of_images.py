import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

spectra = np.random.rand(12, 30, 8, 1)
model = keras.Sequential()
model.add(layers.Conv1D(16, 3, activation="relu", input_shape=(30, 8, 1)))
model.add(layers.MaxPooling1D(2))
model.add(layers.Flatten())
model.add(layers.Dense(4))
print(model.predict(spectra, verbose=0).shape)
