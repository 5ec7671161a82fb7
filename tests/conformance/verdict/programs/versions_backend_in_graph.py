import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

from tensorflow.keras import backend as K

inputs = keras.Input((12, 5))
states = layers.LSTM(8, return_sequences=True)(inputs)
scores = layers.Dense(1)(states)
weights = layers.Softmax(axis=1)(scores)
context = K.sum(states * weights, axis=1)
model = keras.Model(inputs, layers.Dense(3)(context))
print(model.predict(np.zeros((4, 12, 5)), verbose=0).shape)
