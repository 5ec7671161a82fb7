"""Where the project of a file begins."""

from __future__ import annotations

import os
from typing import Final

# Any of these makes a folder the root of its project.
ROOT_MARKERS: Final = ("pyproject.toml", "setup.py", "setup.cfg", ".git", ".hg")


def project_root(folder: str) -> str | None:
    """The nearest folder, from `folder` upwards, that holds a project; None where there is none."""
    current = os.path.abspath(folder)
    while True:
        if any(os.path.exists(os.path.join(current, marker)) for marker in ROOT_MARKERS):
            return current
        parent = os.path.dirname(current)
        if parent == current:
            return None
        current = parent
