import numpy as np
from tensorflow import keras
from tensorflow.keras import layers


class CrossAttention(layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.attention = layers.MultiHeadAttention(num_heads=1, key_dim=units)

    def call(self, decoded, encoded):
        found = self.attention(query=encoded, value=decoded)
        return decoded + found


encoded, decoded = keras.Input((14, 8)), keras.Input((9, 8))
model = keras.Model([encoded, decoded], CrossAttention(8)(decoded, encoded))
out = model.predict([np.zeros((2, 14, 8)), np.zeros((2, 9, 8))], verbose=0)
