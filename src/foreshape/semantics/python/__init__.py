"""The rules of Python's own functions and types.

The standard library has modules of its own, loaded when a program uses them.
"""

from __future__ import annotations

PARTS = ("dicts", "functions", "iterators", "lists", "more_dicts", "numbers", "reflection", "sets", "strings")
