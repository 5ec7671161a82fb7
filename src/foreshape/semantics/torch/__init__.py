"""Rules of PyTorch: tensors, functions, modules. Importing this module registers nothing; its parts do."""

from __future__ import annotations

PARTS = (
    "types",
    "creation",
    "attributes",
    "operators",
    "binary",
    "unary",
    "views",
    "random",
    "data",
    "training",
    "nn",
    "results",
    "reductions",
    "products",
    "contracting",
    "gathering",
    "masking",
    "sorting",
)
