"""Own layers with build, add_weight, compute_output_shape; masks and regularisers."""
import numpy as np
import tensorflow as tf
from tensorflow import keras


class Linear(keras.layers.Layer):
    def __init__(self, units=32, **kw):
        super().__init__(**kw)
        self.units = units

    def build(self, input_shape):
        self.w = self.add_weight(name="w", shape=(input_shape[-1], self.units), initializer="random_normal", trainable=True)
        self.b = self.add_weight(name="b", shape=(self.units,), initializer="zeros", trainable=True)
        super().build(input_shape)

    def call(self, inputs):
        return tf.matmul(inputs, self.w) + self.b

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)


class AttentionPool(keras.layers.Layer):
    def build(self, input_shape):
        d = int(input_shape[-1])
        self.u = self.add_weight(name="u", shape=(d, d), initializer="glorot_uniform")
        self.v = self.add_weight(name="v", shape=(d, 1), initializer="glorot_uniform")

    def call(self, x):
        e = tf.tensordot(tf.tanh(tf.tensordot(x, self.u, axes=1)), self.v, axes=1)
        a = tf.nn.softmax(e, axis=1)
        return tf.reduce_sum(a * x, axis=1), tf.squeeze(a, -1)


class Net(keras.Model):
    def __init__(self, units, classes):
        super().__init__()
        self.blocks = [Linear(u) for u in units]
        self.rnn = keras.layers.GRU(units[-1], return_sequences=True)
        self.pool = AttentionPool()
        self.head = keras.layers.Dense(classes)

    def call(self, x, training=None, return_attention=False):
        for block in self.blocks:
            x = tf.nn.relu(block(x))
        x = self.rnn(x)
        context, weights = self.pool(x)
        logits = self.head(context)
        if return_attention:
            return logits, weights
        return logits


x = np.random.rand(30, 15, 4).astype("float32")
y = np.random.randint(0, 3, (30,))
net = Net([10, 6], 3)
logits = net(x[:2])
logits2, attention = net(x[:5], return_attention=True)
net.compile(optimizer="adam", loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
net.fit(x, y, epochs=1, batch_size=10, verbose=0)
out = net.predict(x, batch_size=7, verbose=0)
w = net.blocks[0].w
n_params = sum(int(np.prod(v.shape)) for v in net.trainable_variables)
lin = Linear(7)
z = lin(tf.ones((3, 5, 2)))
shape = lin.compute_output_shape((None, 9, 2))
print(logits.shape, attention.shape, out.shape, w.shape, z.shape, shape, n_params)
