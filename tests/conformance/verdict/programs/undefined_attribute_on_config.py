from dataclasses import dataclass, field

import numpy as np
import tensorflow as tf


@dataclass
class TrainConfig:
    seq_len: int = 20
    n_features: int = 3
    hidden: list = field(default_factory=lambda: [16, 8])
    lr: float = 1e-3


def build(cfg: TrainConfig) -> tf.keras.Model:
    model = tf.keras.Sequential()
    model.add(tf.keras.layers.Input((cfg.seq_len, cfg.n_features)))
    for units in cfg.hidden[:-1]:
        model.add(tf.keras.layers.LSTM(units, return_sequences=True))
    model.add(tf.keras.layers.LSTM(cfg.hidden[-1]))
    model.add(tf.keras.layers.Dense(1))
    model.compile(tf.keras.optimizers.Adam(cfg.learning_rate), "mse")
    return model


cfg = TrainConfig()
model = build(cfg)
model.fit(np.random.rand(8, 20, 3), np.random.rand(8), epochs=1, verbose=0)
