"""Rules of Keras 2 and 3. Importing this module registers them."""

from __future__ import annotations

from importlib import import_module

_PARTS = (
    "layer",
    "inputs",
    "functional",
    "sequential",
    "model",
    "tensors",
    "compiling",
    "steps",
    "fitting",
    "predicting",
    "losses",
    "objects",
    "sequences",
    "text",
    "datasets",
    "utilities",
    "ops",
    "layers",
)

for _part in _PARTS:
    import_module(f"foreshape.semantics.keras.{_part}")
