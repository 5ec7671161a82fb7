"""``undefined-name``: a name that nothing in the program defines."""

from __future__ import annotations

from typing import ClassVar

from foreshape.faults.base import Fault


class UndefinedName(Fault):
    """identifier: the name."""

    name: ClassVar[str] = "undefined-name"
    summary: ClassVar[str] = "A name is used that nothing in the program defines."

    identifier: str

    page: ClassVar[str] = """\
Python looks a name up when the line runs. A name that no assignment, import, parameter or definition of the program
makes is a NameError as soon as the line is reached; it is often the mark of a fragment copied without its beginning.
"""
    faulty: ClassVar[str] = """\
import numpy as np

windows = np.stack([series[i:i + 4] for i in range(6)])
"""
    fixed: ClassVar[str] = """\
import numpy as np

series = np.arange(10.0)
windows = np.stack([series[i:i + 4] for i in range(6)])
"""
