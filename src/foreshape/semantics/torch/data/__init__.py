"""Rules of ``torch.utils.data``: data sets, samplers, collating, loaders. Its parts register them."""

from __future__ import annotations

PARTS = (
    "datasets",
    "splitting",
    "samplers",
    "collate",
    "loader",
)
