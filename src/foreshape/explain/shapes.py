"""What `foreshape shapes` says of every assigned name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foreshape.domain.dim import show
from foreshape.domain.values import Array, Choice, Shaped, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from foreshape.domain.dim import DimLike
    from foreshape.interpret.findings import Assigned
    from foreshape.source.files import SourceFile

    ShownShape = tuple[int | str | None, ...]


class NamedShape:
    """A name assigned on a line, and the shapes that it takes there over the run, the first one first.

    `kind` None: nothing is known about the value, and `reason` says why. An axis is an int, a text for a symbolic size,
    or None. `dtype` None: not known, or not the same each time.
    """

    __slots__ = ("cell", "dtype", "kind", "line", "name", "reason", "shapes")

    def __init__(self, line: int, cell: int | None, name: str) -> None:
        self.line = line
        self.cell = cell
        self.name = name
        self.kind: str | None = None
        self.shapes: list[ShownShape | None] = []
        self.dtype: str | None = None
        self.reason: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The JSON object."""
        shape = self.shapes[0] if self.shapes else None
        entry: dict[str, Any] = {
            "line": self.line,
            "name": self.name,
            "kind": self.kind,
            "shape": None if shape is None else list(shape),
            "dtype": self.dtype,
            "alternatives": [None if other is None else list(other) for other in self.shapes[1:]],
            "reason": self.reason,
        }
        if self.cell is not None:
            entry["cell"] = self.cell
        return entry


def named_shapes(
    assigned: Iterable[Assigned], source: SourceFile, resolve: Callable[[DimLike], DimLike] | None = None
) -> list[NamedShape]:
    """An entry for every name of `source` that holds an array or a data frame, or that nothing is known about, by line.

    `resolve` puts into a size what was learnt about it later in the program.
    """
    entries: list[NamedShape] = []
    for each in assigned:
        if each.path == source.path:
            entry = _entry(each, source, resolve)
            if entry is not None:
                entries.append(entry)
    entries.sort(key=lambda entry: (entry.cell or 0, entry.line))
    return entries


def _entry(assigned: Assigned, source: SourceFile, resolve: Callable[[DimLike], DimLike] | None) -> NamedShape | None:
    values = list(_flat(assigned.values))
    arrays = [value for value in values if isinstance(value, (Array, Shaped))]
    unknowns = [value for value in values if isinstance(value, Unknown)]
    if not arrays and not unknowns:
        return None
    cell, line = source.place(assigned.line)
    entry = NamedShape(line, cell, assigned.name)
    if unknowns:
        entry.reason = unknowns[0].reason
    if not arrays:
        return entry
    entry.kind = arrays[0].kind
    dtypes = {array.dtype for array in arrays}
    entry.dtype = arrays[0].dtype if len(dtypes) == 1 else None
    shapes = [None if array.shape is None else tuple(_axis(dim, resolve) for dim in array.shape) for array in arrays]
    entry.shapes = list(dict.fromkeys(shapes))
    if entry.shapes == [None] and entry.reason is None:
        entry.reason = "its number of axes is not known"
    return entry


def _flat(values: Iterable[Value]) -> Iterator[Value]:
    for value in values:
        if isinstance(value, Choice):
            yield from _flat(value.values)
        else:
            yield value


def _axis(dim: DimLike, resolve: Callable[[DimLike], DimLike] | None) -> int | str | None:
    if resolve is not None:
        dim = resolve(dim)
    if isinstance(dim, int):
        return dim
    text = show(dim)
    return None if "?" in text else text
