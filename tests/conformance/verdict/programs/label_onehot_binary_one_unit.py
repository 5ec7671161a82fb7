import numpy as np
import pandas as pd
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense
from sklearn.model_selection import train_test_split

df = pd.DataFrame({
    "age": np.random.randint(18, 80, 100),
    "balance": np.random.rand(100) * 1000,
    "churned": np.random.choice(["yes", "no"], 100),
})
features = df[["age", "balance"]].astype("float32").values
labels = pd.get_dummies(df["churned"]).values.astype("float32")

X_train, X_val, y_train, y_val = train_test_split(features, labels, test_size=0.2)

model = Sequential([
    Dense(8, activation="relu", input_dim=2),
    Dense(1, activation="sigmoid"),
])
model.compile("adam", "binary_crossentropy")
model.fit(X_train, y_train, validation_data=(X_val, y_val), epochs=1, verbose=0)
