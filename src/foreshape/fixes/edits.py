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


def new_place(
    row: int, column: int, splices: Iterable[Splice], end: bool = False, inside: Splice | None = None
) -> tuple[int, int]:
    """The place in the new text of a place in the old one. A text that is put in right there comes before it, unless it
    belongs to ``inside``; the end of a region (``end``) takes in what is put in there."""
    rows = columns = 0  # what was added before, columns on the row itself
    shifted = 0  # the old row that ``columns`` holds for
    for splice in sorted(splices, key=lambda each: each.key):
        at_start = (splice.row, splice.column) >= (row, column)
        if splice is inside or (splice.row, splice.column) > (row, column):
            break
        if at_start and not end and (splice.end_row, splice.end_column) > (row, column):
            break  # it is replaced from here on: it starts where it did
        parts = splice.text.split("\n")
        before = columns if shifted == splice.row else 0
        if len(parts) == 1:
            last = splice.column + before + len(parts[0])
        else:
            last = len(parts[-1]) + 1
        rows += len(parts) - 1 - (splice.end_row - splice.row)
        columns, shifted = last - splice.end_column, splice.end_row
    return row + rows, column + (columns if shifted == row else 0)
