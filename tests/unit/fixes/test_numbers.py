"""Where the number of a size is changed: at the literal that it comes from, wherever that stands."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from foreshape.cli.session import CheckSession

HEAD = """
import torch
from torch import nn
"""
NET = """
class Net(nn.Module):
    def __init__(self, n_in, n_out=3):
        super().__init__()
        self.body = nn.Linear(n_in, 8)
        self.head = nn.Linear(8, n_out)

    def forward(self, x):
        return self.head(self.body(x))
"""
CASES = {
    "an argument of the caller": (NET + "net = Net(6)\nnet(torch.rand(4, 5))\n", "net = Net(5)"),
    "a keyword of the caller": (NET + "net = Net(n_in=6)\nnet(torch.rand(4, 5))\n", "net = Net(n_in=5)"),
    "a constant of the file": (NET + "WIDTH = 6\nnet = Net(WIDTH)\nnet(torch.rand(4, 5))\n", "WIDTH = 5"),
    "a dict": (NET + 'cfg = {"n": 6}\nnet = Net(cfg["n"])\nnet(torch.rand(4, 5))\n', 'cfg = {"n": 5}'),
    "a class of settings": (
        "class Settings:\n    width = 6\n" + NET + "net = Net(Settings.width)\nnet(torch.rand(4, 5))\n",
        "width = 5",
    ),
    "two sizes of one product": (
        "class Net(nn.Module):\n    def __init__(self, heads=3):\n        super().__init__()\n"
        "        self.out = nn.Linear(heads * 4, 2)\n\n    def forward(self, x):\n        return self.out(x)\n\n"
        "Net()(torch.rand(4, 8))\n",
        "def __init__(self, heads=2)",
    ),
    "the last of a list": (
        "sizes = [16, 8]\nbody = nn.Sequential(nn.Linear(4, sizes[0]), nn.Linear(sizes[0], sizes[1]))\n"
        "head = nn.Linear(sizes[0], 2)\nhead(body(torch.rand(3, 4)))\n",
        "head = nn.Linear(sizes[-1], 2)",
    ),
    "a parameter beside it": (
        "class Block(nn.Module):\n    def __init__(self, tokens, channels):\n        super().__init__()\n"
        "        self.first = nn.Linear(channels, channels)\n        self.last = nn.Linear(tokens, tokens)\n\n"
        "    def forward(self, x):\n        return self.last(self.first(x)).sum(0)\n\n"
        "Block(49, 32)(torch.rand(4, 32))\n",
        "self.last = nn.Linear(channels, tokens)",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_number_is_changed_where_it_is_written(name: str, tmp_path: Path) -> None:
    code, wanted = CASES[name]
    path = tmp_path / "program.py"
    path.write_text(HEAD + textwrap.dedent(code), encoding="utf-8")
    outcome = CheckSession({}, fix_seconds=5.0).check([str(path)])
    titles = [fix.title for report in outcome.reports for fix in report.fixes if fix.verified]
    assert titles and titles[0].endswith(wanted), titles


KERAS = """
import numpy as np
from keras import layers, models

def build(steps, features):
    inputs = layers.Input((steps, features))
    return models.Sequential([inputs, layers.Conv1D(4, 2), layers.LSTM(4), layers.Dense(UNITS)])

x = np.load("x.npy").reshape(40, 6, 3)
y = np.zeros((40, 6, 1))
model = build(6, x.shape[2] - 1)
model.compile(loss="mse")
model.fit(x, y)
"""


def _fixes(code: str, folder: Path) -> list[str]:
    path = folder / "program.py"
    path.write_text(code, encoding="utf-8")
    reports = CheckSession({}, fix_seconds=5.0).check([str(path)]).reports
    return [f"{fix.title} / {fix.checked}" for report in reports[:1] for fix in report.fixes]


def test_a_slip_in_what_a_caller_counts_is_mended_there(tmp_path: Path) -> None:
    first = _fixes(KERAS.replace("UNITS", "1").replace("(40, 6, 1)", "40"), tmp_path)[0]
    assert first == "line 11: model = build(6, x.shape[2]) / the model's output is then (batch, 1), no fault is left"


def test_what_only_trains_silently_behind_a_fault_is_told_with_its_fix(tmp_path: Path) -> None:
    first = _fixes(KERAS.replace("UNITS", "1"), tmp_path)[0]
    assert first.startswith("line 11: model = build(6, x.shape[2]) / this fault is gone; it hid another: mean_squared")


def test_an_error_that_the_same_call_meets_later_is_told_with_the_fix(tmp_path: Path) -> None:
    first = _fixes(KERAS.replace("UNITS", "4"), tmp_path)[0]
    assert first.startswith("line 11: model = build(6, x.shape[2]) / this fault is gone; it hid another: the model gives")


MOVED = """
import numpy as np
from keras import layers, models

model = models.Sequential([layers.Input((6, 2)), layers.Conv1D(4, 2), layers.LSTM(4), layers.Dense(1)])
model.compile(loss="mse")
model.fit(np.zeros((40, 3)), np.zeros(40))
"""


def test_a_change_that_only_moves_the_error_is_no_fix(tmp_path: Path) -> None:
    fixes = _fixes(MOVED, tmp_path)
    assert not [each for each in fixes if "it hid another" in each and "features" in each.partition(" / ")[2]], fixes
