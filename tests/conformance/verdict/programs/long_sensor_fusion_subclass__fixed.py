"""Fusing camera features, lidar statistics and odometry for a lane-change forecast."""
import numpy as np
import tensorflow as tf
from tensorflow.keras import Model
from tensorflow.keras.layers import (
    LSTM,
    BatchNormalization,
    Conv1D,
    Dense,
    Dropout,
    GlobalAveragePooling1D,
)


class CameraBranch(Model):
    def __init__(self, filters):
        super().__init__()
        self.convs = [Conv1D(f, 3, padding="same", activation="relu") for f in filters]
        self.norm = BatchNormalization()
        self.pool = GlobalAveragePooling1D()

    def call(self, x, training=False):
        for conv in self.convs:
            x = conv(x)
        return self.pool(self.norm(x, training=training))


class OdometryBranch(Model):
    def __init__(self, units):
        super().__init__()
        self.first = LSTM(units, return_sequences=True)
        self.second = LSTM(units)

    def call(self, x, training=False):
        return self.second(self.first(x))


class LaneChange(Model):
    def __init__(self, n_classes=3):
        super().__init__()
        self.camera = CameraBranch([8, 16])
        self.odometry = OdometryBranch(12)
        self.lidar = Dense(8, activation="relu")
        self.drop = Dropout(0.2)
        self.head = Dense(n_classes, activation="softmax")

    def call(self, inputs, training=False):
        camera, lidar, odometry = inputs
        parts = [
            self.camera(camera, training=training),
            self.lidar(lidar),
            self.odometry(odometry, training=training),
        ]
        fused = tf.concat(parts, axis=-1)
        return self.head(self.drop(fused, training=training))


def batches(n, size):
    rng = np.random.default_rng(4)
    for _ in range(n):
        camera = rng.random((size, 20, 32), dtype="float32")
        lidar = rng.random((size, 10), dtype="float32")
        odometry = rng.random((size, 50, 6), dtype="float32")
        label = rng.integers(0, 3, size)
        yield (camera, lidar, odometry), label


net = LaneChange()
loss_fn = tf.keras.losses.SparseCategoricalCrossentropy()
optimizer = tf.keras.optimizers.Adam()
for inputs, label in batches(2, 8):
    with tf.GradientTape() as tape:
        loss = loss_fn(label, net(inputs, training=True))
    gradients = tape.gradient(loss, net.trainable_variables)
    optimizer.apply_gradients(zip(gradients, net.trainable_variables))
    print("loss", float(loss))
