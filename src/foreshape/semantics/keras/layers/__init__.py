"""The layer families of Keras, one file each."""

from __future__ import annotations

PARTS = (
    "cells", "recurrent", "wrappers", "core", "lambdas", "activations", "regularization", "reshaping",
    "convolution", "spatial", "pooling", "convlstm", "locally", "merging", "normalization", "attention",
    "group_normalization", "multi_head", "images", "numbers", "categories", "lookups", "vectorization", "audio",
    "einsum_dense", "foreign",
)  # fmt: skip
