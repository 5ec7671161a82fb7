"""Every recorded outcome of a layer, on both versions of Keras: nothing said that is not so, and no figure worse than the one kept.

About half a minute for each version; ``hold.py --write`` keeps new figures.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HOLD = Path(__file__).with_name("hold.py")


@pytest.mark.parametrize("keras", ["2", "3"])
def test_figures(keras: str) -> None:
    """``hold.py`` on its own: its modules have names that others use too."""
    done = subprocess.run(
        [sys.executable, str(HOLD), "--keras", keras, "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
