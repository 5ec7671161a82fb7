"""Traffic on a small road graph: adjacency products then a GRU per node."""
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

nodes, T_in, T_out, samples = 7, 12, 3, 30
rng = np.random.default_rng(6)

coords = rng.random((nodes, 2))
delta = coords[:, None, :] - coords[None, :, :]
distance = np.sqrt((delta ** 2).sum(axis=-1))
adjacency = np.exp(-distance / 0.3)
adjacency[distance > 0.6] = 0
np.fill_diagonal(adjacency, 1.0)
degree = adjacency.sum(axis=1)
d_inv = np.diag(1.0 / np.sqrt(degree))
laplacian = d_inv @ adjacency @ d_inv

base = rng.random((samples + T_in + T_out, nodes))
speeds = base.copy()
for t in range(1, len(speeds)):
    speeds[t] = 0.7 * speeds[t - 1] + 0.3 * laplacian @ base[t]
x = np.stack([speeds[i:i + T_in] for i in range(samples)])
y = np.stack([speeds[i + T_in:i + T_in + T_out] for i in range(samples)])


class GraphConv(layers.Layer):
    def __init__(self, adj, units):
        super().__init__()
        self.adj = tf.constant(adj, dtype="float32")
        self.dense = layers.Dense(units, activation="relu")

    def call(self, inputs):
        mixed = tf.einsum("nm,btmf->btnf", self.adj, inputs)
        return self.dense(mixed)


inputs = keras.Input((T_in, nodes))
h = layers.Reshape((T_in, nodes, 1))(inputs)
h = GraphConv(laplacian, 4)(h)
h = GraphConv(laplacian, 4)(h)
h = layers.Permute((2, 1, 3))(h)
h = layers.TimeDistributed(layers.GRU(5))(h)
h = layers.Dense(T_out)(h)
outputs = layers.Permute((2, 1))(h)
model = keras.Model(inputs, outputs)
model.compile("adam", "mse")
model.fit(x, y, epochs=1, verbose=0)
pred = model.predict(x, verbose=0)
mae_by_step = np.abs(pred - y).mean(axis=(0, 2))
mae_by_node = np.abs(pred - y).mean(axis=(0, 1))
worst = np.argsort(mae_by_node)[-2:]
neighbours = [np.where(adjacency[i] > 0)[0] for i in worst]
power = np.linalg.matrix_power(laplacian, 3)
reach = (power > 1e-3).sum(axis=0)
print(mae_by_step, reach, len(neighbours))
