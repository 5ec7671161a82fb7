"""Iris with a small MLP, k-fold by hand."""
import numpy as np
from sklearn.datasets import load_iris
from sklearn.preprocessing import StandardScaler
from tensorflow import keras

iris = load_iris()
X, y = iris.data, iris.target
n_samples, n_features = X.shape
n_classes = len(np.unique(y))
Y = keras.utils.to_categorical(y, n_classes)

K = 3
order = np.random.RandomState(1).permutation(n_samples)
folds = np.array_split(order, K)

scores = []
all_preds = np.zeros((n_samples, n_classes))
for k in range(K):
    test_idx = folds[k]
    train_idx = np.concatenate([folds[j] for j in range(K) if j != k])
    scaler = StandardScaler()
    X_train = scaler.fit_transform(X[train_idx])
    X_test = scaler.transform(X[test_idx])

    model = keras.Sequential([
        keras.layers.Dense(16, activation="relu", input_dim=n_features),
        keras.layers.BatchNormalization(),
        keras.layers.Dropout(0.1),
        keras.layers.Dense(n_classes, activation="softmax"),
    ])
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    model.fit(X_train, Y[train_idx], epochs=1, batch_size=16, verbose=0)
    loss, acc = model.evaluate(X_test, Y[test_idx], verbose=0)
    scores.append(acc)
    all_preds[test_idx] = model.predict(X_test, verbose=0)

scores = np.array(scores)
labels = all_preds.argmax(axis=1)
cm = np.zeros((n_classes, n_classes), dtype=np.int64)
np.add.at(cm, (y, labels), 1)
precision = np.diag(cm) / np.maximum(cm.sum(axis=0), 1)
recall = np.diag(cm) / cm.sum(axis=1)
f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
wrong = X[labels != y]
print(scores.mean(), f1, wrong.shape[1])
