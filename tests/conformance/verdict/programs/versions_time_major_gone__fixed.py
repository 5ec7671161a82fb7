import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

sequence = np.random.rand(15, 4, 3).astype("float32")
layer = layers.GRU(5)
state = layer(sequence.transpose(1, 0, 2))
print(state.shape)
