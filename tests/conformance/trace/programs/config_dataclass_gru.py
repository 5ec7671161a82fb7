from __future__ import annotations

from dataclasses import dataclass, field
from typing import Tuple

import numpy as np
import tensorflow as tf


@dataclass
class DataConfig:
    n_series: int = 12
    length: int = 60
    n_channels: int = 2
    window: int = 15
    stride: int = 5


@dataclass
class ModelConfig:
    cell: str = "gru"
    units: Tuple[int, ...] = (16, 8)
    n_out: int = 2


@dataclass
class Experiment:
    data: DataConfig = field(default_factory=DataConfig)
    model: ModelConfig = field(default_factory=ModelConfig)
    seed: int = 13


def make_series(cfg: DataConfig, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    phase = rng.uniform(0, np.pi, size=(cfg.n_series, 1, cfg.n_channels))
    t = np.linspace(0, 6, cfg.length)[None, :, None]
    return np.sin(t + phase) + 0.1 * rng.standard_normal((cfg.n_series, cfg.length, cfg.n_channels))


def cut(series: np.ndarray, cfg: DataConfig) -> tuple[np.ndarray, np.ndarray]:
    pieces, following = [], []
    for one in series:
        for start in range(0, cfg.length - cfg.window, cfg.stride):
            pieces.append(one[start:start + cfg.window])
            following.append(one[start + cfg.window])
    return np.asarray(pieces), np.asarray(following)


def build(cfg: ModelConfig, data: DataConfig) -> tf.keras.Model:
    layer = {"gru": tf.keras.layers.GRU, "lstm": tf.keras.layers.LSTM}[cfg.cell]
    x = inputs = tf.keras.layers.Input(shape=(data.window, data.n_channels))
    for i, units in enumerate(cfg.units):
        x = layer(units, return_sequences=i + 1 < len(cfg.units))(x)
    outputs = tf.keras.layers.Dense(cfg.n_out)(x)
    return tf.keras.models.Model(inputs=inputs, outputs=outputs)


def main(exp: Experiment) -> None:
    series = make_series(exp.data, exp.seed)
    x, y = cut(series, exp.data)
    model = build(exp.model, exp.data)
    model.compile(optimizer="adam", loss="huber")
    model.fit(x, y, epochs=1, verbose=0)
    predicted = model.predict(x[:7], verbose=0)
    error = np.linalg.norm(predicted - y[:7], axis=-1)
    print(series.shape, x.shape, y.shape, error.round(2))


if __name__ == "__main__":
    main(Experiment())
