"""Customer churn: ColumnTransformer, then a small dense network."""
import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.metrics import classification_report, confusion_matrix, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from tensorflow import keras

rng = np.random.RandomState(0)
n = 400
df = pd.DataFrame(
    {
        "tenure": rng.randint(0, 72, n),
        "charges": rng.uniform(20, 120, n),
        "contract": np.array(["month", "year", "two"])[np.arange(n) % 3],
        "paperless": rng.rand(n) > 0.5,
    }
)
df["churn"] = (df["charges"] / (df["tenure"] + 1) > 3).astype(int)
y = df.pop("churn").values
numeric, categorical = ["tenure", "charges"], ["contract"]
pre = ColumnTransformer(
    [("num", StandardScaler(), numeric), ("cat", OneHotEncoder(sparse_output=False), categorical)],
    remainder="passthrough",
)
X_train, X_test, y_train, y_test = train_test_split(df, y, test_size=0.25, random_state=3)
Z_train = pre.fit_transform(X_train).astype("float32")
Z_test = pre.transform(X_test).astype("float32")
model = keras.Sequential(
    [
        keras.layers.Input(shape=(Z_train.shape[1],)),
        keras.layers.Dense(16, activation="relu"),
        keras.layers.BatchNormalization(),
        keras.layers.Dense(1, activation="sigmoid"),
    ]
)
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=[keras.metrics.AUC(name="auc")])
weights = {0: 1.0, 1: 2.0}
hist = model.fit(Z_train, y_train, validation_split=0.2, epochs=2, batch_size=64, class_weight=weights, verbose=0)
proba = model.predict(Z_test, verbose=0).ravel()
labels = (proba > 0.5).astype(int)
cm = confusion_matrix(y_test, labels, labels=[0, 1])
val_curve = np.array(hist.history["val_loss"])
text = classification_report(y_test, labels, zero_division=0)
order = np.argsort(-proba)[:10]
top = X_test.iloc[order]
auc = roc_auc_score(y_test, proba) if len(set(y_test)) > 1 else 0.0
print(cm.shape, len(text), top.shape, auc, val_curve.shape)
