"""The operations of ``keras.ops``, one module per family."""

from __future__ import annotations

PARTS = (
    "elementwise",
    "creation",
    "reductions",
    "arrange",
    "joining",
    "choosing",
    "products",
    "nn",
    "losses",
    "windows",
    "linalg",
    "signals",
    "image",
    "core",
    "packing",
)
