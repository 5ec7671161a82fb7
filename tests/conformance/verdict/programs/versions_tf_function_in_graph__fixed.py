import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

inputs = keras.Input((12, 5))
x = layers.Conv1D(8, 3, padding="same")(inputs)
pooled = layers.GlobalAveragePooling1D()(x)
outputs = layers.Dense(3)(pooled)
model = keras.Model(inputs, outputs)
print(model.predict(np.zeros((4, 12, 5)), verbose=0).shape)
