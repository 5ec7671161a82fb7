import keras
from keras import ops
import numpy as np


class Linear(keras.layers.Layer):
    def __init__(self, units=32, input_dim=32):
        super().__init__()
        self.w = self.add_weight(shape=(input_dim, units), initializer="random_normal", trainable=True)
        self.b = self.add_weight(shape=(units,), initializer="zeros", trainable=True)

    def call(self, inputs):
        return ops.matmul(inputs, self.w) + self.b


class MLPBlock(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.linear_1 = Linear(16, 8)
        self.linear_2 = Linear(4, 16)

    def call(self, x):
        x = self.linear_1(x)
        x = ops.relu(x)
        return self.linear_2(x)


block = MLPBlock()
moisture = np.random.rand(10, 8).astype("float32")
y = block(moisture)
print(y.shape)
