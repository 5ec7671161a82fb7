"""Rules of scikit-learn, as far as shapes flow through it. Importing this module registers them."""

from __future__ import annotations

from importlib import import_module

for _part in ("preprocessing", "encoders", "splitting", "folds", "datasets", "samples", "metrics", "estimators",
              "transformers", "pipelines"):
    import_module(f"foreshape.semantics.sklearn.{_part}")
