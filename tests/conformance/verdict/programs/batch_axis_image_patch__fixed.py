import numpy as np
import tensorflow as tf
from tensorflow.keras import layers, models


class PatchClassifier:
    def __init__(self, size=16, classes=4):
        self.size = size
        self.classes = classes
        self.net = self._build()

    def _build(self):
        net = models.Sequential([
            layers.Conv2D(4, 3, activation="relu", input_shape=(self.size, self.size, 3)),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(self.classes, activation="softmax"),
        ])
        net.compile("adam", "sparse_categorical_crossentropy")
        return net

    def train(self, patches, labels):
        self.net.fit(patches, labels, epochs=1, verbose=0)

    def classify(self, patch):
        scores = self.net(patch[None])
        return int(tf.argmax(scores, axis=-1)[0])


patches = np.random.rand(24, 16, 16, 3).astype("float32")
labels = np.random.randint(0, 4, 24)
clf = PatchClassifier()
clf.train(patches, labels)
print(clf.classify(patches[0]))
