"""The table of `foreshape shapes`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from foreshape.explain.shapes import NamedShape

HEAD: Final = ("line", "name", "kind", "shape", "dtype", "")


def render(shapes: Sequence[NamedShape]) -> str:
    """A row for every name, in the order of the lines; nothing where there are none."""
    if not shapes:
        return ""
    rows = [HEAD, *(_row(entry) for entry in shapes)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD) - 1)]
    numbers = all(entry.cell is None for entry in shapes)
    lines = []
    for row in rows:
        first = row[0].rjust(widths[0]) if numbers else row[0].ljust(widths[0])
        cells = [first, *(cell.ljust(width) for cell, width in zip(row[1:-1], widths[1:])), row[-1]]
        lines.append("  ".join(cells).rstrip() + "\n")
    return "".join(lines)


def _row(entry: NamedShape) -> tuple[str, ...]:
    place = str(entry.line) if entry.cell is None else f"cell {entry.cell}:{entry.line}"
    shape = " or ".join("?" if each is None else _shape(each) for each in entry.shapes) or "?"
    return place, entry.name, entry.kind or "", shape, entry.dtype or "", entry.reason or ""


def _shape(shape: tuple[int | str | None, ...]) -> str:
    inside = ", ".join("?" if size is None else str(size) for size in shape)
    return f"({inside},)" if len(shape) == 1 else f"({inside})"
