"""What a check of a data set prints."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from foreshape.data.binding import Binding
from foreshape.data.partial import summary_as_dict
from foreshape.data.summary import ColumnSummary, Summary
from foreshape.data.verdict import Finding, findings, median

BAR: Final = 30
BINS: Final = 10


def as_json(binding: Binding, splits: dict[str, Summary], path: str, complete: bool) -> str:
    """The JSON object of ``foreshape data check --format json``."""
    found = findings(binding, splits)
    data: dict[str, Any] = {
        "schema": 1,
        "path": path,
        "complete": complete,
        "contract": binding.contract.as_dict(),
        "splits": {name: summary_as_dict(summary) for name, summary in splits.items()},
        "findings": [each.as_dict() for each in found],
    }
    return json.dumps(data, indent=2) + "\n"


def as_text(binding: Binding, splits: dict[str, Summary], complete: bool) -> str:
    """Faults with their first offenders, then what there is."""
    found = findings(binding, splits)
    read = any(column.rows for summary in splits.values() for column in summary.values())
    stopped = (
        "Stopped before the end: what follows is about the rows that were read until then.\n"
        if read
        else "Stopped before the first row was read.\n"
    )
    parts = [] if complete else [stopped]
    several = len(splits) > 1
    parts += [_finding(each, several) for each in found]
    words = {name: contract.words[0] for contract, columns in binding.columns for name in columns}
    for name, summary in splits.items():
        parts.append(_split(name if several else "", summary, words))
    return "\n".join(parts)


def _finding(each: Finding, several: bool) -> str:
    where = f" ({each.split})" if several else ""
    lines = [f"{each.severity}[{each.fault}]: {each.message}{where}"]
    for offender in each.first:
        names = (*(word.removesuffix("s") for word in each.words), "position", "position")
        step = "".join(f", {name} {place}" for name, place in zip(names, offender.step))
        limit = f"  wanted {offender.limit}" if offender.limit else ""
        lines.append(f"    row {offender.row:,}{step}: {offender.value}{limit}")
    more = each.count - len(each.first)
    if each.first and more > 0:
        lines.append(f"    and {more:,} more")
    return "\n".join(lines) + "\n"


def _split(name: str, summary: Summary, words: Mapping[str, str]) -> str:
    lines = [f"{name}:"] if name else []
    for column in summary.values():
        numbers = "" if column.lowest is None else f", {_number(column.lowest)} to {_number(column.highest)}"
        lines.append(f"{column.name}: {column.rows:,} rows, {column.type}{numbers}")
        if len(column.lengths) > 1:
            lines += _histogram(column, words[column.name])
        elif column.lengths:
            only = next(iter(column.lengths))
            word = words[column.name]
            lines.append(f"  every row has {only} {word.removesuffix('s') if only == 1 else word}")
    return "\n".join(lines) + "\n"


def _number(value: float | int | None) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:.6g}"


def _histogram(column: ColumnSummary, word: str) -> list[str]:
    """Rows by number of timesteps (word), in at most ten bins of one width."""
    low, high = min(column.lengths), max(column.lengths)
    width = -(-(high - low + 1) // BINS)
    counts: dict[int, int] = {}
    for length, count in column.lengths.items():
        start = low + (length - low) // width * width
        counts[start] = counts.get(start, 0) + count
    most = max(counts.values())
    lines = [f"  {word}: {low} to {high}, usually {median(column.lengths)}"]
    for start in range(low, high + 1, width):
        end = min(start + width - 1, high)
        label = f"{start}" if end == start else f"{start}-{end}"
        count = counts.get(start, 0)
        bar = "#" * (max(1, round(count / most * BAR)) if count else 0)
        lines.append(f"  {label:>11}  {bar:<{BAR}}  {count:,}".rstrip())
    return lines
