"""Rules of torchvision: transforms, data sets and models, as their documentation gives them.

https://docs.pytorch.org/vision/stable/
"""

from __future__ import annotations

PARTS = (
    "transforms",
    "changes",
    "datasets",
    "models",
    "resnet",
    "utilities",
)
