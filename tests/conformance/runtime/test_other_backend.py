"""Keras 3 on PyTorch: the model is called, as nothing can be traced, and what it raises there is told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PROGRAM = """
import json
import keras
import numpy as np
import foreshape

def series():
    model = keras.Sequential([keras.Input((6, 3)), keras.layers.LSTM(4), keras.layers.Dense(1)])
    model.compile(loss="mse")
    return model

def words():
    layers = [keras.Input((5,), dtype="int32"), keras.layers.Embedding(20, 4), keras.layers.Flatten(), keras.layers.Dense(3)]
    model = keras.Sequential(layers)
    model.compile(loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model

def unbuilt():
    model = keras.Sequential([keras.layers.Dense(1)])
    model.compile(loss="mse")
    return model

zeros, ones = np.zeros((32, 1), "float32"), np.ones((32, 5), int)
cases = {
    "healthy": (series(), np.zeros((32, 6, 3)), zeros),
    "healthy words": (words(), ones, ones[:, 0]),
    "unbuilt": (unbuilt(), np.zeros((32, 3)), zeros),
    "swapped": (series(), np.zeros((32, 3, 6)), zeros),
    "id": (words(), np.full((32, 5), 20), ones[:, 0]),
    "negative id": (words(), -ones, ones[:, 0]),
    "label": (words(), ones, 3 * ones[:, 0]),
}
for name, (model, x, y) in cases.items():
    found = foreshape.preflight(model, x, y, quiet=True)
    try:
        model.fit(x, y, verbose=0)
        real = None
    except Exception as error:
        real = type(error).__name__
    print(json.dumps([name, [[fact.rule, fact.exception] for fact in found], real]))
"""


def test_faults_on_pytorch() -> None:
    pytest.importorskip("keras")
    pytest.importorskip("torch")
    quiet = {
        "KERAS_BACKEND": "torch",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
        "OMP_NUM_THREADS": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env={**os.environ, **quiet, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    rows = {name: (told, real) for name, told, real in map(json.loads, done.stdout.splitlines())}
    assert rows == {
        "healthy": ([], None),
        "healthy words": ([], None),
        "unbuilt": ([], None),
        "swapped": ([["feature-mismatch", "RuntimeError"]], "RuntimeError"),
        "id": ([["embedding-range", "IndexError"]], "IndexError"),
        "negative id": ([["embedding-range", None]], None),
        "label": ([["label-range", "IndexError"]], "IndexError"),
    }
