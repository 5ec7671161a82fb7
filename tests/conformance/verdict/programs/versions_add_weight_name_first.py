import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

class Scale(layers.Layer):
    def build(self, input_shape):
        self.gain = self.add_weight("gain", shape=(input_shape[-1],), initializer="ones")

    def call(self, inputs):
        return inputs * self.gain


model = keras.Sequential([keras.Input((7,)), Scale(), layers.Dense(2)])
print(model.predict(np.zeros((3, 7)), verbose=0).shape)
