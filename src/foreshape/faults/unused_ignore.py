"""``unused-ignore``: a comment asks to ignore a report that is not there."""

from __future__ import annotations

from typing import ClassVar

from foreshape.faults.base import Fault


class UnusedIgnore(Fault):
    """rules: the rules of the comment that silence nothing; empty where it names none."""

    name: ClassVar[str] = "unused-ignore"
    summary: ClassVar[str] = "A `# foreshape: ignore` comment silences nothing."

    rules: tuple[str, ...] = ()

    page: ClassVar[str] = """\
`# foreshape: ignore[rule]` silences reports of that rule for the statement that it stands on. Once the code is mended,
or where the name of the rule is not quite right, the comment silences nothing, and would hide the next fault there.
"""
    faulty: ClassVar[str] = """\
import numpy as np

a = np.zeros((2, 3)) + np.ones((2, 3))  # foreshape: ignore[broadcast-mismatch]
"""
    fixed: ClassVar[str] = """\
import numpy as np

a = np.zeros((2, 3)) + np.ones((2, 3))
"""
