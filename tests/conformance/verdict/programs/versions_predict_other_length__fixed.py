import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

train = np.random.rand(30, 20, 4)
model = keras.Sequential([keras.Input((20, 4)), layers.LSTM(6), layers.Dense(1)])
model.compile("adam", "mse")
model.fit(train, np.random.rand(30, 1), verbose=0)
recent = np.random.rand(2, 20, 4)
print(model.predict(recent, verbose=0).shape)
