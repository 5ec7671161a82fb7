"""LSTM autoencoder for anomalies; threshold from the training error; result as a frame."""
import numpy as np
import pandas as pd
from sklearn.preprocessing import RobustScaler
from tensorflow.keras.layers import LSTM, Dense, Dropout, RepeatVector, TimeDistributed
from tensorflow.keras.models import Sequential

np.random.seed(42)
TIME_STEPS = 10
df = pd.DataFrame({"value": np.sin(np.arange(300) / 10.0)}, index=pd.date_range("2021-05-01", periods=300, freq="D"))
df.loc[df.index[250:260], "value"] += 3
train_size = int(len(df) * 0.8)
train, test = df.iloc[0:train_size].copy(), df.iloc[train_size:].copy()
scaler = RobustScaler().fit(train[["value"]])
train["value"] = scaler.transform(train[["value"]])
test["value"] = scaler.transform(test[["value"]])


def create_dataset(X, y, time_steps=1):
    Xs, ys = [], []
    for i in range(len(X) - time_steps):
        v = X.iloc[i:(i + time_steps)].values
        Xs.append(v)
        ys.append(y.iloc[i + time_steps])
    return np.array(Xs), np.array(ys)


X_train, y_train = create_dataset(train[["value"]], train.value, TIME_STEPS)
X_test, y_test = create_dataset(test[["value"]], test.value, TIME_STEPS)
model = Sequential()
model.add(LSTM(units=16, input_shape=(X_train.shape[1], X_train.shape[2])))
model.add(Dropout(rate=0.2))
model.add(RepeatVector(n=X_train.shape[1]))
model.add(LSTM(units=16, return_sequences=True))
model.add(TimeDistributed(Dense(units=X_train.shape[2])))
model.compile(loss="mae", optimizer="adam")
model.fit(X_train, X_train, epochs=1, batch_size=32, validation_split=0.1, shuffle=False, verbose=0)
X_train_pred = model.predict(X_train, verbose=0)
train_mae = np.mean(np.abs(X_train_pred - X_train), axis=1)
threshold = train_mae.max()
X_test_pred = model.predict(X_test, verbose=0)
test_mae = np.mean(np.abs(X_test_pred - X_test), axis=1)
score = pd.DataFrame(index=test[TIME_STEPS:].index)
score["loss"] = test_mae
score["threshold"] = threshold
score["anomaly"] = score.loss > score.threshold
score["value"] = test[TIME_STEPS:]["value"]
found = score[score.anomaly]
values = scaler.inverse_transform(score[["value"]])
print(X_train.shape, y_test.shape, train_mae.shape, score.shape, values.shape, found.shape[1])
