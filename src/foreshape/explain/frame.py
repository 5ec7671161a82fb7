"""The code frame of a report: which lines are shown, what stands beside them, what is marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.explain.report import FrameLine, Mark, Place

if TYPE_CHECKING:
    from foreshape.explain.places import Sources

MOST_LINES: Final = 16


class Frame:
    """Lines are added in any order; shown by file and line."""

    __slots__ = ("_lines", "_sources")

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._lines: dict[tuple[str, int], FrameLine] = {}

    def line(self, path: str, row: int) -> FrameLine:
        """The line of a file, added where it is not there yet."""
        found = self._lines.get((path, row))
        if found is None:
            cell, line = self._sources.file(path).place(row)
            found = FrameLine(path, cell, line, row, self._sources.line(path, row).rstrip())
            self._lines[path, row] = found
        return found

    def at(self, place: Place) -> FrameLine:
        """The first line of a place."""
        return self.line(place.path, place.row)

    def mark(self, place: Place, kind: str, label: str) -> None:
        """Underline a place on its first line. What is already underlined keeps its kind; labels are put together."""
        line = self.at(place)
        end = place.end_column if place.end_row == place.row else len(line.text) + 1
        end = max(end, place.column + 1)
        for known in line.marks:
            if known.column == place.column and known.end_column == end:
                if label and label != known.label:
                    known.label = f"{known.label}; {label}" if known.label else label
                return
            if known.column < end and place.column < known.end_column:
                if known.kind == "cause" or kind != "cause":
                    if label and not known.label:
                        known.label = label
                    return
                known.kind, known.column, known.end_column = kind, place.column, end
                if label:
                    known.label = label
                return
        line.marks.append(Mark(place.column, end, kind, label))

    def done(self, paths: tuple[str, ...], keep: set[tuple[str, int]]) -> tuple[FrameLine, ...]:
        """The lines in their order. ``paths``: files that come first. ``keep``: (path, row) that are never left out."""
        self._thin(keep)
        self._bridge()
        for line in self._lines.values():
            line.marks.sort(key=lambda mark: mark.column)
        order = {path: number for number, path in enumerate(paths)}
        return tuple(
            sorted(self._lines.values(), key=lambda line: (order.get(line.path, len(order)), line.path, line.row))
        )

    def _thin(self, keep: set[tuple[str, int]]) -> None:
        """Leave out what says least where there are too many lines: those without marks, from the top down."""
        spare = [key for key, line in self._lines.items() if not line.marks and key not in keep]
        for key in sorted(spare)[: max(0, len(self._lines) - MOST_LINES)]:
            del self._lines[key]

    def _bridge(self) -> None:
        """A single line between two that are shown is shown, too: shorter than the gap that would stand for it."""
        for path, row in list(self._lines):
            between = self._sources.line(path, row + 1)
            if (path, row + 1) not in self._lines and (path, row + 2) in self._lines and between.strip():
                cells = self._sources.file(path)
                if cells.place(row)[0] == cells.place(row + 2)[0]:
                    self.line(path, row + 1)
