from dataclasses import dataclass

import numpy as np
from tensorflow.keras.layers import LSTM, Dense, Dropout, Input
from tensorflow.keras.models import Sequential


@dataclass
class Config:
    timesteps: int = 30
    features: int = 5
    units: tuple = (32, 16, 8)
    dropout: float = 0.1
    outputs: int = 1


def build(cfg: Config) -> Sequential:
    model = Sequential()
    model.add(Input(shape=(cfg.timesteps, cfg.features)))
    for depth, units in enumerate(cfg.units):
        last = depth == len(cfg.units) - 1
        model.add(LSTM(units, return_sequences=last))
        model.add(Dropout(cfg.dropout))
    model.add(Dense(cfg.outputs))
    return model


def rolling(data, timesteps):
    return np.stack([data[i:i + timesteps] for i in range(len(data) - timesteps)])


cfg = Config()
prices = np.cumsum(np.random.randn(200, cfg.features), axis=0)
returns = np.diff(prices, axis=0)

X = rolling(returns, cfg.timesteps)
y = returns[cfg.timesteps:, 0]
print(X.shape, y.shape)

model = build(cfg)
model.compile("adam", "mse")
model.fit(X, y, epochs=1, batch_size=16, verbose=0)
last_window = returns[-cfg.timesteps:]
tomorrow = model.predict(last_window[np.newaxis], verbose=0)[0, 0]
print("expected return tomorrow:", tomorrow)
