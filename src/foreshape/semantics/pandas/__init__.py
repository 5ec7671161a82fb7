"""Rules of pandas: frames and series as far as their rows and columns are certain."""

from __future__ import annotations

PARTS = (
    "construct",
    "series",
    "dates",
    "filling",
    "keeping_files",
    "reading",
    "attributes",
    "selection",
    "items",
    "assigning",
    "arithmetic",
    "keeping",
    "casting",
    "rows",
    "reductions",
    "joining",
    "categories",
    "windows",
    "grouping",
    "accessors",
    "indexes",
    "offsets",
    "rare",
    "notation",
)
