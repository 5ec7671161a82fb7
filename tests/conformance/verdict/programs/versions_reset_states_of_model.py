import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

model = keras.Sequential([keras.Input(batch_size=2, shape=(5, 3)), layers.LSTM(4, stateful=True), layers.Dense(1)])
model.compile("adam", "mse")
model.fit(np.zeros((4, 5, 3)), np.zeros((4, 1)), batch_size=2, verbose=0)
model.reset_states()
