"""``read_csv`` of a text that is known: columns, their dtypes and their elements as pandas finds them.

https://pandas.pydata.org/docs/reference/api/pandas.read_csv.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.values import Const, DictValue, Instance, Value, as_int, as_str
from foreshape.semantics.numpy.support import MOST_DATA, given
from foreshape.semantics.pandas.construct import as_dtype
from foreshape.semantics.pandas.support import Column, Labels, frame_value, invalid, labels_of, text_dtype, time_dtype

if TYPE_CHECKING:
    from collections.abc import Hashable

    from foreshape.semantics.protocol import Context

MISSING: Final = frozenset({
    "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA", "NULL",
    "NaN", "None", "n/a", "nan", "null",
})  # fmt: skip
TRUE: Final = frozenset({"True", "TRUE", "true"})
FALSE: Final = frozenset({"False", "FALSE", "false"})
READ: Final = frozenset({
    "sep", "delimiter", "header", "names", "index_col", "usecols", "nrows", "skiprows", "parse_dates", "dtype",
    "skipinitialspace", "comment", "encoding", "engine", "low_memory",
})  # fmt: skip
"""The arguments that are followed here."""
WHOLE: Final = re.compile(r"\s*[+-]?[0-9]+\s*")
REAL: Final = re.compile(r"\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\s*|\s*[+-]?inf\s*")
MOST_LINES: Final = 5000


def rows_of(text: str, kwargs: dict[str, Value]) -> list[list[str]] | None:
    """The cells of each row that is not empty; None where the arguments are not known."""
    if not READ.issuperset(name for name, value in kwargs.items() if given(value)):
        return None
    between: str | None = ","
    for name in ("sep", "delimiter"):
        if given(kwargs.get(name)):
            between = as_str(kwargs[name])
    skip = as_int(kwargs["skiprows"]) if given(kwargs.get("skiprows")) else 0
    mark = as_str(kwargs["comment"]) if given(kwargs.get("comment")) else ""
    if between is None or skip is None or mark is None or text.count("\n") > MOST_LINES:
        return None
    import csv

    lines = text.split("\n")[skip:]
    if mark:
        lines = [line.partition(mark)[0] for line in lines]
    if between in (r"\s+", " +"):
        return [line.split() for line in lines if line.strip()]
    if len(between) != 1:
        return None
    space = isinstance(kwargs.get("skipinitialspace"), Const)
    try:
        found = list(csv.reader([line.rstrip("\r") for line in lines], delimiter=between, skipinitialspace=space))
    except csv.Error:
        return None
    return [row for row in found if row and not (len(row) == 1 and not row[0].strip())]


def parsed(cx: Context, text: str, kwargs: dict[str, Value], source: Value) -> Value | None:
    """The frame of a text. None where something about how it is read is not known."""
    rows = rows_of(text, kwargs)
    if rows is None:
        return None
    if not rows:
        message = "No columns to parse from file"
        raise invalid("the file", "nothing", message, source, exception="EmptyDataError", recover=cx.unknown("no file"))
    split = _names(cx, rows, kwargs)
    if split is None:
        return None
    names, body = split
    limit = as_int(kwargs["nrows"]) if given(kwargs.get("nrows")) else len(body)
    if limit is None:
        return None
    body = body[:limit]
    widest = max((len(row) for row in body), default=len(names))
    if body and len(body[0]) > len(names):
        return None  # the first columns are the index
    if widest > len(names):
        place, row = next((place, row) for place, row in enumerate(body) if len(row) > len(names))
        line = place + len(rows) - len(body) + 1
        message = f"Error tokenizing data. C error: Expected {len(names)} fields in line {line}, saw {len(row)}"
        raise invalid("line", line, message, source, exception="ParserError", recover=cx.unknown("it is not read"))
    columns = [_column(cx, name, [row[k] if k < len(row) else "" for row in body]) for k, name in enumerate(names)]
    return _arranged(cx, columns, len(body), kwargs, source)


def _names(
    cx: Context, rows: list[list[str]], kwargs: dict[str, Value]
) -> tuple[list[Hashable], list[list[str]]] | None:
    header = kwargs.get("header")
    given_names = labels_of(cx, kwargs["names"]) if given(kwargs.get("names")) else None
    if given(kwargs.get("names")) and given_names is None:
        return None
    bare = isinstance(header, Const) and header.value is None
    if given_names is not None:
        if header is not None and not bare:
            if as_int(header) != 0:
                return None
            rows = rows[1:]
        return list(given_names), rows
    if bare:
        return list(range(max(len(row) for row in rows))), rows
    at = 0 if header is None or as_str(header) == "infer" else as_int(header)
    if at is None or at >= len(rows):
        return None
    names: list[Hashable] = []
    for place, name in enumerate(rows[at]):
        if name in names:
            return None
        names.append(name or f"Unnamed: {place}")
    return names, rows[at + 1 :]


def _column(cx: Context, name: Hashable, cells: list[str]) -> Column:
    gaps = [place for place, cell in enumerate(cells) if cell in MISSING]
    held = [cell for cell in cells if cell not in MISSING]
    missing = len(gaps) if gaps == list(range(len(gaps))) else None
    small = len(cells) <= MOST_DATA
    data: tuple[Any, ...]
    if not held:
        return Column(name, "float64" if cells else "object", missing=missing)
    if all(WHOLE.fullmatch(cell) for cell in held) and not gaps:
        data = tuple(int(cell) for cell in held)
        if max(data) >= 2**63 or min(data) < -(2**63):
            return Column(name, None)
        return Column(name, "int64", min(data), max(data), data if small else None, 0)
    if all(REAL.fullmatch(cell) for cell in held):
        data = tuple(float("nan") if cell in MISSING else float(cell) for cell in cells)
        if gaps:
            return Column(name, "float64", data=data if small else None, missing=missing)
        return Column(name, "float64", min(data), max(data), data if small else None, 0)
    if all(cell in TRUE or cell in FALSE for cell in held):
        if gaps:
            return Column(name, "object")
        return Column(name, "bool", data=tuple(cell in TRUE for cell in cells) if small else None, missing=0)
    if gaps:
        return Column(name, text_dtype(cx), missing=missing)
    return Column(name, text_dtype(cx), data=tuple(cells) if small else None, missing=0, different=len(set(cells)))


def _arranged(cx: Context, columns: list[Column], rows: int, kwargs: dict[str, Value], source: Value) -> Value | None:
    """Chosen columns, dates and the index."""
    names = [column.name for column in columns]
    if given(kwargs.get("usecols")):
        chosen = labels_of(cx, kwargs["usecols"])
        if chosen is None:
            return None
        if all(isinstance(one, int) for one in chosen) and not any(one in names for one in chosen):
            chosen = [names[one] for one in chosen if isinstance(one, int) and 0 <= one < len(names)]
        lost = [one for one in chosen if one not in names]
        if lost:
            message = f"Usecols do not match columns, columns expected but not found: {lost!r}"
            raise invalid("usecols", lost, message, source, recover=cx.unknown("it is not read"))
        columns = [column for column in columns if column.name in chosen]
        names = [column.name for column in columns]
    dates = kwargs.get("parse_dates")
    every = isinstance(dates, Const) and dates.value is True
    if given(dates) and dates is not None and not isinstance(dates, Const):
        wanted = labels_of(cx, dates) if not isinstance(dates, DictValue) else None
        if wanted is None:
            return None
        wanted = [
            names[one] if isinstance(one, int) and one not in names and one < len(names) else one for one in wanted
        ]
        for one in wanted:
            if one not in names:
                message = f"Missing column provided to 'parse_dates': '{one}'"
                raise invalid("parse_dates", one, message, source, recover=cx.unknown("it is not read"))
        columns = [
            Column(column.name, time_dtype(cx), missing=column.missing) if column.name in wanted else column
            for column in columns
        ]
    columns = _typed(cx, columns, kwargs.get("dtype"))
    return _indexed(cx, columns, rows, kwargs.get("index_col"), every, source)


def _typed(cx: Context, columns: list[Column], wanted: Value | None) -> list[Column]:
    if wanted is None or not given(wanted):
        return columns
    made = []
    for column in columns:
        one = wanted.entries.get(column.name) if isinstance(wanted, DictValue) else wanted
        dtype = None if one is None else as_dtype(cx, one)
        if one is None or dtype == column.dtype:
            made.append(column)
        else:
            made.append(Column(column.name, dtype, column.lo, column.hi, None, column.missing))
    return made


def _indexed(
    cx: Context, columns: list[Column], rows: int, index: Value | None, dates: bool, source: Value
) -> Instance | None:
    if index is None or not given(index) or (isinstance(index, Const) and index.value is False):
        return frame_value(rows, columns)
    if not isinstance(index, Const):
        return None
    label = index.value
    place = next((k for k, column in enumerate(columns) if column.name == label), None)
    if place is None and isinstance(label, int) and 0 <= label < len(columns):
        place = label
    if place is None:
        recover = cx.unknown("it is not read")
        raise invalid("index_col", label, f"Index {label} invalid", source, recover=recover)
    held = columns[place]
    kind = "datetime" if dates or held.dtype == time_dtype(cx) else "labels" if held.data is not None else "other"
    labels = Labels(kind, None if kind == "datetime" else held.data, held.name)
    return frame_value(rows, [column for k, column in enumerate(columns) if k != place], index=labels)


__all__ = ["parsed"]
