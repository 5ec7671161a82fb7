import tensorflow as tf
from tensorflow.keras.layers import Conv2D, MaxPooling2D, Reshape, LSTM, Dense, Input
from tensorflow.keras.models import Model
import numpy as np

IMG_W, IMG_H = 64, 32
NUM_CHARS = 11


def crnn():
    image = Input(shape=(IMG_W, IMG_H, 1), name="image")
    x = Conv2D(8, (3, 3), activation="relu", padding="same")(image)
    x = MaxPooling2D((2, 2))(x)
    x = Conv2D(16, (3, 3), activation="relu", padding="same")(x)
    x = MaxPooling2D((2, 2))(x)
    # columns become time steps
    new_shape = (IMG_W // 4, (IMG_H // 4) * 16)
    x = Reshape(target_shape=new_shape)(x)
    x = Dense(12, activation="relu")(x)
    x = LSTM(16, return_sequences=True)(x)
    chars = Dense(NUM_CHARS, activation="softmax")(x)
    return Model(image, chars, name="crnn")


net = crnn()
net.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
imgs = np.zeros((4, IMG_W, IMG_H, 1), dtype="float32")
codes = np.random.randint(0, NUM_CHARS, size=(4, IMG_W // 4))
net.fit(imgs, codes, epochs=1, verbose=0)
