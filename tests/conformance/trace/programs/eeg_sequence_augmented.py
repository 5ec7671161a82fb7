import math
import numpy as np
import tensorflow as tf
from tensorflow.keras.utils import Sequence


class EEGSequence(Sequence):
    def __init__(self, X, y, batch_size=16, shuffle=True, augment=None, **kwargs):
        super().__init__(**kwargs)
        self.X, self.y = X, y
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.augment = augment
        self.indices = np.arange(len(X))
        self.on_epoch_end()

    def __len__(self):
        return math.ceil(len(self.X) / self.batch_size)

    def on_epoch_end(self):
        if self.shuffle:
            np.random.shuffle(self.indices)

    def __getitem__(self, idx):
        inds = self.indices[idx * self.batch_size:(idx + 1) * self.batch_size]
        bx, by = self.X[inds], self.y[inds]
        if self.augment is not None:
            bx = np.stack([self.augment(x) for x in bx])
        return bx, by


def jitter(x, sigma=0.03):
    return x + np.random.normal(0.0, sigma, x.shape)


def time_mask(x, width=10):
    out = x.copy()
    start = np.random.randint(0, x.shape[0] - width)
    out[start:start + width, :] = 0
    return out


def compose(*fns):
    def run(x):
        for f in fns:
            x = f(x)
        return x
    return run


def squeeze_excite(t, ratio=4):
    ch = t.shape[-1]
    s = tf.keras.layers.GlobalAveragePooling1D()(t)
    s = tf.keras.layers.Dense(ch // ratio, activation="relu")(s)
    s = tf.keras.layers.Dense(ch, activation="sigmoid")(s)
    s = tf.keras.layers.Reshape((1, ch))(s)
    return tf.keras.layers.Multiply()([t, s])


X = np.random.randn(70, 128, 4)
X = (X - X.mean(axis=1, keepdims=True)) / (X.std(axis=1, keepdims=True) + 1e-8)
y = tf.keras.utils.to_categorical(np.random.randint(0, 3, 70), 3)
inp = tf.keras.Input(X.shape[1:])
h = inp
for f, k in zip([8, 16], [7, 5]):
    h = tf.keras.layers.Conv1D(f, k, padding="same")(h)
    h = tf.keras.layers.BatchNormalization()(h)
    h = tf.keras.layers.Activation("relu")(h)
    h = squeeze_excite(h)
fcn = tf.keras.layers.GlobalAveragePooling1D()(h)
p = tf.keras.layers.Permute((2, 1))(inp)
lstm = tf.keras.layers.LSTM(8)(tf.keras.layers.Masking()(p))
out = tf.keras.layers.Dense(3, activation="softmax")(tf.keras.layers.concatenate([fcn, lstm]))
model = tf.keras.Model(inp, out)
model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
train = EEGSequence(X[:50], y[:50], augment=compose(jitter, time_mask))
valid = EEGSequence(X[50:], y[50:], shuffle=False)
model.fit(train, validation_data=valid, epochs=1, verbose=0)
proba = model.predict(valid, verbose=0)
cm = tf.math.confusion_matrix(np.argmax(y[50:], 1), proba.argmax(1), num_classes=3)
print(proba.shape, cm.shape)
