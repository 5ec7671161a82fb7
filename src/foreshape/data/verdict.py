"""From summaries to what is told: faults, notes, and how long the sequences are."""

from __future__ import annotations

from typing import Any, Final

from foreshape.contracts import InputContract, LabelContract
from foreshape.data.binding import Binding
from foreshape.data.summary import FAULTS, ColumnSummary, Offender, Summary

SILENT: Final = frozenset({"not-finite", "empty"})
"""Nothing raises: training goes on with NaN, or reads a sequence of padding only."""

PER_VALUE: Final = frozenset({"not-finite", "fraction", "index-range", "label-range", "dtype", "probability"})


class Finding:
    """One fault of one column of one split. count: rows, or values. first: offenders. severity: "error", "silent", "note". words: what
    lies along the axes of a row."""

    __slots__ = ("column", "count", "fault", "first", "message", "severity", "split", "words")

    def __init__(
        self,
        severity: str,
        fault: str,
        split: str,
        column: str,
        message: str,
        count: int,
        first: tuple[Offender, ...] = (),
        words: tuple[str, str] = ("timesteps", "features"),
    ) -> None:
        self.severity = severity
        self.words = words
        self.fault = fault
        self.split = split
        self.column = column
        self.message = message
        self.count = count
        self.first = first

    def as_dict(self) -> dict[str, Any]:
        return {
            "severity": self.severity,
            "fault": self.fault,
            "split": self.split,
            "column": self.column,
            "message": self.message,
            "count": self.count,
            "first": [{"row": o.row, "step": list(o.step), "value": o.value, "limit": o.limit} for o in self.first],
        }


def findings(binding: Binding, splits: dict[str, Summary]) -> list[Finding]:
    """Everything that is to be told, split by split."""
    found: list[Finding] = []
    for split, summary in splits.items():
        for contract, columns in binding.columns:
            for name in columns:
                if name in summary:
                    found += _column(split, summary[name], contract)
        found += _batches(split, summary, binding)
    return found + _drift(binding, splits)


def _column(split: str, column: ColumnSummary, contract: InputContract | LabelContract) -> list[Finding]:
    made = []
    for fault in (each for each in FAULTS if each in column.counts):
        count = column.counts[fault]
        first = tuple(column.first.get(fault, ()))
        severity = "silent" if fault in SILENT else "error"
        message = _message(fault, column, contract, count)
        made.append(Finding(severity, fault, split, column.name, message, count, first, contract.words))
    free = contract.shape is None or not contract.shape or contract.shape[0] is None
    if isinstance(contract, InputContract) and free and len(column.lengths) > 1 and column.type.startswith("lists of"):
        low, high = min(column.lengths), max(column.lengths)
        text = (
            f"{column.name} has sequences of {low} to {high} timesteps: they have to be padded before they are stacked"
        )
        made.append(Finding("note", "ragged", split, column.name, text, len(column.lengths)))
    if column.rows == 0:
        made.append(Finding("error", "no-rows", split, column.name, f"{column.name} has no rows", 0))
    return made


def _message(fault: str, column: ColumnSummary, contract: InputContract | LabelContract, count: int) -> str:
    """One line that stands alone."""
    what = "value" if fault in PER_VALUE else "row"
    if fault == "features":
        what = "step"
    loss = getattr(contract, "loss", "") or "the loss"
    amount = f"{count:,} {what}{'' if count == 1 else 's'} of {column.name}"
    verb = "is" if count == 1 else "are"
    has = "has" if count == 1 else "have"
    if isinstance(contract, InputContract):
        limits = f"{contract.low} to {contract.high}"
        wanted = contract.shape
    else:
        limits = f"0 to {contract.classes - 1}" if contract.classes is not None else "0 and more"
        wanted = contract.shape
    steps, features = contract.words
    texts = {
        "missing": f"{amount} {has} no value",
        "rank": f"{amount} {has} another number of axes than {contract.name} wants, which is {_shape(wanted)} besides the rows",
        "length": f"{amount} {has} another number of {steps} than {contract.name} wants, {wanted[0] if wanted else ''}"
        f"{_swapped(column.type, wanted)}",
        "empty": f"{amount} {has} no {steps.removesuffix('s')}",
        "features": f"{amount} {has} another number of {features} than {contract.name} wants, "
        f"{wanted[1] if wanted and len(wanted) > 1 else ''}",
        "ragged-features": f"{amount} {'changes' if count == 1 else 'change'} the number of {features} within the sequence",
        "dtype": f"{amount} {verb} no number",
        "fraction": f"{amount} {verb} no whole number, and would be cut to one",
        "not-finite": f"{amount} {verb} NaN or infinite",
        "index-range": f"{amount} {verb} outside {limits}, the rows of the Embedding that reads {contract.name}",
        "label-range": f"{amount} {verb} outside {limits}, the classes of {contract.name}",
        "one-hot": f"{amount} {verb} not one-hot, as {loss} wants",
        "probability": f"{amount} {verb} outside 0 to 1, which {loss} wants",
    }
    return texts[fault]


def _swapped(kind: str, wanted: tuple[int | None, ...] | None) -> str:
    """Whether every row, as its type says, has the two sizes the other way round."""
    if wanted is None or len(wanted) != 2 or None in wanted or wanted[0] == wanted[1]:
        return ""
    return ": its two axes look swapped" if kind.startswith(f"{wanted[1]} x {wanted[0]} ") else ""


def _shape(shape: tuple[int | None, ...] | None) -> str:
    if shape is None:
        return "free"
    return (
        "(" + ", ".join("any" if size is None else str(size) for size in shape) + ("," if len(shape) == 1 else "") + ")"
    )


def _batches(split: str, summary: Summary, binding: Binding) -> list[Finding]:
    """A stateful model wants every batch whole; inputs and labels want as many rows as each other."""
    size = binding.contract.batch_size
    rows = {name: column.rows for name, column in summary.items()}
    if not size or not rows:
        return []
    count = next(iter(rows.values()))
    if count % size == 0:
        return []
    text = f"{count:,} rows do not fill batches of {size}: the last one has {count % size}, and the model is stateful"
    return [Finding("error", "batch-size", split, next(iter(rows)), text, count % size)]


def _drift(binding: Binding, splits: dict[str, Summary]) -> list[Finding]:
    """Sequences of one split that are longer than any of the training split, or of quite another usual length."""
    reference = "train" if "train" in splits else next(iter(splits), "")
    found = []
    for split, summary in splits.items():
        for contract, columns in binding.columns:
            for name in columns:
                if split == reference or name not in summary or not isinstance(contract, InputContract):
                    continue
                mine, theirs = summary[name].lengths, splits[reference].get(name, ColumnSummary(name)).lengths
                if not mine or not theirs or (len(mine) == len(theirs) == 1 and set(mine) == set(theirs)):
                    continue
                longest = max(theirs)
                beyond = sum(count for length, count in mine.items() if length > longest)
                here, there = median(mine), median(theirs)
                if beyond:
                    are = "sequence of {} is" if beyond == 1 else "sequences of {} are"
                    text = f"{beyond:,} {are.format(split)} longer than the longest of {reference}, {longest} timesteps"
                    found.append(Finding("note", "length-drift", split, name, text, beyond))
                elif max(here, there) >= 1.5 * max(min(here, there), 1):
                    text = f"the sequences of {split} usually have {here} timesteps, those of {reference} {there}"
                    found.append(Finding("note", "length-drift", split, name, text, 0))
    return found


def median(histogram: dict[int, int]) -> int:
    """The length in the middle."""
    half = (sum(histogram.values()) + 1) // 2
    seen = 0
    for length in sorted(histogram):
        seen += histogram[length]
        if seen >= half:
            return length
    return 0
