"""Rules of SciPy where it meets arrays. Importing this module registers them."""

from __future__ import annotations

PARTS = (
    "sparse",
    "signals",
    "others",
    "linalg",
    "stats",
    "special",
)
