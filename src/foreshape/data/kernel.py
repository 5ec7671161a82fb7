"""The one kernel: a batch of Arrow columns, held against a contract, becomes a summary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from foreshape.contracts import InputContract, LabelContract
from foreshape.data.summary import FIRST, ColumnSummary, Offender, Summary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from foreshape.data.binding import Binding

Mask: TypeAlias = "NDArray[np.bool_]"


class Level:
    """One axis of a column inside its rows: how many elements each element of the level above has."""

    __slots__ = ("sizes",)

    def __init__(self, sizes: NDArray[np.int64]) -> None:
        self.sizes = sizes


class Unfolded:
    """A column as its axes and its flat values. rows: of the batch. missing: rows without a value."""

    __slots__ = ("levels", "missing", "rows", "values")

    def __init__(self, column: pa.Array) -> None:
        self.rows = len(column)
        self.missing: Mask = _nulls(column)
        self.levels: list[Level] = []
        values = column
        while _is_list(values.type):
            sizes = pc.fill_null(pc.list_value_length(values), 0).to_numpy(zero_copy_only=False).astype(np.int64)
            self.levels.append(Level(sizes))
            values = _flat(values)
        self.values: pa.Array = values

    def place(self, element: int) -> tuple[int, tuple[int, ...]]:
        """The row of a value of ``values``, and the place inside it."""
        path: list[int] = []
        for level in reversed(self.levels):
            ends = np.cumsum(level.sizes)
            parent = int(np.searchsorted(ends, element, side="right"))
            path.append(element - int(ends[parent] - level.sizes[parent]))
            element = parent
        return element, tuple(reversed(path))


def _is_list(kind: pa.DataType) -> bool:
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind))


def _flat(column: pa.Array) -> pa.Array:
    """The elements of all lists that are there, a fixed-size list that is null left out like any other."""
    return column.flatten()


def _nulls(column: pa.Array) -> Mask:
    if not column.null_count:
        return np.zeros(len(column), dtype=bool)
    found: Mask = column.is_null().to_numpy(zero_copy_only=False)
    return found


def summarise(batch: pa.RecordBatch, binding: Binding) -> Summary:
    """What the rows of one batch say, counted from row 0 of the batch."""
    found: Summary = {}
    for contract, columns in binding.columns:
        for name in columns:
            column = batch.column(batch.schema.get_field_index(name))
            if isinstance(column, pa.ChunkedArray):
                column = column.combine_chunks()
            if isinstance(column.type, pa.ExtensionType):
                column = column.storage
            if pa.types.is_dictionary(column.type):
                column = column.dictionary_decode()
            found[name] = _column(name, column, contract, len(columns) > 1)
    return found


def _column(name: str, column: pa.Array, contract: InputContract | LabelContract, part: bool) -> ColumnSummary:
    """part: the column is one feature of several that make the vector together."""
    summary = ColumnSummary(name, type_words(column.type))
    unfolded = Unfolded(column)
    summary.rows = unfolded.rows
    _report_rows(summary, "missing", unfolded.missing, "null")
    if not _numbers(unfolded.values.type):
        _no_numbers(summary, unfolded)
        return summary
    shape = None if contract.shape is None else () if part else contract.shape
    axes = len(unfolded.levels)
    if shape is not None and axes != len(shape) and not _single(shape, axes):
        limit = f"{len(shape)} axes besides the rows"
        every = ~unfolded.missing
        _report_rows(summary, "rank", every, f"{axes} axes", limit)
    else:
        _sizes(summary, unfolded, shape, contract.words)
    _values(summary, unfolded, contract)
    return summary


def type_words(kind: pa.DataType) -> str:
    """ "int64", "lists of int64", "10 x 3 float": the same whatever wrote the file."""
    if pa.types.is_fixed_size_list(kind):
        inner = type_words(kind.value_type)
        return f"{kind.list_size}{' x ' if inner[:1].isdigit() else ' '}{inner}"
    if _is_list(kind):
        return f"lists of {type_words(kind.value_type)}"
    return str(kind)


def _single(shape: tuple[int | None, ...], axes: int) -> bool:
    """A scalar column is as good as a vector of one, as Keras adds the axis itself; labels likewise."""
    return axes == 0 and shape in ((1,), (None,))


def _report_rows(summary: ColumnSummary, fault: str, bad: Mask, value: str, limit: str = "") -> None:
    rows = np.flatnonzero(bad)
    summary.add(fault, len(rows), (Offender(int(row), (), value, limit) for row in rows[:FIRST]))


# -- sizes ------------------------------------------------------------------------------------------------------------


def _sizes(
    summary: ColumnSummary, unfolded: Unfolded, shape: tuple[int | None, ...] | None, words: tuple[str, str]
) -> None:
    """The number of timesteps of every row, the number of features of every step."""
    if not unfolded.levels:
        return
    there = ~unfolded.missing
    lengths = unfolded.levels[0].sizes
    _count(summary.lengths, lengths[there])
    _report_rows(summary, "empty", there & (lengths == 0), f"0 {words[0]}")
    wanted = shape[0] if shape else None
    if wanted is not None:
        _report_lengths(summary, lengths, there & (lengths != wanted) & (lengths > 0), wanted, words[0])
    if len(unfolded.levels) < 2:
        return
    widths = unfolded.levels[1].sizes
    _count(summary.widths, widths)
    wanted = shape[1] if shape is not None and len(shape) > 1 else None
    if wanted is not None:
        bad = np.flatnonzero(widths != wanted)
        summary.add("features", len(bad), _steps(unfolded, bad, widths, str(wanted), words[1]))
    else:
        _changing(summary, lengths, widths, words[1])


def _report_lengths(summary: ColumnSummary, sizes: NDArray[np.int64], bad: Mask, wanted: int, word: str) -> None:
    rows = np.flatnonzero(bad)
    offenders = (Offender(int(row), (), f"{sizes[row]} {word}", f"{wanted} {word}") for row in rows[:FIRST])
    summary.add("length", len(rows), offenders)


def _steps(
    unfolded: Unfolded, bad: NDArray[np.int64], widths: NDArray[np.int64], wanted: str, word: str
) -> Iterator[Offender]:
    """Steps by their row and their place in it."""
    ends = np.cumsum(unfolded.levels[0].sizes)
    for step in bad[:FIRST].tolist():
        row = int(np.searchsorted(ends, step, side="right"))
        first = int(ends[row] - unfolded.levels[0].sizes[row])
        yield Offender(row, (step - first,), f"{widths[step]} {word}", f"{wanted} {word}")


def _changing(summary: ColumnSummary, lengths: NDArray[np.int64], widths: NDArray[np.int64], word: str) -> None:
    """Sequences whose steps do not all have as many features as their first."""
    rows: NDArray[np.int64] = np.repeat(np.arange(len(lengths)), lengths)
    starts: NDArray[np.int64] = np.repeat(np.cumsum(lengths) - lengths, lengths)
    differ = widths != widths[starts] if len(widths) else np.zeros(0, dtype=bool)
    places = np.flatnonzero(differ)
    bad, first = np.unique(rows[places], return_index=True)
    summary.add(
        "ragged-features",
        len(bad),
        (
            Offender(
                int(rows[step]),
                (int(step - starts[step]),),
                f"{widths[step]} {word}",
                f"{widths[starts[step]]} at step 0",
            )
            for step in places[first][:FIRST].tolist()
        ),
    )


def _count(into: dict[int, int], sizes: NDArray[np.int64]) -> None:
    found, counts = np.unique(sizes, return_counts=True)
    for size, count in zip(found.tolist(), counts.tolist()):
        into[size] = into.get(size, 0) + count


# -- values -----------------------------------------------------------------------------------------------------------


def _numbers(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_boolean(kind)
        or pa.types.is_decimal(kind)
    )


def _no_numbers(summary: ColumnSummary, unfolded: Unfolded) -> None:
    """Text may hold numbers; what does not is told by its place."""
    values = unfolded.values
    if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
        pattern = r"^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$"
        bad = pc.invert(pc.fill_null(pc.match_substring_regex(values, pattern), True)).to_numpy(zero_copy_only=False)
    else:
        bad = np.ones(len(values), dtype=bool)
    places = np.flatnonzero(bad)
    offenders = (
        Offender(*unfolded.place(int(place)), repr(values[int(place)].as_py())[:40], "a number")
        for place in places[:FIRST]
    )
    summary.add("dtype", len(places), offenders)


def _values(summary: ColumnSummary, unfolded: Unfolded, contract: InputContract | LabelContract) -> None:
    column = unfolded.values
    inner: Mask = _nulls(column)
    if unfolded.levels and inner.any():
        _report_values(summary, "missing", unfolded, inner, None)
    if pa.types.is_decimal(column.type):
        column = column.cast(pa.float64())
    if column.null_count:
        column = pc.fill_null(column, False if pa.types.is_boolean(column.type) else 0)
    values = column.to_numpy(zero_copy_only=False)
    if values.dtype == bool:
        values = values.astype(np.uint8)
    summary.values += len(values) - int(inner.sum())
    present: Mask = ~inner
    if values.dtype.kind == "f":
        finite = np.isfinite(values)
        _report_values(summary, "not-finite", unfolded, present & ~finite, values)
        present &= finite
    if present.all():
        kept = values
    else:
        kept = values[present]
    if len(kept):
        summary.extremes(kept.min().item(), kept.max().item())
    if isinstance(contract, InputContract):
        _input_values(summary, unfolded, contract, values, present)
    else:
        _label_values(summary, unfolded, contract, values, present)


def _report_values(
    summary: ColumnSummary, fault: str, unfolded: Unfolded, bad: Mask, values: NDArray[Any] | None, limit: str = ""
) -> None:
    places = np.flatnonzero(bad)
    summary.add(
        fault,
        len(places),
        (
            Offender(*unfolded.place(int(place)), "null" if values is None else str(values[place]), limit)
            for place in places[:FIRST]
        ),
    )


def _fractions(values: NDArray[Any], present: Mask) -> Mask:
    if values.dtype.kind != "f":
        return np.zeros(len(values), dtype=bool)
    found: Mask = present & (values != np.floor(values))
    return found


def _input_values(
    summary: ColumnSummary, unfolded: Unfolded, contract: InputContract, values: NDArray[Any], present: Mask
) -> None:
    if contract.kind != "integer":
        return
    _report_values(summary, "fraction", unfolded, _fractions(values, present), values, "a whole number")
    low, high = contract.low, contract.high
    bad: Mask = np.zeros(len(values), dtype=bool)
    if low is not None:
        bad |= values < low
    if high is not None:
        bad |= values > high
    _report_values(summary, "index-range", unfolded, bad & present, values, f"{low} to {high}")


def _label_values(
    summary: ColumnSummary, unfolded: Unfolded, contract: LabelContract, values: NDArray[Any], present: Mask
) -> None:
    if contract.kind == "class-index":
        _report_values(summary, "fraction", unfolded, _fractions(values, present), values, "a whole number")
        bad = values < 0
        if contract.classes is not None:
            bad |= values >= contract.classes
        top = "" if contract.classes is None else f" to {contract.classes - 1}"
        _report_values(summary, "label-range", unfolded, bad & present, values, f"0{top}")
    elif contract.kind == "binary":
        bad = present & ((values < 0) | (values > 1))
        _report_values(summary, "probability", unfolded, bad, values, "0 to 1")
    elif contract.kind == "one-hot" and unfolded.levels:
        _one_hot(summary, unfolded, values)


def _one_hot(summary: ColumnSummary, unfolded: Unfolded, values: NDArray[Any]) -> None:
    """Every vector on the last axis: zeros and a single one."""
    sizes = unfolded.levels[-1].sizes
    owners: NDArray[np.int64] = np.repeat(np.arange(len(sizes)), sizes)
    ones = np.bincount(owners[values == 1], minlength=len(sizes))
    others = np.bincount(owners[(values != 0) & (values != 1)], minlength=len(sizes))
    bad = np.flatnonzero((sizes > 0) & ((ones != 1) | (others > 0)))
    starts = np.cumsum(sizes) - sizes
    summary.add(
        "one-hot",
        len(bad),
        (
            Offender(
                unfolded.place(int(starts[vector]))[0],
                unfolded.place(int(starts[vector]))[1][:-1],
                str(values[starts[vector] : starts[vector] + min(sizes[vector], 8)].tolist()),
                "a single 1 among zeros",
            )
            for vector in bad[:FIRST].tolist()
        ),
    )


BATCH_ROWS: Final = 65_536
