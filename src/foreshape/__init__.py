"""Foreshape finds tensor shape, index and dtype faults in deep-learning code before it runs.

``foreshape.preflight(model, x, y)``, ``with foreshape.explain():``, ``foreshape.reveal_shape(x)`` and ``%load_ext foreshape`` are for
live programs; each is imported when it is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"
_LIVE = {
    "preflight": ("foreshape.runtime.preflight", "preflight"),
    "reveal_shape": ("foreshape.runtime.explaining", "reveal_shape"),
    "explaining": ("foreshape.runtime.explaining", "explaining"),
    "load_ipython_extension": ("foreshape.runtime.notebook", "load"),
    "unload_ipython_extension": ("foreshape.runtime.notebook", "unload"),
}


def __getattr__(name: str) -> Any:
    if name in _LIVE:
        return getattr(import_module(_LIVE[name][0]), _LIVE[name][1])
    if name in ("explain", "sequences"):
        return import_module(f"foreshape.{name}")
    raise AttributeError(f"module 'foreshape' has no attribute {name!r}")
