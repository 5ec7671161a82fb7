"""Rules of einops: ``rearrange``, ``reduce``, ``repeat``, ``einsum``, ``pack``, and the layers for PyTorch.

https://einops.rocks
"""

from __future__ import annotations

PARTS = (
    "functions",
    "products",
    "layers",
)
