"""Which windows hold their own target."""

from __future__ import annotations

from pathlib import Path

import pytest

from foreshape.cli.session import CheckSession

PROGRAM = """\
import keras
import numpy as np

d = np.random.rand(1000, 3)
s = d[:, 0]
labels = np.random.randint(0, 2, 1000)
n = 10
X = np.array([{window} for i in range(n, len(d) - n)])
y = np.array([{target} for i in range(n, len(d) - n)])
X = X.reshape(len(X), n, -1)
model = keras.Sequential([keras.Input((n, X.shape[2])), keras.layers.LSTM(4), keras.layers.Dense(1)])
model.compile("adam", "mse")
model.fit(X[:800], y[:800])
"""


@pytest.mark.parametrize(
    ("window", "target", "leaks"),
    [
        ("d[i:i + n]", "d[i + n - 1, 0]", True),
        ("d[i:i + n]", "d[i + n, 0]", False),
        ("d[i - n:i]", "d[i - 1, 2]", True),
        ("d[i - n:i]", "d[i, 2]", False),
        ("s[i:i + n]", "s[i + n - 1]", True),
        ("s[i:i + n]", "labels[i + n - 1]", False),  # the class of the last step is what is asked for
        ("d[i:i + n, :2]", "d[i + n - 1, 2]", False),  # the target is no feature
        ("d[i:i + n, 1]", "d[i + n - 1, 1]", True),
        ("d[i:i + n, 1]", "d[i + n - 1, 0]", False),
        ("s[i:i + n]", "s[i + n // 2]", False),  # a gap to be filled
    ],
)
def test_windows_and_targets(tmp_path: Path, window: str, target: str, leaks: bool) -> None:
    path = tmp_path / "train.py"
    path.write_text(PROGRAM.format(window=window, target=target))
    rules = [report.rule for report in CheckSession({}).check([str(path)]).reports]
    assert rules == (["leaked-target"] if leaks else [])
