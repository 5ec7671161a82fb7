import numpy as np
import tensorflow as tf
from tensorflow.keras.utils import to_categorical

DIGITS = 10
images = np.random.rand(64, 28, 28).astype("float32")
digits = np.random.randint(0, DIGITS, 64)
onehot = to_categorical(digits, DIGITS)

# read the image row by row
model = tf.keras.models.Sequential([
    tf.keras.layers.SimpleRNN(16, input_shape=(28, 28)),
    tf.keras.layers.Dense(DIGITS, activation="softmax"),
])
model.compile(
    optimizer="adam",
    loss="sparse_categorical_crossentropy",
)
model.fit(images, digits, epochs=1, batch_size=16, verbose=0)
