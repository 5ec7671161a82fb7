"""Whether the values of an integer array reach a limit (``semantics/shared/ranges.py``)."""

from __future__ import annotations

from foreshape.semantics.shared.ranges import negative, reached

__all__ = ["negative", "reached"]
