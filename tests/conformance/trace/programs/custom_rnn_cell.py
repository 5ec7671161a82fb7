"""RNN over a custom cell and over stacked cells."""
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


class LeakyCell(keras.layers.Layer):
    def __init__(self, units, leak=0.3, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.leak = leak
        self.state_size = units
        self.output_size = units

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], self.units), initializer="uniform", name="kernel")
        self.recurrent = self.add_weight(shape=(self.units, self.units), initializer="orthogonal", name="recurrent")
        self.built = True

    def call(self, inputs, states):
        previous = states[0]
        pre = tf.matmul(inputs, self.kernel) + tf.matmul(previous, self.recurrent)
        output = (1 - self.leak) * previous + self.leak * tf.tanh(pre)
        return output, [output]


steps, features = 9, 4
x = keras.Input((steps, features))
whole = layers.RNN(LeakyCell(6), return_sequences=True)(x)
last, state = layers.RNN(LeakyCell(5), return_state=True)(whole)
stack = layers.RNN([layers.LSTMCell(7), layers.GRUCell(3)])
top = stack(whole)
reverse = layers.RNN(layers.SimpleRNNCell(4), go_backwards=True, return_sequences=True)(x)
merged = layers.concatenate([last, top, state])
y = layers.Dense(2)(merged)
model = keras.Model(x, y)
model.compile("adam", "mse")

data = np.random.random((16, steps, features)).astype("float32")
goal = data.sum(axis=1)[:, :2]
model.fit(data, goal, epochs=1, verbose=0)
result = model.predict(data, verbose=0)
error = np.abs(result - goal).mean(0)

reverse_model = keras.Model(x, reverse)
backwards = reverse_model.predict(data[:3], verbose=0)
forwards = np.flip(backwards, axis=1)
weights = model.get_weights()
sizes = np.array([w.size for w in weights])
print(error, forwards.shape, sizes.sum(), stack.output.shape if hasattr(stack, "output") else None)
