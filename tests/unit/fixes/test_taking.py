"""Fixes of data that a method does not take, and of programs with a second fault behind the first."""

from __future__ import annotations

from pathlib import Path

import pytest

from foreshape.cli.session import CheckSession

HEAD = """\
import numpy as np
import keras
from keras import layers
"""
MODEL = """\
model = keras.Sequential([keras.Input((4,)), layers.Dense(3)])
model.compile(loss="mse")
"""
CASES = {
    "lists of a program without numpy": (
        "import keras\nfrom keras import layers\n"
        + MODEL
        + "model.fit([[1, 2, 3, 4], [5, 6, 7, 8]], [[1, 2, 3], [4, 5, 6]])\n",
        "np.array([[1, 2, 3, 4], [5, 6, 7, 8]]), np.array([[1, 2, 3], [4, 5, 6]])",
    ),
    "a loss that is unpacked": (
        HEAD + MODEL + "x, y = np.zeros((8, 4)), np.zeros((8, 3))\nloss, accuracy = model.evaluate(x, y)\n",
        'model.compile(loss="mse", metrics=["accuracy"])',
    ),
    "one column for an estimator": (
        "import numpy as np\nfrom sklearn.preprocessing import StandardScaler\n"
        "prices = np.random.rand(50)\nscaled = StandardScaler().fit_transform(prices)\n",
        "scaled = StandardScaler().fit_transform(prices.reshape(-1, 1))",
    ),
    "labels of the validation data as well": (
        HEAD
        + MODEL.replace("mse", "categorical_crossentropy")
        + "x, y, v, w = np.zeros((8, 4)), np.zeros((8, 1, 3)), np.zeros((2, 4)), np.zeros((2, 1, 3))\n"
        + "model.fit(x, y, validation_data=(v, w))\n",
        "model.fit(x, y.reshape((-1, 3)), validation_data=(v, w.reshape((-1, 3))))",
    ),
    "the largest id, not the first that is too large": (
        HEAD + "table = layers.Embedding(2, 8)\nrows = table(np.array([[1, 2, 9]]))\n",
        "table = layers.Embedding(10, 8)",
    ),
}


def _fixes(code: str, folder: Path) -> list[str]:
    path = folder / "program.py"
    path.write_text(code, encoding="utf-8")
    reports = CheckSession({}, fix_seconds=5.0).check([str(path)]).reports
    errors = [each for each in reports if each.severity == "error"]
    return [f"{fix.title} / {fix.checked}" for fix in errors[0].fixes if fix.verified]


@pytest.mark.parametrize("name", CASES)
def test_the_fix_is_among_the_first(name: str, tmp_path: Path) -> None:
    code, wanted = CASES[name]
    found = _fixes(code, tmp_path)
    assert any(wanted in each for each in found[:2]), found


def test_a_fault_further_down_is_told_with_the_fix_that_shows_it(tmp_path: Path) -> None:
    code = (
        HEAD
        + "model = keras.Sequential()\nmodel.add(layers.LSTM(4, batch_input_shape=(8, 5, 3)))\nmodel.add(layers.Dense(2))\n"
        + 'model.compile(loss="mse")\nmodel.fit(np.zeros((16, 5, 3)), np.zeros((12, 2)))\n'
    )
    found = _fixes(code, tmp_path)
    assert found and "this fault is gone; it hid another: " in found[0], found


def test_a_layer_and_the_loss_are_changed_together(tmp_path: Path) -> None:
    code = (
        HEAD
        + "model = keras.Sequential()\nmodel.add(layers.LSTM(8, input_shape=(10, 4), return_sequences=True))\n"
        + 'model.add(layers.Dense(3, activation="softmax"))\nmodel.compile(loss="categorical_crossentropy")\n'
        + "model.fit(np.zeros((20, 10, 4)), np.random.randint(0, 3, (20, 1)))\n"
    )
    found = _fixes(code, tmp_path)
    assert found and "return_sequences=False" in found[0] and "sparse_categorical_crossentropy" in found[0], found


def test_one_sample_without_its_axes_is_reshaped(tmp_path: Path) -> None:
    code = HEAD + (
        "model = keras.Sequential([keras.Input((6, 1)), layers.LSTM(4)])\n"
        "series = np.zeros(60)\nmodel.predict(series[-6:])\n"
    )
    found = _fixes(code, tmp_path)
    assert any("series[-6:].reshape((1, 6, 1))" in each for each in found), found
