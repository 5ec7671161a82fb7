"""A custom layer that pools a sequence with learned weights."""
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers


class WeightedPooling(layers.Layer):
    """Average over time, with one learned score per timestep."""

    def __init__(self, hidden=16, **kwargs):
        super().__init__(**kwargs)
        self.hidden = hidden

    def build(self, input_shape):
        features = int(input_shape[-1])
        self.w = self.add_weight(name="w", shape=(features, self.hidden), initializer="glorot_uniform")
        self.v = self.add_weight(name="v", shape=(self.hidden, 1), initializer="glorot_uniform")
        super().build(input_shape)

    def call(self, inputs):
        hidden = tf.tanh(tf.tensordot(inputs, self.w, axes=1))
        scores = tf.tensordot(hidden, self.v, axes=1)
        weights = tf.nn.softmax(scores, axis=1)
        return tf.reduce_sum(weights * inputs, axis=1)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], input_shape[-1])


timesteps, features, classes = 20, 6, 3
x = np.random.rand(48, timesteps, features).astype("float32")
y = np.random.randint(0, classes, size=(48,))

inputs = tf.keras.Input(shape=(timesteps, features))
h = layers.Bidirectional(layers.GRU(12, return_sequences=True))(inputs)
pooled = WeightedPooling(hidden=8)(h)
outputs = layers.Dense(classes, activation="softmax")(pooled)
model = tf.keras.Model(inputs, outputs)
model.compile("adam", "sparse_categorical_crossentropy")
model.fit(x, y, epochs=1, verbose=0)
print(model.predict(x[:2], verbose=0).shape)
