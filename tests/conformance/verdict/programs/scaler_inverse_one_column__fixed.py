import numpy as np
from sklearn.preprocessing import MinMaxScaler
from tensorflow import keras

# five weather columns, the first one is the target
weather = np.random.rand(130, 5) * [30, 100, 1000, 15, 360]
scaler = MinMaxScaler()
scaled = scaler.fit_transform(weather)

n_hours = 6
X = np.array([scaled[i:i + n_hours] for i in range(len(scaled) - n_hours)])
y = scaled[n_hours:, 0]

model = keras.Sequential([
    keras.layers.LSTM(8, input_shape=(n_hours, 5)),
    keras.layers.Dense(1),
])
model.compile(loss="mae", optimizer="adam")
model.fit(X, y, epochs=1, verbose=0, batch_size=62)

yhat = model.predict(X[-20:], verbose=0)
padded = np.concatenate([yhat, np.zeros((len(yhat), 4))], axis=1)
yhat_degrees = scaler.inverse_transform(padded)[:, :1]
print(yhat_degrees[:3])
