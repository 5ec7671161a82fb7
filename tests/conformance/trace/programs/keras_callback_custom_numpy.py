"""Callbacks that look at predictions, learning rate schedules, plots of history."""
import numpy as np
import tensorflow as tf
from tensorflow.keras import backend as K
from tensorflow.keras.callbacks import Callback, LambdaCallback, LearningRateScheduler
from tensorflow.keras.layers import Dense, Input, Lambda
from tensorflow.keras.models import Model
from tensorflow.keras.utils import to_categorical


class ConfusionCallback(Callback):
    def __init__(self, x, y, classes):
        super().__init__()
        self.x, self.y, self.classes = x, y, classes
        self.matrices = []

    def on_epoch_end(self, epoch, logs=None):
        p = self.model.predict(self.x, verbose=0).argmax(axis=1)
        t = self.y.argmax(axis=1)
        m = np.zeros((self.classes, self.classes), dtype=int)
        for a, b in zip(t, p):
            m[a, b] += 1
        self.matrices.append(m)


def focal(gamma=2.0):
    def loss(y_true, y_pred):
        p = tf.clip_by_value(y_pred, 1e-7, 1.0)
        ce = -y_true * tf.math.log(p)
        weight = tf.pow(1.0 - p, gamma)
        return tf.reduce_sum(weight * ce, axis=-1)
    return loss


def schedule(epoch, lr=None):
    return 0.01 * (0.5 ** epoch)


X = np.random.uniform(-1, 1, size=(80, 9))
labels = np.digitize(X.sum(axis=1), [-1.0, 1.0])
Y = to_categorical(labels, num_classes=3)
a = Input(shape=(9,))
b = Dense(14, activation="tanh")(a)
c = Lambda(lambda t: t * 0.5)(b)
d = Dense(3, activation="softmax")(c)
model = Model(inputs=a, outputs=d)
model.compile(optimizer="sgd", loss=focal(1.5), metrics=["acc"])
spy = ConfusionCallback(X[60:], Y[60:], 3)
seen = []
history = model.fit(
    X[:60], Y[:60], epochs=2, verbose=0,
    callbacks=[spy, LearningRateScheduler(schedule), LambdaCallback(on_epoch_end=lambda e, logs: seen.append(e))],
)
stack = np.array(spy.matrices)
losses = np.array(history.history["loss"])
smoothed = np.convolve(losses, np.ones(2) / 2, mode="valid")
w, bias = model.layers[1].get_weights()
salience = np.abs(w).sum(axis=1)
rank = np.argsort(salience)[::-1]
print(labels.shape, Y.shape, losses.shape, smoothed.shape, w.shape, rank.shape, stack.shape, K.epsilon())
