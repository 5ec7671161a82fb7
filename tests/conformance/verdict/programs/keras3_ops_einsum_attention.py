import keras
import numpy as np
from keras import layers, ops


class AdditiveAttention(layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.W1 = layers.Dense(units)
        self.W2 = layers.Dense(units)
        self.V = layers.Dense(1)

    def call(self, query, values):
        # query (batch, units), values (batch, time, units)
        score = self.V(ops.tanh(self.W1(query) + self.W2(values)))
        weights = ops.softmax(score, axis=1)
        return ops.sum(weights * values, axis=1)


encoder_states = keras.random.normal((4, 9, 12))
decoder_state = keras.random.normal((4, 12))
context = AdditiveAttention(10)(decoder_state, encoder_states)
print(context.shape)
