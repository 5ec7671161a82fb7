from sklearn import datasets
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split
import numpy as np
import tensorflow as tf
from tensorflow.keras.layers import Bidirectional, Dense, GRU

data, target = datasets.load_digits(return_X_y=True)
rows = data.reshape((-1, 8, 8)).astype("float32") / 16
cols = rows.swapaxes(1, 2)
both = np.concatenate((rows, cols), axis=2)

xtr, xte, ytr, yte = train_test_split(both, target, test_size=300, random_state=3, stratify=target)

modes = ["concat", "sum", "ave", "mul"]
accuracy = {}
for mode in modes:
    inputs = tf.keras.Input(shape=(8, 16))
    hidden = Bidirectional(GRU(6, return_sequences=True), merge_mode=mode)(inputs)
    hidden = Bidirectional(GRU(5), merge_mode=mode)(hidden)
    out = Dense(10, activation="softmax")(hidden)
    net = tf.keras.Model(inputs, out)
    net.compile("adam", "sparse_categorical_crossentropy")
    net.fit(xtr, ytr, batch_size=128, epochs=1, verbose=0)
    pred = np.argmax(net.predict(xte, verbose=0), axis=-1)
    accuracy[mode] = accuracy_score(yte, pred)

split_in = tf.keras.Input(shape=(8, 16))
fw, bw = Bidirectional(GRU(7), merge_mode=None)(split_in)
joined = tf.keras.layers.Concatenate()([fw, bw])
gap = tf.keras.layers.Subtract()([fw, bw])
stacked = tf.keras.layers.Dense(3)(joined)

mean_digit = np.stack([rows[target == d].mean(axis=0) for d in range(10)])
distances = ((rows[:, None] - mean_digit[None]) ** 2).sum(axis=(2, 3))
nearest = distances.argmin(axis=1)
hits = nearest == target
print(accuracy, hits.mean())
