"""Rules of ``torch.nn``: modules and functions. Importing this module registers them."""

from __future__ import annotations

PARTS = (
    "module",
    "registry",
    "conversion",
    "containers",
    "parameter",
    "linear",
    "padding",
    "convolution",
    "conv_layers",
    "lazy",
    "pooling",
    "adaptive_pooling",
    "pool_layers",
    "packed",
    "recurrent",
    "losses_sequences",
    "losses_densities",
    "losses_pairs",
    "loss_modules",
    "losses_values",
    "losses_classes",
    "embedding_bags",
    "embedding",
    "softmax",
    "recurrent_cells",
)
