"""Rules of Lightning (``lightning``, ``pytorch_lightning``): modules, data modules, and the trainer that calls back into them.

https://lightning.ai/docs/pytorch/stable/
"""

from __future__ import annotations

PARTS = (
    "modules",
    "trainer",
)
