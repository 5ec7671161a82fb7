"""The layer families of Keras, one file each."""

from __future__ import annotations

from importlib import import_module

_PARTS = ("cells", "recurrent", "wrappers", "core", "lambdas", "activations", "regularization", "reshaping", "convolution", "spatial", "pooling", "convlstm", "locally", "merging", "normalization", "attention", "multi_head",
          "images", "numbers", "categories", "lookups", "vectorization", "audio", "einsum_dense")  # fmt: skip

for _part in _PARTS:
    import_module(f"foreshape.semantics.keras.layers.{_part}")
