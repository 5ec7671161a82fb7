"""Images written to a folder, read back by Keras, features of MobileNet without its weights."""
import os
import tempfile

import numpy as np
import tensorflow as tf
from tensorflow import keras

root = tempfile.mkdtemp()
classes = ["cats", "dogs"]
for c in classes:
    os.makedirs(os.path.join(root, c), exist_ok=True)
    for k in range(6):
        img = np.random.randint(0, 255, (50, 60, 3), dtype=np.uint8)
        tf.io.write_file(os.path.join(root, c, f"{k}.png"), tf.io.encode_png(img))
train_ds = keras.utils.image_dataset_from_directory(root, image_size=(64, 64), batch_size=4, label_mode="categorical", seed=1, validation_split=0.25, subset="training")
val_ds = keras.utils.image_dataset_from_directory(root, image_size=(64, 64), batch_size=4, label_mode="categorical", seed=1, validation_split=0.25, subset="validation")
names = train_ds.class_names
base = keras.applications.MobileNetV2(input_shape=(64, 64, 3), include_top=False, weights=None)
base.trainable = False
inputs = keras.Input(shape=(64, 64, 3))
x = keras.applications.mobilenet_v2.preprocess_input(inputs)
x = base(x, training=False)
x = keras.layers.GlobalAveragePooling2D()(x)
outputs = keras.layers.Dense(len(names), activation="softmax")(x)
model = keras.Model(inputs, outputs)
model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
for images, labels in train_ds.take(1):
    first = images[0]
    feats = base(images)
raw = tf.io.read_file(os.path.join(root, "cats", "0.png"))
one = tf.io.decode_png(raw, channels=3)
arr = tf.image.resize(one, (64, 64))
batch = np.expand_dims(arr, axis=0)
pred = model.predict(batch, verbose=0)
score = tf.nn.softmax(pred[0])
scaled = keras.layers.Rescaling(1.0 / 255)(batch)
heat = tf.reduce_mean(base(batch), axis=-1)[0]
big = tf.image.resize(heat[..., tf.newaxis], (64, 64))
print(images.shape, labels.shape, first.shape, feats.shape, pred.shape, score.shape, scaled.shape, heat.shape, big.shape)
