"""Foreshape finds tensor shape, index and dtype faults in deep-learning code before it runs.

    foreshape.preflight(model, x, y)      hold data against a live model before it is trained
    with foreshape.explain(): ...         explain what is raised inside, under its traceback
    foreshape.reveal_shape(x)             print a shape, live and in `foreshape check`
    %load_ext foreshape                   explanations under the tracebacks of a notebook

Data is prepared with ``foreshape.sequences``. Everything is imported when it is asked for.
"""

from __future__ import annotations

from typing import Any

__version__ = "0.1.0"
__all__ = ["explain", "preflight", "reveal_shape"]

_LIVE = {
    "preflight": ("foreshape.runtime.preflight", "preflight"),
    "reveal_shape": ("foreshape.runtime.explaining", "reveal_shape"),
}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in _LIVE:
        module, attribute = _LIVE[name]
        found = globals()[name] = getattr(import_module(module), attribute)
        return found
    if name in ("explain", "sequences"):
        return import_module(f"foreshape.{name}")
    raise AttributeError(f"module 'foreshape' has no attribute {name!r}")


def explaining() -> Any:
    """What ``foreshape.explain()`` gives: the package of that name can be called."""
    from foreshape.runtime.explaining import explaining as context

    return context()


def load_ipython_extension(shell: Any) -> None:
    """``%load_ext foreshape``"""
    from foreshape.runtime.notebook import load

    load(shell)


def unload_ipython_extension(shell: Any) -> None:
    """``%unload_ext foreshape``"""
    from foreshape.runtime.notebook import unload

    unload(shell)
