"""Forecast the next value of one series from the last 24 values."""
import numpy as np
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import LSTM, Dense, Dropout

np.random.seed(7)

# two weeks of hourly readings: a daily rhythm and some noise
hours = np.arange(24 * 14)
series = 20 + 5 * np.sin(2 * np.pi * hours / 24) + np.random.normal(0, 0.5, size=hours.shape)

mean, std = series.mean(), series.std()
series = (series - mean) / std


def make_windows(values, window, horizon=1):
    X, y = [], []
    for i in range(len(values) - window - horizon + 1):
        X.append(values[i:i + window])
        y.append(values[i + window + horizon - 1])
    return np.array(X), np.array(y)


WINDOW = 24
X, y = make_windows(series, WINDOW)
X = X[..., np.newaxis]                      # (samples, timesteps, features)

split = int(len(X) * 0.8)
X_train, X_test = X[:split], X[split:]
y_train, y_test = y[:split], y[split:]

model = Sequential([
    LSTM(16, input_shape=(WINDOW, 1)),
    Dropout(0.2),
    LSTM(8),
    Dense(1),
])
model.compile(optimizer="adam", loss="mse", metrics=["mae"])
model.fit(X_train, y_train, epochs=2, batch_size=32, validation_data=(X_test, y_test), verbose=0)

pred = model.predict(X_test, verbose=0)
pred = pred[:, 0] * std + mean
actual = y_test * std + mean
rmse = np.sqrt(np.mean((pred - actual) ** 2))
print(f"RMSE {rmse:.2f} degrees")
