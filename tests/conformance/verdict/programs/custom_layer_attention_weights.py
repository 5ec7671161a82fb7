import numpy as np
import tensorflow as tf
from tensorflow.keras.layers import Layer, Input, LSTM, Dense


class Attention(Layer):
    def build(self, input_shape):
        self.W = self.add_weight(name="att_weight", shape=(input_shape[1], 1), initializer="normal")
        self.b = self.add_weight(name="att_bias", shape=(input_shape[1], 1), initializer="zeros")
        super().build(input_shape)

    def call(self, x):
        # score every time step
        et = tf.squeeze(tf.tanh(tf.matmul(x, self.W) + self.b), axis=-1)
        at = tf.nn.softmax(et)
        at = tf.expand_dims(at, axis=-1)
        return tf.reduce_sum(x * at, axis=1)


inputs = Input((30, 5))
att_in = LSTM(8, return_sequences=True)(inputs)
att_out = Attention()(att_in)
outputs = Dense(1, activation="sigmoid")(att_out)
model = tf.keras.Model(inputs, outputs)
model.compile(loss="binary_crossentropy", optimizer="adam")
model.fit(np.random.rand(20, 30, 5), np.random.randint(0, 2, 20), epochs=1, verbose=0)
