"""``value-conversion``: a value that is no number is made a number."""

from __future__ import annotations

from typing import ClassVar

from foreshape.faults.base import Fault


class ValueConversion(Fault):
    """value: as Python prints it. wanted: the dtype or type."""

    name: ClassVar[str] = "value-conversion"
    summary: ClassVar[str] = "A text that is no number is made a number."

    value: str
    wanted: str

    page: ClassVar[str] = """\
``"high"`` has no number. Map categories to numbers first (``{"low": 0, "high": 1}``, a label encoder), and look for headers and empty
fields in what was read from a file.
"""
    faulty: ClassVar[str] = """\
import numpy as np

labels = np.array(["low", "high", "low"])
y = labels.astype("float32")
"""
    fixed: ClassVar[str] = """\
import numpy as np

labels = np.array(["low", "high", "low"])
codes = {"low": 0, "high": 1}
y = np.array([codes[label] for label in labels], dtype="float32")
"""
