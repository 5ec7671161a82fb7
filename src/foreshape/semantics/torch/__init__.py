"""Rules of PyTorch: tensors, functions, modules. Importing this module registers nothing; its parts do."""

from __future__ import annotations

PARTS = (
    "types",
    "creation",
    "attributes",
    "operators",
    "elementwise",
    "views",
    "random",
    "data",
    "nn",
    "results",
    "reductions",
    "products",
    "contracting",
)
