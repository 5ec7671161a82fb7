import itertools

import numpy as np
from tensorflow.keras import layers, models, utils

ALPHABET = "0123456789-"
IMG_H, IMG_W = 16, 48
MAX_LABEL = 4


def draw(text):
    img = np.zeros((IMG_H, IMG_W), dtype="float32")
    for pos, ch in enumerate(text):
        left = 4 + pos * 10
        value = (ALPHABET.index(ch) + 1) / len(ALPHABET)
        img[4:12, left:left + 7] = value
    return img + 0.02 * np.random.randn(IMG_H, IMG_W)


texts = ["".join(t) for t in itertools.islice(itertools.permutations("1234"), 12)]
images = np.array([draw(t) for t in texts])
images = np.expand_dims(images, axis=-1)
labels = np.array([[ALPHABET.index(ch) for ch in t] for t in texts])
label_len = np.array([len(t) for t in texts])

input_img = layers.Input(shape=(IMG_H, IMG_W, 1), name="image")
x = layers.Conv2D(8, (3, 3), activation="relu", padding="same")(input_img)
x = layers.MaxPooling2D((2, 2))(x)
x = layers.Conv2D(16, (3, 3), activation="relu", padding="same")(x)
x = layers.MaxPooling2D((2, 1))(x)
x = layers.Permute((2, 1, 3))(x)
new_shape = (IMG_W // 2, (IMG_H // 4) * 16)
x = layers.Reshape(target_shape=new_shape)(x)
x = layers.Dense(12, activation="relu")(x)
x = layers.Bidirectional(layers.LSTM(8, return_sequences=True, dropout=0.1))(x)
y_pred = layers.Dense(len(ALPHABET) + 1, activation="softmax")(x)
recognizer = models.Model(input_img, y_pred)

pooled = layers.AveragePooling1D(pool_size=new_shape[0] // MAX_LABEL)(x)
per_char = layers.TimeDistributed(layers.Dense(len(ALPHABET), activation="softmax"))(pooled)
direct = models.Model(input_img, per_char)
direct.compile("adam", "sparse_categorical_crossentropy")
direct.fit(images, labels, epochs=1, batch_size=5, verbose=0)

frames = recognizer.predict(images, verbose=0)
best_path = frames.argmax(axis=2)
blank = len(ALPHABET)
strings = []
for path in best_path:
    collapsed = [k for k, _ in itertools.groupby(path)]
    kept = [ALPHABET[k] for k in collapsed if k != blank]
    strings.append("".join(kept))
chars = direct.predict(images, verbose=0).argmax(-1)
char_acc = (chars == labels).mean(axis=0)
exact = (chars == labels).all(axis=1)
onehot = utils.to_categorical(labels, num_classes=len(ALPHABET))
soft = onehot.mean(axis=0)
widths = (images[..., 0] > 0.05).any(axis=1).sum(axis=1)
crops = [img[4:12, 4:4 + w] for img, w in zip(images, widths)]
heights = {c.shape[0] for c in crops}
print(strings[:2], char_acc, exact.sum(), soft.shape, label_len.max(), heights)
