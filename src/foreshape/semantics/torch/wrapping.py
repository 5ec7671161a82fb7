"""Integers that do not fit into their dtype wrap around: nothing is known of such values."""

from __future__ import annotations

from typing import Any

from foreshape.domain.dtype import integer_range


def wraps(dtype: str | None, *values: Any) -> bool:
    """Whether one of these numbers is outside of what the dtype holds (int64 is taken to hold all)."""
    if dtype is None or dtype == "int64" or "int" not in dtype:
        return False
    ends = integer_range(dtype)
    if ends is None:
        return False
    return any(isinstance(value, (int, float)) and not ends[0] <= value <= ends[1] for value in values)
