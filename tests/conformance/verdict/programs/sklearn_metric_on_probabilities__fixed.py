import numpy as np
from sklearn.metrics import accuracy_score
from sklearn.model_selection import KFold
from tensorflow import keras

X = np.random.rand(60, 8, 2)
y = np.random.randint(0, 3, 60)


def build():
    m = keras.Sequential([keras.layers.GRU(4, input_shape=(8, 2)), keras.layers.Dense(3, activation="softmax")])
    m.compile("adam", "sparse_categorical_crossentropy")
    return m


scores = []
for train_idx, test_idx in KFold(n_splits=2).split(X):
    model = build()
    model.fit(X[train_idx], y[train_idx], epochs=1, verbose=0)
    predicted = model.predict(X[test_idx], verbose=0).argmax(axis=1)
    scores.append(accuracy_score(y[test_idx], predicted))
print(np.mean(scores))
