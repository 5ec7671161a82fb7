"""The calls that are held against the real pandas: ``cases/FAMILY.txt``, one statement a line."""

from __future__ import annotations

import os

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "cases")
PRELUDE = """\
import numpy as np
import pandas as pd
df = pd.DataFrame({"a": range(10), "b": np.random.rand(10), "c": list("abcdefghij")})
s = pd.Series(np.random.rand(10))
X = np.zeros((10, 3))
n = pd.DataFrame(np.zeros((10, 3)), columns=["x", "y", "z"])
t = pd.DataFrame({"v": np.random.rand(8), "w": [1, 2] * 4}, index=pd.date_range("2024-01-01", periods=8))"""


def cases() -> list[str]:
    """Every call, family after family."""
    found: list[str] = []
    for name in sorted(os.listdir(HERE)):
        with open(os.path.join(HERE, name), encoding="utf-8") as file:
            found.extend(line.rstrip("\n") for line in file if line.strip())
    return found


CASES = cases()
