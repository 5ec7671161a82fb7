"""Faults and provenance to reports: the only place that writes prose.

The package can be called, since ``foreshape.explain`` is both: ``with foreshape.explain(): ...``
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


class _Callable(ModuleType):
    def __call__(self) -> Any:
        import foreshape

        return foreshape.explaining()


sys.modules[__name__].__class__ = _Callable
