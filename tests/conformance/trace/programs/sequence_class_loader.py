"""A keras.utils.Sequence loader with a short last batch, and a Kaggle-like train/valid/test split."""
import math
import os

import numpy as np
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import LabelEncoder
from tensorflow import keras
from tensorflow.keras import layers

SEED = 2021
N, T, F = 70, 15, 4
CKPT = "best.weights.h5"


class Loader(keras.utils.Sequence):
    def __init__(self, x, y, batch_size=16, shuffle=True, **kwargs):
        super().__init__(**kwargs)
        self.x, self.y = x, y
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.index = np.arange(len(x))
        self.on_epoch_end()

    def __len__(self):
        return math.ceil(len(self.x) / self.batch_size)

    def __getitem__(self, i):
        rows = self.index[i * self.batch_size:(i + 1) * self.batch_size]
        batch_x = self.x[rows]
        batch_y = self.y[rows]
        return batch_x, batch_y

    def on_epoch_end(self):
        if self.shuffle:
            np.random.shuffle(self.index)


np.random.seed(SEED)
raw = np.random.randn(N, T, F).astype("float32")
names = np.array(["calm", "storm", "rain"])[np.random.randint(0, 3, N)]
encoder = LabelEncoder()
y = encoder.fit_transform(names)
y_cat = keras.utils.to_categorical(y)


def get_model():
    inp = layers.Input(shape=(T, F))
    x = layers.Bidirectional(layers.LSTM(6, return_sequences=True))(inp)
    x1 = layers.GlobalMaxPooling1D()(x)
    x2 = layers.GlobalAveragePooling1D()(x)
    x = layers.Concatenate()([x1, x2])
    x = layers.Dense(8, activation="relu")(x)
    out = layers.Dense(3, activation="softmax")(x)
    model = keras.Model(inp, out)
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    return model


oof = np.zeros((N, 3))
skf = StratifiedKFold(n_splits=2, shuffle=True, random_state=SEED)
for fold, (tr, va) in enumerate(skf.split(raw, y)):
    train_gen = Loader(raw[tr], y_cat[tr])
    valid_gen = Loader(raw[va], y_cat[va], shuffle=False)
    model = get_model()
    save = keras.callbacks.ModelCheckpoint(CKPT, save_weights_only=True)
    plateau = keras.callbacks.ReduceLROnPlateau(patience=1)
    model.fit(train_gen, validation_data=valid_gen, epochs=1, callbacks=[save, plateau], verbose=0)
    oof[va] = model.predict(raw[va], verbose=0)
    if os.path.exists(CKPT):
        model.load_weights(CKPT)
    x_last, y_last = valid_gen[len(valid_gen) - 1]
    loss, acc = model.evaluate(x_last, y_last, verbose=0)

best = oof.argmax(1)
labels = encoder.inverse_transform(best)
onehot = np.zeros_like(oof)
onehot[np.arange(N), best] = 1
logloss = -np.log(np.clip((oof * y_cat).sum(1), 1e-7, 1)).mean()
print(labels[:3], logloss, onehot.sum(axis=0), acc)
