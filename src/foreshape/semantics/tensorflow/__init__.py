"""Rules of TensorFlow: tensors, the operations that Keras programs use, ``tf.data``. Importing this module registers them."""

from __future__ import annotations

from importlib import import_module

for _part in ("tensors", "functions", "data", "runtime"):
    import_module(f"foreshape.semantics.tensorflow.{_part}")
