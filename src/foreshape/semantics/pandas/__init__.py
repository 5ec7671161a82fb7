"""Rules of pandas: frames and series as far as their rows and columns are certain."""

from __future__ import annotations

PARTS = (
    "construct",
    "dates",
    "reading",
    "attributes",
    "selection",
    "assigning",
    "arithmetic",
    "keeping",
    "rows",
    "reductions",
    "joining",
    "categories",
    "windows",
    "grouping",
    "accessors",
    "indexes",
)
