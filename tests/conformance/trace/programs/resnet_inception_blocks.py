import numpy as np
import tensorflow as tf
from tensorflow.keras import layers as L
from tensorflow.keras.regularizers import l2


def residual_block(x, filters, stride=1):
    shortcut = x
    y = L.Conv1D(filters, 3, strides=stride, padding="same", kernel_regularizer=l2(1e-4))(x)
    y = L.BatchNormalization()(y)
    y = L.ReLU()(y)
    y = L.Conv1D(filters, 3, padding="same")(y)
    y = L.BatchNormalization()(y)
    if stride != 1 or shortcut.shape[-1] != filters:
        shortcut = L.Conv1D(filters, 1, strides=stride)(shortcut)
    y = L.add([y, shortcut])
    return L.ReLU()(y)


def inception_module(x, filters=4, kernels=(1, 3, 5)):
    bottleneck = L.Conv1D(filters, 1, padding="same", use_bias=False)(x)
    towers = [L.Conv1D(filters, k, padding="same", activation="relu")(bottleneck) for k in kernels]
    pool = L.MaxPool1D(3, strides=1, padding="same")(x)
    towers.append(L.Conv1D(filters, 1, padding="same")(pool))
    return L.concatenate(towers, axis=2)


def squeeze_excite(x, ratio=2):
    channels = x.shape[-1]
    s = L.GlobalAveragePooling1D()(x)
    s = L.Dense(channels // ratio, activation="relu")(s)
    s = L.Dense(channels, activation="sigmoid")(s)
    s = L.Reshape((1, channels))(s)
    return L.multiply([x, s])


def build(kind, length=32, channels=2, classes=3):
    inputs = L.Input((length, channels))
    if kind == "resnet":
        x = L.Conv1D(8, 7, strides=2, padding="same")(inputs)
        for filters, stride in ((8, 1), (16, 2), (16, 1)):
            x = residual_block(x, filters, stride)
    elif kind == "inception":
        x = inputs
        for depth in range(2):
            x = inception_module(x)
            if depth % 2 == 1:
                x = squeeze_excite(x)
    else:
        raise KeyError(kind)
    features = L.GlobalAvgPool1D()(x)
    outputs = L.Dense(classes, activation="softmax")(features)
    return tf.keras.Model(inputs, outputs, name=kind)


np.random.seed(0)
X = np.random.randn(20, 32, 2)
y = np.random.randint(0, 3, 20)
preds = {}
for kind in ["resnet", "inception"]:
    model = build(kind)
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(X, y, epochs=1, verbose=0)
    preds[kind] = model.predict(X, verbose=0)
avg = np.mean(list(preds.values()), axis=0)
stacked = np.array([preds[k] for k in sorted(preds)])
agree = stacked.argmax(-1)
same = (agree[0] == agree[1])
entropy = -(avg * np.log(avg + 1e-12)).sum(axis=-1)
uncertain = X[entropy > np.median(entropy)]
body = tf.keras.Model(model.input, model.layers[-2].output)
emb = body(X[:4])
cam_weights = model.layers[-1].get_weights()[0]
cam = emb @ cam_weights
print(same.sum(), uncertain.shape[1:], cam.shape)
