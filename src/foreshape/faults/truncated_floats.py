"""``truncated-floats``: fractions are cut off where floats are stored as integers."""

from __future__ import annotations

from typing import ClassVar

from foreshape.faults.base import Fault


class TruncatedFloats(Fault):
    """taker: the function. dtype: what the numbers are stored as. example: one of them, where it is known. scaler: what
    gave the numbers, where that is why they are small."""

    name: ClassVar[str] = "truncated-floats"
    summary: ClassVar[str] = "Floats are stored as integers: everything after the point is lost."

    taker: str
    dtype: str
    example: float | None = None
    scaler: str = ""

    page: ClassVar[str] = """\
``pad_sequences`` is made for the ids of words: it gives int32 unless it is told otherwise, and cuts off what stands after the point without
a word. For measurements there is ``dtype="float32"``.
"""
    faulty: ClassVar[str] = """\
from tensorflow.keras.preprocessing.sequence import pad_sequences

gestures = [[0.5, 1.7, 0.2], [2.2, 0.4]]
x = pad_sequences(gestures)
"""
    fixed: ClassVar[str] = """\
from tensorflow.keras.preprocessing.sequence import pad_sequences

gestures = [[0.5, 1.7, 0.2], [2.2, 0.4]]
x = pad_sequences(gestures, dtype="float32")
"""
