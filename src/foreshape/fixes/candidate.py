"""A change that may mend a fault, before it is held against the program."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from foreshape.fixes.edits import Splice

SAFE: Final = "safe"
UNSAFE: Final = "unsafe"
DISPLAY: Final = "display"


class Candidate:
    """title: the code to write, as a person says it. likely: 0 is what is nearly always meant, larger is less so.
    grade: "safe" where nothing else can be meant, "unsafe" where it is a choice, "display" where it shows the way only."""

    __slots__ = ("grade", "likely", "splices", "title")

    def __init__(self, title: str, splices: Sequence[Splice], grade: str = UNSAFE, likely: int = 1) -> None:
        self.title = title
        self.splices = tuple(splices)
        self.grade = grade
        self.likely = likely

    @property
    def size(self) -> int:
        """How much it changes."""
        return sum(
            len(each.text)
            + 80 * (each.end_row - each.row)
            + (each.end_column - each.column if each.end_row == each.row else 0)
            for each in self.splices
        )
