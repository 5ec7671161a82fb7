"""Replacing regions of a text, and finding a line of the new text in the old one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


class Splice:
    """Replace a region of a file by a text. Rows count from 1 in the whole file (in a notebook: in its code cells
    joined), columns from 1 in characters, ends are exclusive."""

    __slots__ = ("column", "end_column", "end_row", "path", "row", "text")

    def __init__(self, path: str, row: int, column: int, end_row: int, end_column: int, text: str) -> None:
        self.path = path
        self.row = row
        self.column = column
        self.end_row = end_row
        self.end_column = end_column
        self.text = text

    @property
    def key(self) -> tuple[int, int, int, int]:
        """The region, for sorting."""
        return self.row, self.column, self.end_row, self.end_column

    def __repr__(self) -> str:
        return f"Splice({self.path}:{self.row}:{self.column}-{self.end_row}:{self.end_column}, {self.text!r})"


class Overlap(Exception):
    """Two splices replace the same place."""


def spliced(lines: Sequence[str], splices: Iterable[Splice], newline: str = "\n") -> str:
    """The text of ``lines`` (without their line ends) after the splices. Raises Overlap."""
    text = "\n".join(lines)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    end = len(text) + 1
    for splice in sorted(splices, key=lambda each: each.key, reverse=True):
        first = starts[splice.row - 1] + splice.column - 1
        last = starts[splice.end_row - 1] + splice.end_column - 1
        if last > end or first > last:
            raise Overlap(repr(splice))
        text = text[:first] + splice.text + text[last:]
        end = first
    return text if newline == "\n" else text.replace("\n", newline)


def old_row(row: int, splices: Iterable[Splice]) -> int:
    """The line of the old text that a line of the new one comes from."""
    shift = 0
    for splice in sorted(splices, key=lambda each: each.key):
        first = splice.row + shift
        added = splice.text.count("\n")
        if row < first:
            break
        if row <= first + added:
            return splice.end_row if row == first + added else min(splice.row + row - first, splice.end_row)
        shift += added - (splice.end_row - splice.row)
    return row - shift
