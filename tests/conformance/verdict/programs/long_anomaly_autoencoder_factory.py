"""Anomaly detection on machine vibration: several autoencoders from one factory."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

import numpy as np
import tensorflow as tf
from tensorflow.keras import layers


@dataclass(frozen=True)
class Settings:
    length: int = 100
    axes: int = 3
    latent: int = 8
    batch_size: int = 16
    quantile: float = 0.95


def dense_autoencoder(s: Settings) -> tf.keras.Model:
    return tf.keras.Sequential([
        layers.Input((s.length, s.axes)),
        layers.Flatten(),
        layers.Dense(s.latent, activation="relu"),
        layers.Dense(s.length * s.axes),
        layers.Reshape((s.length, s.axes)),
    ], name="dense")


def conv_autoencoder(s: Settings) -> tf.keras.Model:
    inputs = layers.Input((s.length, s.axes))
    x = layers.Conv1D(16, 5, strides=2, padding="same", activation="relu")(inputs)
    x = layers.Conv1D(s.latent, 5, strides=2, padding="same", activation="relu")(x)
    x = layers.Conv1DTranspose(16, 5, strides=2, padding="same", activation="relu")(x)
    x = layers.Conv1DTranspose(s.axes, 5, strides=2, padding="same")(x)
    return tf.keras.Model(inputs, x, name="conv")


def lstm_autoencoder(s: Settings) -> tf.keras.Model:
    inputs = layers.Input((s.length, s.axes))
    x = layers.LSTM(s.latent)(inputs)
    x = layers.Dense(s.length * s.latent // 2)(x)
    x = layers.Reshape((s.length, s.latent))(x)
    x = layers.LSTM(s.latent, return_sequences=True)(x)
    x = layers.Dense(s.axes)(x)
    return tf.keras.Model(inputs, x, name="lstm")


FACTORIES: dict[str, Callable[[Settings], tf.keras.Model]] = {
    "dense": dense_autoencoder,
    "conv": conv_autoencoder,
    "lstm": lstm_autoencoder,
}


def threshold(model: tf.keras.Model, x: np.ndarray, q: float) -> float:
    error = np.mean((model.predict(x, verbose=0) - x) ** 2, axis=(1, 2))
    return float(np.quantile(error, q))


def run(names: list[str], s: Settings) -> dict[str, float]:
    rng = np.random.default_rng(1)
    normal = rng.normal(size=(32, s.length, s.axes)).astype("float32")
    limits = {}
    for name in names:
        model = FACTORIES[name](s)
        model.compile(optimizer="adam", loss="mse")
        model.fit(normal, normal, batch_size=s.batch_size, epochs=1, verbose=0)
        limits[name] = threshold(model, normal, s.quantile)
    return limits


print(run(["dense", "conv", "lstm"], Settings()))
