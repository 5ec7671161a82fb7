"""Class weights, boolean masks, thresholds and ROC by hand."""
import numpy as np
import pandas as pd
from sklearn.model_selection import train_test_split
from tensorflow import keras

rng = np.random.default_rng(21)
n = 300
table = pd.DataFrame(rng.normal(size=(n, 5)), columns=list("abcde"))
table["label"] = (table["a"] + 0.5 * rng.normal(size=n) > 1.3).astype(int)

features = table.drop(columns=["label"])
target = table["label"]
positives = table[table["label"] == 1]
negatives = table.loc[table["label"] == 0]
X = features.values
y = target.to_numpy()

X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, stratify=y, random_state=0)
counts = np.bincount(y_train)
weights = len(y_train) / (2 * counts)
class_weight = {i: w for i, w in enumerate(weights)}

model = keras.Sequential([
    keras.layers.Dense(8, activation="relu", input_shape=(X.shape[1],)),
    keras.layers.Dense(1, activation="sigmoid"),
])
model.compile("adam", "binary_crossentropy")
model.fit(X_train, y_train, class_weight=class_weight, epochs=2, verbose=0)
scores = model.predict(X_test, verbose=0)[:, 0]

thresholds = np.linspace(0, 1, 21)
decisions = scores[None, :] >= thresholds[:, None]
tp = (decisions & (y_test == 1)).sum(axis=1)
fp = (decisions & (y_test == 0)).sum(axis=1)
fn = (~decisions & (y_test == 1)).sum(axis=1)
tpr = tp / max(1, (y_test == 1).sum())
fpr = fp / max(1, (y_test == 0).sum())
widths = -np.diff(fpr)
heights = (tpr[1:] + tpr[:-1]) / 2
auc = np.dot(widths, heights)
f1 = np.where(tp > 0, 2 * tp / np.maximum(2 * tp + fp + fn, 1), 0.0)
best_threshold = thresholds[f1.argmax()]
final = (scores >= best_threshold).astype(int)
errors = X_test[final != y_test]
centre = errors.mean(axis=0) if len(errors) else np.zeros(X.shape[1])
ranks = np.empty(len(scores), dtype=int)
ranks[np.argsort(scores)] = np.arange(len(scores))
deciles = np.percentile(scores, [10, 50, 90])
print(auc, best_threshold, centre.shape, deciles)
