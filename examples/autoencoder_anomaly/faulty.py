"""LSTM autoencoder: what it cannot rebuild is an anomaly."""
import numpy as np
from tensorflow.keras.layers import LSTM, Dense, RepeatVector, TimeDistributed
from tensorflow.keras.models import Model, Sequential

WINDOW = 20
N_FEATURES = 2


def sliding(values, size, step=5):
    starts = range(0, len(values) - size + 1, step)
    return np.array([values[s:s + size] for s in starts])


t = np.linspace(0, 40, 800)
signal = np.column_stack([np.sin(t), np.cos(t)])
signal[600:620] += 3.0                                   # the anomaly

mu = signal[:500].mean(axis=0)
sigma = signal[:500].std(axis=0)
signal = (signal - mu) / sigma

train = sliding(signal[:500], WINDOW)
everything = sliding(signal, WINDOW)

autoencoder = Sequential([
    LSTM(16, activation="tanh", input_shape=(WINDOW, N_FEATURES)),
    RepeatVector(N_FEATURES),
    LSTM(16, activation="tanh", return_sequences=True),
    TimeDistributed(Dense(N_FEATURES)),
])
autoencoder.compile(optimizer="adam", loss="mae")
autoencoder.fit(train, train, epochs=1, batch_size=16, verbose=0)

rebuilt = autoencoder.predict(everything, verbose=0)
errors = np.mean(np.abs(rebuilt - everything), axis=(1, 2))
threshold = np.quantile(errors, 0.95)
suspicious = np.where(errors > threshold)[0]
print("suspicious windows start at", suspicious * 5)
