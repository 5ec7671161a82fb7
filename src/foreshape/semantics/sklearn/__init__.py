"""Rules of scikit-learn, as far as shapes flow through it. Importing this module registers them."""

from __future__ import annotations

PARTS = (
    "preprocessing",
    "encoders",
    "splitting",
    "folds",
    "datasets",
    "samples",
    "metrics",
    "estimators",
    "transformers",
    "pipelines",
    "families",
    "functions",
    "algorithms",
    "displays",
    "curves",
    "generated",
    "targets",
    "mixins",
)
