"""Rules of SciPy where it meets arrays. Importing this module registers them."""

from __future__ import annotations

from importlib import import_module

for _part in ("sparse",):
    import_module(f"foreshape.semantics.scipy.{_part}")
