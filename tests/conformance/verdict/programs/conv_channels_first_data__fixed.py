import numpy as np
import tensorflow as tf


class SpectrogramNet(tf.keras.Model):
    def __init__(self, n_classes):
        super(SpectrogramNet, self).__init__()
        self.conv1 = tf.keras.layers.Conv2D(4, (3, 3), activation="relu")
        self.pool = tf.keras.layers.MaxPool2D()
        self.conv2 = tf.keras.layers.Conv2D(8, (3, 3), activation="relu")
        self.gap = tf.keras.layers.GlobalAveragePooling2D()
        self.fc = tf.keras.layers.Dense(n_classes)

    def call(self, x):
        x = self.pool(self.conv1(x))
        x = self.conv2(x)
        return self.fc(self.gap(x))


# (batch, channel, mel bands, frames), as torchaudio gives them
mel = tf.random.normal((6, 1, 40, 60))
net = SpectrogramNet(3)
logits = net(tf.transpose(mel, [0, 2, 3, 1]))
print(logits.shape)
