"""Rules of ``torch.nn``: modules and functions. Importing this module registers them."""

from __future__ import annotations

PARTS = (
    "module",
    "registry",
    "conversion",
    "containers",
    "packed",
    "recurrent",
)
