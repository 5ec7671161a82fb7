"""Rules of TensorFlow: tensors, operations, ``tf.data``. Importing this module registers them."""

from __future__ import annotations

from importlib import import_module

_PARTS = (
    "types",
    "tensors",
    "creation",
    "elementwise",
    "activations",
    "casting",
    "reductions",
    "products",
    "reshaping",
    "joining",
    "selecting",
    "nn",
    "image",
    "signal",
    "ragged",
    "entropy",
    "data",
    "batching",
    "pipeline",
    "runtime",
    "control",
)

for _part in _PARTS:
    import_module(f"foreshape.semantics.tensorflow.{_part}")
