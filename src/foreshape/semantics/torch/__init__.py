"""Rules of PyTorch: tensors, functions, modules. Importing this module registers nothing; its parts do."""

from __future__ import annotations

PARTS = (
    "types",
    "creation",
    "attributes",
    "operators",
    "binary",
    "unary",
    "blending",
    "views",
    "expanding",
    "parting",
    "ordering",
    "joining",
    "indexing",
    "writing",
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
    "cumulative",
    "linalg",
    "factoring",
)
