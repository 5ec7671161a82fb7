import numpy as np
import pandas as pd
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from tensorflow import keras

np.random.seed(0)
df = pd.DataFrame(np.random.rand(120, 9), columns=[f"s{i}" for i in range(9)])
df["failed"] = (df["s0"] + df["s3"] > 1).astype(int)

X = df.drop(columns="failed").values
y = df["failed"].values
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=1)

scaler = StandardScaler()
X_train = scaler.fit_transform(X_train)
X_test = scaler.transform(X_test)

model = keras.Sequential()
model.add(keras.layers.Conv1D(16, 3, activation="relu", input_shape=(X_train.shape[1], 1)))
model.add(keras.layers.GlobalMaxPooling1D())
model.add(keras.layers.Dense(1, activation="sigmoid"))
model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
model.fit(X_train, y_train, epochs=1, verbose=0)
print(model.evaluate(X_test, y_test, verbose=0))
