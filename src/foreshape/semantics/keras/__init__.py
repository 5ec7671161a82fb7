"""Rules of Keras 2 and 3. Importing this module registers them."""

from __future__ import annotations

PARTS = (
    "layer",
    "inputs",
    "functional",
    "sequential",
    "model",
    "configurations",
    "tensors",
    "variables",
    "services",
    "compiling",
    "metrics",
    "steps",
    "fitting",
    "predicting",
    "losses",
    "objects",
    "sequences",
    "text",
    "datasets",
    "utilities",
    "backend",
    "backend_creation",
    "operations",
    "applications",
    "randomness",
    "folders",
    "layers",
)
