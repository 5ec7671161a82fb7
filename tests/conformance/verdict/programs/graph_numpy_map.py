"""Spectrogram patches for a CNN-LSTM: a tf.data pipeline that normalizes every clip."""

import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

CLIPS, FRAMES, BINS = 24, 40, 16
rng = np.random.default_rng(1)
clips = rng.normal(size=(CLIPS, FRAMES, BINS)).astype("float32")
labels = rng.integers(0, 3, CLIPS)


def normalize(clip, label):
    mean, deviation = tf.reduce_mean(clip), tf.math.reduce_std(clip)
    clip = (clip - mean) / (deviation + 1e-6)
    return np.expand_dims(clip, -1), label


dataset = tf.data.Dataset.from_tensor_slices((clips, labels)).shuffle(CLIPS).map(normalize).batch(8)

model = keras.Sequential(
    [
        keras.Input((FRAMES, BINS, 1)),
        layers.TimeDistributed(layers.Conv1D(8, 3, activation="relu")),
        layers.TimeDistributed(layers.GlobalMaxPooling1D()),
        layers.LSTM(16),
        layers.Dense(3, activation="softmax"),
    ]
)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(dataset, epochs=1, verbose=0)
print(model.evaluate(dataset, verbose=0))
