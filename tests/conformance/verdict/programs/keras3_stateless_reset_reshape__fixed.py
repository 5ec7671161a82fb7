import keras
from keras import ops

# fold windows of a seismogram into patches
signal = keras.random.normal((8, 160, 3))
patch = 16
patches = ops.reshape(signal, (8, -1, patch, 3))
tokens = keras.layers.Dense(32)(ops.reshape(patches, (8, -1, patch * 3)))
print(tokens.shape)
