"""The layer families of Keras, one file each."""

from __future__ import annotations

from importlib import import_module

_PARTS = (
    "cells", "recurrent", "wrappers", "core", "lambdas", "activations", "regularization", "reshaping",
    "convolution", "spatial", "pooling", "convlstm", "locally", "merging", "normalization", "attention", "group_normalization",
    "multi_head", "images", "numbers", "categories", "lookups", "vectorization", "audio", "einsum_dense", "foreign",
)  # fmt: skip

for _part in _PARTS:
    import_module(f"foreshape.semantics.keras.layers.{_part}")
