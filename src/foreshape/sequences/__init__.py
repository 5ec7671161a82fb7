"""Real sequence data, prepared so that shape faults cannot arise: windows, splits, padding, buckets.

    from foreshape.sequences import windows

    w = windows(load, length=24, horizon=6, target=0)     # nothing is copied
    train, validation, test = w.split(0.7, 0.15, 0.15)    # no row of one part is seen by another
    model.fit(train.keras(batch_size=64, shuffle=True), validation_data=validation.keras(batch_size=64))

Imports NumPy only; Keras, TensorFlow, PyTorch, pandas and PyArrow are met where a method asks for them.
"""

from __future__ import annotations

from foreshape.sequences.axes import (
    batch_first,
    channels_first,
    channels_last,
    class_indices,
    image_rows,
    one_hot,
    time_first,
)
from foreshape.sequences.buckets import Buckets, bucket
from foreshape.sequences.padding import Padded, pad, unpad
from foreshape.sequences.splitting import block_folds
from foreshape.sequences.windowing import Windows, windows

__all__ = [
    "Buckets",
    "Padded",
    "Windows",
    "batch_first",
    "block_folds",
    "bucket",
    "channels_first",
    "channels_last",
    "class_indices",
    "image_rows",
    "one_hot",
    "pad",
    "time_first",
    "unpad",
    "windows",
]
