import numpy as np
import tensorflow as tf
from tensorflow.keras import layers

# short clips: (clips, frames, height, width, channels)
clips = np.random.rand(8, 6, 20, 20, 1).astype(np.float32)
labels = np.random.randint(0, 3, size=(8,))

frame_encoder = tf.keras.Sequential([
    layers.Conv2D(4, 3, strides=2, activation="relu", input_shape=(20, 20, 1)),
    layers.Conv2D(8, 3, strides=2, activation="relu"),
    layers.Flatten(),
])

video = layers.Input(shape=(6, 20, 20, 1))
encoded = layers.TimeDistributed(frame_encoder)(video)
print(encoded.shape)
summary = layers.LSTM(16)(encoded)
scores = layers.Dense(3, activation="softmax")(summary)
model = tf.keras.Model(video, scores)

model.compile("adam", "sparse_categorical_crossentropy")
model.fit(clips, labels, epochs=1, batch_size=4, verbose=0)
