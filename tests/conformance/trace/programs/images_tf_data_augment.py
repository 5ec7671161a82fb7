"""Image classification: tf.data map functions, augmentation layers, small convnet."""
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers

IMG = 32
BATCH = 16
AUTOTUNE = tf.data.AUTOTUNE
images = np.random.randint(0, 256, (96, 40, 40, 3), dtype=np.uint8)
labels = np.random.randint(0, 4, 96)


def preprocess(image, label):
    image = tf.image.resize(image, [IMG, IMG])
    image = tf.cast(image, tf.float32) / 255.0
    return image, tf.one_hot(label, 4)


def augment(image, label):
    image = tf.image.random_flip_left_right(image)
    image = tf.image.random_brightness(image, 0.1)
    image = tf.image.resize_with_crop_or_pad(image, IMG + 4, IMG + 4)
    image = tf.image.random_crop(image, size=[IMG, IMG, 3])
    return image, label


full = tf.data.Dataset.from_tensor_slices((images, labels))
train_ds = full.take(80).map(preprocess, num_parallel_calls=AUTOTUNE).map(augment).shuffle(80).batch(BATCH).prefetch(AUTOTUNE)
val_ds = full.skip(80).map(preprocess).batch(BATCH)
image_batch, label_batch = next(iter(train_ds))
aug = tf.keras.Sequential([layers.RandomFlip("horizontal"), layers.RandomRotation(0.1)])
inputs = tf.keras.Input((IMG, IMG, 3))
x = aug(inputs)
for filters in (8, 16):
    x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
    x = layers.MaxPooling2D()(x)
features = layers.GlobalAveragePooling2D()(x)
outputs = layers.Dense(4, activation="softmax")(features)
model = tf.keras.Model(inputs, outputs)
model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
model.fit(train_ds, validation_data=val_ds, epochs=1, verbose=0)
feature_model = tf.keras.Model(model.input, features)
emb = feature_model.predict(val_ds, verbose=0)
grid = np.concatenate([image_batch[i].numpy() for i in range(4)], axis=1)
y_true = np.concatenate([y.numpy() for _, y in val_ds], axis=0)
y_pred = model.predict(val_ds, verbose=0)
agree = (y_true.argmax(1) == y_pred.argmax(1)).mean()
gray = tf.image.rgb_to_grayscale(image_batch)
print(image_batch.shape, label_batch.shape, emb.shape, grid.shape, gray.shape, agree)
