"""The index of which module registers which name is as the rules are."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_index_is_current() -> None:
    """``python -m foreshape.dev.index`` after a name was added, moved or removed."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run([sys.executable, "-m", "foreshape.dev.index", "--check"], env=environment, check=False)
    assert done.returncode == 0, "run: python -m foreshape.dev.index"
