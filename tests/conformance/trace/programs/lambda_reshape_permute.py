import numpy as np
import tensorflow as tf
from tensorflow.keras import backend as K
from tensorflow.keras.layers import (
    Activation, Cropping1D, Dense, Flatten, GaussianNoise, Input, Lambda, Permute, Reshape, RepeatVector, UpSampling1D,
    ZeroPadding1D,
)
from tensorflow.keras.models import Model

steps, feats = 10, 6
inp = Input(shape=(steps, feats))
perm = Permute((2, 1))(inp)
mixed = Dense(steps, activation="softmax")(perm)
back = Permute((2, 1))(mixed)
att = tf.keras.layers.multiply([inp, back])
summed = Lambda(lambda t: tf.reduce_sum(t, axis=1))(att)
halves = Reshape((2, 5, feats))(att)
merged = Reshape((-1, 2 * feats))(halves)
pad = ZeroPadding1D((1, 2))(merged)
crop = Cropping1D((2, 0))(pad)
up = UpSampling1D(3)(crop)
noise = GaussianNoise(0.1)(up)
act = Activation("relu")(noise)
flat = Flatten()(act)
small = Dense(4)(flat)
again = RepeatVector(2)(small)
first_step = Lambda(lambda t: t[:, 0, :])(inp)
tail = Lambda(lambda t: t[:, -3:, :])(inp)
both = tf.keras.layers.Concatenate(axis=1)([summed, first_step, small])
out = Dense(1)(both)

model = Model(inp, out)
model.compile("adam", "mae")
x = np.random.uniform(-1, 1, (20, steps, feats))
y = x.mean(axis=(1, 2))
model.fit(x, y, epochs=1, batch_size=10, verbose=0)
yhat = model.predict(x, verbose=0)
inner = Model(inp, [att, tail, again])
a, tl, ag = inner.predict(x[:4], verbose=0)
corr = np.corrcoef(yhat.ravel(), y)
importance = np.abs(a).mean(axis=(0, 1))
hist, edges = np.histogram(yhat, bins=5)
print(corr[0, 1], importance, hist, edges, K.int_shape(up) if hasattr(K, "int_shape") else up.shape)
