"""What is known of a column after some of its rows: exact counts, extremes, first offenders. Merging is exact too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

FIRST: Final = 5
"""How many offenders of a kind are kept."""

FAULTS: Final = {
    "missing": "has no value",
    "rank": "has another number of axes",
    "length": "has another number of timesteps",
    "ragged": "has another number of timesteps than the others",
    "empty": "has no timestep",
    "features": "has another number of features",
    "ragged-features": "changes its number of features within the sequence",
    "dtype": "is no number",
    "fraction": "is no whole number",
    "not-finite": "is NaN or infinite",
    "index-range": "is outside the indices of the Embedding",
    "label-range": "is outside the classes",
    "one-hot": "is not one-hot",
    "probability": "is not between 0 and 1",
}


class Offender:
    """One value that breaks the contract. row: of the split, from 0. step: the place inside the row, () for the row
    itself. value, limit: as text, as a person would read them."""

    __slots__ = ("limit", "row", "step", "value")

    def __init__(self, row: int, step: tuple[int, ...], value: str, limit: str = "") -> None:
        self.row = row
        self.step = step
        self.value = value
        self.limit = limit

    def as_list(self) -> list[Any]:
        return [self.row, list(self.step), self.value, self.limit]


class ColumnSummary:
    """rows: seen. values: numbers seen. lowest, highest: of the finite ones. lengths, widths: how many rows have each
    number of timesteps, and how many steps each number of features. counts: rows or values per fault. first: offenders."""

    __slots__ = ("counts", "first", "highest", "lengths", "lowest", "name", "rows", "type", "values", "widths")

    def __init__(self, name: str, type_: str = "") -> None:
        self.name = name
        self.type = type_
        self.rows = 0
        self.values = 0
        self.lowest: float | int | None = None
        self.highest: float | int | None = None
        self.lengths: dict[int, int] = {}
        self.widths: dict[int, int] = {}
        self.counts: dict[str, int] = {}
        self.first: dict[str, list[Offender]] = {}

    def add(self, fault: str, count: int, offenders: Iterable[Offender]) -> None:
        """``count`` more of a fault; the offenders come in order of their rows."""
        if count:
            self.counts[fault] = self.counts.get(fault, 0) + count
            # in the order of rows, so that the first ones do not hang on where batches end
            kept = [*self.first.get(fault, ()), *offenders]
            self.first[fault] = sorted(kept, key=lambda each: (each.row, each.step))[:FIRST]

    def extremes(self, low: float | int, high: float | int) -> None:
        self.lowest = low if self.lowest is None else min(self.lowest, low)
        self.highest = high if self.highest is None else max(self.highest, high)

    def merge(self, later: ColumnSummary) -> None:
        """Take in what was seen of the rows that follow."""
        for fault, count in later.counts.items():
            moved = (Offender(each.row + self.rows, each.step, each.value, each.limit) for each in later.first[fault])
            self.add(fault, count, moved)
        self.type = self.type or later.type
        self.rows += later.rows
        self.values += later.values
        if later.lowest is not None and later.highest is not None:
            self.extremes(later.lowest, later.highest)
        for mine, other in ((self.lengths, later.lengths), (self.widths, later.widths)):
            for size, count in other.items():
                mine[size] = mine.get(size, 0) + count

    def as_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "type": self.type,
            "rows": self.rows,
            "values": self.values,
            "lowest": self.lowest,
            "highest": self.highest,
            "lengths": {str(size): self.lengths[size] for size in sorted(self.lengths)},
            "widths": {str(size): self.widths[size] for size in sorted(self.widths)},
            "counts": {fault: self.counts[fault] for fault in FAULTS if fault in self.counts},
            "first": {fault: [each.as_list() for each in self.first[fault]] for fault in FAULTS if fault in self.first},
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ColumnSummary:
        made = cls(data["name"], data["type"])
        made.rows, made.values = data["rows"], data["values"]
        made.lowest, made.highest = data["lowest"], data["highest"]
        made.lengths = {int(size): count for size, count in data["lengths"].items()}
        made.widths = {int(size): count for size, count in data["widths"].items()}
        made.counts = dict(data["counts"])
        made.first = {
            fault: [Offender(row, tuple(step), value, limit) for row, step, value, limit in found]
            for fault, found in data["first"].items()
        }
        return made


Summary = dict[str, ColumnSummary]
"""By column."""


def add_part(splits: dict[str, Summary], split: str, part: Summary) -> None:
    """Take the next part of a split in."""
    known = splits.setdefault(split, {})
    for name, column in part.items():
        if name not in known:
            known[name] = ColumnSummary(name, column.type)
        known[name].merge(column)


def merged(parts: Iterable[Summary]) -> Summary:
    """One summary of parts that follow one another."""
    whole: dict[str, Summary] = {"": {}}
    for part in parts:
        add_part(whole, "", part)
    return whole[""]
