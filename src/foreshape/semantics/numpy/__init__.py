"""What NumPy does to shapes, dtypes and bounds. Importing this registers the rules of every family."""

from __future__ import annotations

from foreshape.semantics.numpy import (  # noqa: F401
    creation,
    fft,
    files,
    grids,
    indexing,
    joining,
    linalg,
    methods,
    names,
    numeric,
    products,
    random,
    rearranging,
    reductions,
    reshaping,
    sorting,
    types,
    ufuncs,
)
