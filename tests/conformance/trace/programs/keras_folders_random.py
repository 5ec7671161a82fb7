"""Images and texts from folders, datasets split in two, and keras.random: what each gives."""

import os
import tempfile

import numpy as np
import tensorflow as tf
from tensorflow import keras

root = tempfile.mkdtemp()
for kind in ("cats", "dogs", "birds"):
    os.makedirs(os.path.join(root, kind))
    for number in range(4):
        picture = tf.cast(tf.random.uniform((20, 24, 3), 0, 255), tf.uint8)
        tf.io.write_file(os.path.join(root, kind, f"{number}.png"), tf.io.encode_png(picture))

train = keras.utils.image_dataset_from_directory(root, image_size=(32, 40), batch_size=4)
for images, labels in train.take(1):
    scaled = images / 255.0
    width = images.shape[2]
grey = keras.utils.image_dataset_from_directory(
    root, color_mode="grayscale", label_mode="categorical", batch_size=None, image_size=(16, 16)
)
for image, hot in grey.take(1):
    flat = tf.reshape(image, (-1,))
unlabelled = keras.utils.image_dataset_from_directory(root, label_mode=None, batch_size=6)
for batch in unlabelled.take(1):
    mean = tf.reduce_mean(batch, axis=(1, 2))

features = np.random.rand(20, 5).astype("float32")
targets = np.random.rand(20)
left, right = keras.utils.split_dataset((features, targets), left_size=15)
for row, target in left.batch(5).take(1):
    total = tf.reduce_sum(row, axis=1)

model = keras.Sequential(
    [
        keras.layers.Input((32, 40, 3)),
        keras.layers.Rescaling(1 / 255),
        keras.layers.Conv2D(4, 3, strides=2, kernel_initializer=keras.initializers.HeNormal(seed=1)),
        keras.layers.GlobalAveragePooling2D(),
        keras.layers.Dense(3, activation=keras.activations.get("softmax")),
    ]
)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(train, epochs=1, verbose=0)
scores = model.predict(train, verbose=0)
images = keras.utils.img_to_array(np.ones((8, 9, 3)))
