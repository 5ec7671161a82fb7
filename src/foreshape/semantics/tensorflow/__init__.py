"""Rules of TensorFlow: tensors, operations, ``tf.data``. Importing this module registers them."""

from __future__ import annotations

PARTS = (
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
    "logits",
    "image",
    "signal",
    "ragged",
    "data",
    "batching",
    "pipeline",
    "runtime",
    "control",
    "more",
    "decoding",
    "operators",
    "v1",
    "v1_cells",
    "v1_layers",
    "v1_losses",
)
