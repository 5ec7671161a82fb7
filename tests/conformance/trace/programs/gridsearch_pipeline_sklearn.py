"""Classical baselines next to a network: pipelines, grid search, cross validation."""
import numpy as np
from sklearn.datasets import load_wine, make_classification
from sklearn.decomposition import PCA
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier, VotingClassifier
from sklearn.feature_selection import SelectKBest, f_classif
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score, precision_recall_curve, roc_curve
from sklearn.model_selection import GridSearchCV, StratifiedKFold, cross_val_predict, cross_val_score, train_test_split
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler, label_binarize
from sklearn.svm import SVC
from tensorflow import keras

wine = load_wine()
X, y = wine.data, wine.target
X_tr, X_te, y_tr, y_te = train_test_split(X, y, test_size=0.3, stratify=y, random_state=0)
pipe = Pipeline([("scale", StandardScaler()), ("pca", PCA(n_components=5)), ("svm", SVC(probability=True))])
pipe.fit(X_tr, y_tr)
pred = pipe.predict(X_te)
proba = pipe.predict_proba(X_te)
grid = GridSearchCV(pipe, {"svm__C": [0.1, 1, 10], "pca__n_components": [3, 5]}, cv=3)
grid.fit(X_tr, y_tr)
best = grid.best_estimator_.predict(X_te)
cv = StratifiedKFold(n_splits=4, shuffle=True, random_state=1)
scores = cross_val_score(make_pipeline(StandardScaler(), LogisticRegression(max_iter=500)), X, y, cv=cv)
oof = cross_val_predict(RandomForestClassifier(10), X, y, cv=cv, method="predict_proba")
vote = VotingClassifier([("rf", RandomForestClassifier(10)), ("gb", GradientBoostingClassifier(n_estimators=5))], voting="soft")
vote.fit(X_tr, y_tr)
vp = vote.predict(X_te)
selector = SelectKBest(f_classif, k=6)
X_sel = selector.fit_transform(X_tr, y_tr)
kept = selector.get_support(indices=True)
onehot = label_binarize(y_tr, classes=[0, 1, 2])
net = keras.Sequential([keras.layers.Dense(10, activation="relu"), keras.layers.Dense(3, activation="softmax")])
net.compile("adam", "categorical_crossentropy")
net.fit(X_sel, onehot, epochs=1, verbose=0)
net_pred = net.predict(selector.transform(X_te), verbose=0).argmax(axis=-1)
table = np.column_stack([pred, best, vp, net_pred])
accs = np.array([accuracy_score(y_te, table[:, j]) for j in range(table.shape[1])])
f1 = f1_score(y_te, pred, average="macro")
Xb, yb = make_classification(n_samples=200, n_features=6, random_state=0)
clf = LogisticRegression().fit(Xb[:150], yb[:150])
score = clf.decision_function(Xb[150:])
fpr, tpr, thr = roc_curve(yb[150:], score)
precision, recall, _ = precision_recall_curve(yb[150:], score)
importances = RandomForestClassifier(5).fit(X_tr, y_tr).feature_importances_
print(proba.shape, scores.shape, oof.shape, X_sel.shape, kept.shape, table.shape, accs.shape, f1, len(fpr) == len(tpr), importances.shape)
