import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

sequence = np.random.rand(15, 4, 3).astype("float32")
layer = layers.GRU(5, time_major=True)
state = layer(sequence)
print(state.shape)
