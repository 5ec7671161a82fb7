"""Train a small net, cut its head off, and train a new head on its features."""
import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.linear_model import LogisticRegression
from tensorflow import keras
from tensorflow.keras import layers

X, y = load_digits(return_X_y=True)
X = X.reshape(-1, 8, 8, 1) / 16.0
small = y < 5
X_a, y_a = X[small], y[small]
X_b, y_b = X[~small], y[~small] - 5

base = keras.Sequential([
    layers.Conv2D(6, 3, activation="relu", input_shape=(8, 8, 1), name="c1"),
    layers.Conv2D(12, 3, activation="relu", name="c2"),
    layers.MaxPooling2D(name="p"),
    layers.Flatten(name="flat"),
    layers.Dense(10, activation="relu", name="embedding"),
    layers.Dense(5, activation="softmax", name="head"),
])
base.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
base.fit(X_a, y_a, epochs=1, batch_size=64, verbose=0)

features = keras.Model(base.inputs, base.get_layer("embedding").output)
middle = keras.Model(inputs=base.inputs, outputs=[base.get_layer("c1").output, base.layers[2].output])
c1, pooled = middle.predict(X_b[:9], verbose=0)
mosaic = c1[0].transpose(2, 0, 1).reshape(2, 3, 6, 6).transpose(0, 2, 1, 3).reshape(12, 18)

for layer in features.layers:
    layer.trainable = False
inp = keras.Input(shape=(8, 8, 1))
emb = features(inp)
emb = layers.Dropout(0.2)(emb)
new_head = layers.Dense(5, activation="softmax")(emb)
tuned = keras.Model(inp, new_head)
tuned.compile("adam", "sparse_categorical_crossentropy")
Xb_tr, Xb_te, yb_tr, yb_te = train_test_split(X_b, y_b, test_size=0.3, random_state=0)
tuned.fit(Xb_tr, yb_tr, epochs=1, batch_size=64, verbose=0)
keras_pred = np.argmax(tuned.predict(Xb_te, verbose=0), axis=1)

codes_tr = features.predict(Xb_tr, verbose=0)
codes_te = features.predict(Xb_te, verbose=0)
clf = LogisticRegression(max_iter=50).fit(codes_tr, yb_tr)
lr_pred = clf.predict(codes_te)
lr_prob = clf.predict_proba(codes_te)
both_right = (keras_pred == yb_te) & (lr_pred == yb_te)
kernel, bias = base.get_layer("c2").get_weights()
flat_kernel = kernel.reshape(-1, kernel.shape[-1])
n_params = np.sum([np.prod(w.shape) for w in tuned.get_weights()])
print(mosaic.shape, lr_prob.shape, both_right.mean(), flat_kernel.shape, n_params, pooled.shape)
