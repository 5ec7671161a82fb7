"""Raw audio: residual 1D convolutions, squeeze and excite."""
import numpy as np
from tensorflow.keras import layers, regularizers
from tensorflow.keras.models import Model

RATE, SECONDS = 2000, 2


def se_block(x, ratio=4):
    ch = x.shape[-1]
    s = layers.GlobalAveragePooling1D()(x)
    s = layers.Dense(ch // ratio, activation="relu")(s)
    s = layers.Dense(ch, activation="sigmoid")(s)
    s = layers.Reshape((1, ch))(s)
    return layers.Multiply()([x, s])


def residual(x, filters, stride=1):
    short = x
    y = layers.Conv1D(filters, 9, strides=stride, padding="same", kernel_regularizer=regularizers.l2(1e-4))(x)
    y = layers.BatchNormalization()(y)
    y = layers.ReLU()(y)
    y = layers.Conv1D(filters, 9, padding="same")(y)
    y = layers.BatchNormalization()(y)
    y = se_block(y)
    if stride != 1 or short.shape[-1] != filters:
        short = layers.Conv1D(filters, 1, strides=stride, padding="same")(short)
    return layers.ReLU()(layers.add([short, y]))


inp = layers.Input(shape=(RATE * SECONDS, 1))
x = layers.Conv1D(8, 64, strides=8, padding="same")(inp)
x = layers.MaxPool1D(4)(x)
for f, s in [(8, 1), (16, 2), (32, 2)]:
    x = residual(x, f, s)
feat = layers.concatenate([layers.GlobalAveragePooling1D()(x), layers.GlobalMaxPooling1D()(x)])
out = layers.Dense(6, activation="softmax", name="label")(feat)
model = Model(inp, out)
model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["categorical_accuracy"])
clips = [np.random.randn(np.random.randint(3000, 5000)) for _ in range(10)]
fixed = np.zeros((len(clips), RATE * SECONDS, 1), dtype="float32")
for i, clip in enumerate(clips):
    n = min(len(clip), RATE * SECONDS)
    fixed[i, :n, 0] = clip[:n]
targets = np.eye(6)[np.arange(len(clips)) % 6]
model.fit(fixed, targets, batch_size=5, epochs=1, verbose=0)
p = model.predict(fixed, verbose=0)
last_conv = model.layers[-5].output
print(x.shape, feat.shape, p.shape, last_conv.shape)
