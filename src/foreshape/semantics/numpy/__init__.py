"""What NumPy does to shapes, dtypes and bounds. Importing this registers the rules of every family."""

from __future__ import annotations

PARTS = (
    "assigning",
    "choosing",
    "conversion",
    "creation",
    "fft",
    "files",
    "grids",
    "indexing",
    "joining",
    "linalg",
    "members",
    "methods",
    "names",
    "numeric",
    "products",
    "quantiles",
    "random",
    "rearranging",
    "reductions",
    "reshaping",
    "running",
    "series",
    "sets",
    "sorting",
    "splitting",
    "types",
    "ufuncs",
)
