"""Frames from files: rows and columns are symbolic, named after the file; what the arguments say is known.

https://pandas.pydata.org/docs/reference/io.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike
from foreshape.domain.values import (
    Const,
    DictValue,
    Sequence,
    Typed,
    Unknown,
    UnknownTable,
    Value,
    as_bool,
    as_dim,
    as_str,
    is_none,
)
from foreshape.semantics.numpy.support import given
from foreshape.semantics.pandas.construct import as_dtype
from foreshape.semantics.pandas.keeping_files import held_in
from foreshape.semantics.pandas.parsing import parsed
from foreshape.semantics.pandas.support import Column, Labels, frame_value, labels_of
from foreshape.semantics.python.handles import text_from
from foreshape.semantics.registry import rule

if TYPE_CHECKING:
    from collections.abc import Hashable

    from foreshape.semantics.protocol import Context


def source_name(source: Value, what: str) -> str:
    """``rows of data.csv``."""
    text = as_str(source)
    if text is None:
        return what
    return f"{what} of {text.replace(chr(92), '/').rstrip('/').rpartition('/')[2]}"


def _rows(cx: Context, source: Value, limit: Value | None) -> DimLike:
    most = as_dim(limit) if given(limit) else None
    key = ("~rows", as_str(source), most)
    known = cx.process.get(key) if as_str(source) is not None else None
    if known is not None:
        found: DimLike = known
        return found
    rows = cx.fresh(source_name(source, "rows"), 1, most)
    if as_str(source) is not None:
        cx.process[key] = rows
    return rows


@rule("pandas.read_csv", "pandas.read_table", doc="https://pandas.pydata.org/docs/reference/api/pandas.read_csv.html")
def read_csv(cx: Context, filepath_or_buffer: Value, *args: Value, **kwargs: Value) -> Value:
    """Symbolic rows and columns; ``usecols`` and ``names`` say which columns, ``nrows`` how many rows at most."""
    if given(kwargs.get("chunksize")) or given(kwargs.get("iterator")):
        return cx.unknown("a file that is read piece by piece")
    if not args:
        text = text_from(cx, filepath_or_buffer)
        found = None if text is None else parsed(cx, text, kwargs, filepath_or_buffer)
        if found is None:
            found = held_in(cx, filepath_or_buffer, True, kwargs)
        if found is not None:
            return found
    return _table(cx, filepath_or_buffer, kwargs)


@rule("pandas.read_excel", doc="https://pandas.pydata.org/docs/reference/api/pandas.read_excel.html")
def read_excel(cx: Context, io: Value, sheet_name: Value | None = None, **kwargs: Value) -> Value:
    if sheet_name is not None and (is_none(sheet_name) or not isinstance(sheet_name, Const)):
        return cx.unknown("the sheets of a workbook")
    return _table(cx, io, kwargs)


@rule("pandas.read_parquet", "pandas.read_feather", "pandas.read_orc")
def read_parquet(
    cx: Context, path: Value, engine: Value | None = None, columns: Value | None = None, **kwargs: Value
) -> Value:
    if engine is None and columns is None and (held := held_in(cx, path, False, kwargs)) is not None:
        return held
    return _table(cx, path, {"usecols": columns} if columns is not None and given(columns) else {}, ordered=True)


@rule(
    "pandas.read_json",
    "pandas.read_hdf",
    "pandas.read_sql",
    "pandas.read_sql_query",
    "pandas.read_sql_table",
    "pandas.read_stata",
    "pandas.read_spss",
    "pandas.read_sas",
    "pandas.read_fwf",
    "pandas.read_clipboard",
    "pandas.read_xml",
    "pandas.json_normalize",
)
def read_other(cx: Context, source: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    if given(kwargs.get("chunksize")) or given(kwargs.get("typ")) or given(kwargs.get("iterator")):
        return cx.unknown("read from a file")
    return _table(cx, source if source is not None else Const(None), {})


@rule("pandas.read_pickle", "pandas.read_html")
def read_any(cx: Context, source: Value, *args: Value, **kwargs: Value) -> Value:
    held = None if args or kwargs else held_in(cx, source, False, {})
    return cx.unknown("read from a file") if held is None else held


def _table(cx: Context, source: Value, kwargs: dict[str, Value], ordered: bool = False) -> Value:
    rows = _rows(cx, source, kwargs.get("nrows"))
    names = labels_of(cx, kwargs["names"]) if given(kwargs.get("names")) else None
    chosen, count = _chosen(cx, kwargs.get("usecols"), names)
    index, taken = _index(cx, kwargs)
    dtypes = kwargs.get("dtype")
    found: list[Hashable] | None = (
        chosen if chosen is not None else (names if not given(kwargs.get("usecols")) else None)
    )
    if found is not None:
        if taken is not None and taken in found:
            found = [name for name in found if name != taken]
        elif given(kwargs.get("index_col")) and not _is_false(kwargs.get("index_col")):
            position = as_dim(kwargs.get("index_col"))
            if names is not None and chosen is None and isinstance(position, int) and position < len(found):
                found = [name for k, name in enumerate(found) if k != position]
            else:
                return frame_value(rows, (), index=index, width=len(found) - 1, closed=False)
        columns = tuple(Column(name, _dtype(cx, dtypes, name)) for name in found)
        if len(columns) > 1 and chosen is not None and not ordered:
            # the order is that of the file, whatever the order of usecols
            return frame_value(rows, columns, index=index, width=len(columns), closed=False)
        return frame_value(rows, columns, index=index)
    width: DimLike
    if count is not None:
        width = count
    else:
        key = ("~columns", as_str(source))
        known = cx.process.get(key) if as_str(source) is not None else None
        width = known if known is not None else cx.fresh(source_name(source, "columns"), 1)
        if as_str(source) is not None:
            cx.process[key] = width
    if given(kwargs.get("index_col")) and not _is_false(kwargs.get("index_col")):
        several = cx.length(kwargs["index_col"]) if not isinstance(kwargs["index_col"], Const) else 1
        width = width - (1 if several is None else several)
    if given(kwargs.get("parse_dates")) and isinstance(kwargs["parse_dates"], DictValue):
        width = cx.fresh(lo=1)
    return frame_value(rows, (), index=index, width=width, closed=False)


def _is_false(value: Value | None) -> bool:
    return isinstance(value, Const) and value.value is False


def _chosen(
    cx: Context, usecols: Value | None, names: list[Hashable] | None
) -> tuple[list[Hashable] | None, DimLike | None]:
    """(names of the columns that are read, or how many)."""
    if usecols is None or not given(usecols):
        return None, None
    labels = labels_of(cx, usecols)
    if labels is None:
        length = cx.length(usecols)
        return None, length
    if all(isinstance(label, str) for label in labels):
        return labels, len(labels)
    if names is not None and all(isinstance(label, int) and label < len(names) for label in labels):
        return [names[label] for label in sorted(labels) if isinstance(label, int)], len(labels)  # type: ignore[type-var]
    return None, len(labels)


def _index(cx: Context, kwargs: dict[str, Value]) -> tuple[Labels, Hashable]:
    """What is known of the index, and the name of the column that becomes it."""
    value = kwargs.get("index_col")
    if value is None or not given(value) or _is_false(value):
        return Labels(), None
    dates = kwargs.get("parse_dates")
    kind = "datetime" if dates is not None and as_bool(dates) else "other"
    name = as_str(value)
    return Labels(kind, None, name), name


def _dtype(cx: Context, dtypes: Value | None, name: Hashable) -> str | None:
    if dtypes is None or not given(dtypes):
        return None
    if isinstance(dtypes, DictValue):
        found = dtypes.entries.get(name)
        return None if found is None else as_dtype(cx, found)
    return as_dtype(cx, dtypes)


@rule("pandas.~selected")
def selected(cx: Context, table: Value, index: Value) -> Value:
    """Some columns, by their names in a list, of a table of which only the number of rows is known."""
    labels = labels_of(cx, index) if isinstance(index, Sequence) and index.kind == "list" else None
    if not isinstance(table, UnknownTable) or not labels or not all(isinstance(label, str) for label in labels):
        return cx.unknown(table.reason if isinstance(table, Unknown) else "the columns of a table")
    return frame_value(table.rows, tuple(Column(label, None) for label in labels))


@rule("yfinance.download")
def prices(cx: Context, tickers: Value, *args: Value, **kwargs: Value) -> Value:
    """Rows of days. Of one ticker every name is one column; whether one of them alone is a Series or a DataFrame depends on
    the release."""
    if not isinstance(tickers, (Const, Typed)) or " " in (as_str(tickers) or "").strip():
        return cx.unknown("the prices of several tickers")
    grouped = kwargs.get("group_by")
    if grouped is not None and as_str(grouped) != "column":
        return cx.unknown("prices that are grouped by ticker")
    return UnknownTable("the columns of the prices depend on the release", cx.fresh("days"))


@rule("pandas_datareader.data.DataReader", "pandas_datareader.DataReader", "pandas_datareader.data.get_data_yahoo",
      "pandas_datareader.get_data_yahoo")  # fmt: skip
def data_reader(cx: Context, name: Value, *args: Value, **kwargs: Value) -> Value:
    """A table of one symbol: rows of days, columns that are not known. Of several symbols, nothing is known."""
    if not isinstance(name, (Const, Typed)):
        return cx.unknown("the prices of several symbols")
    index = Labels("datetime", None, "Date")
    return frame_value(cx.fresh("days"), (), index=index, width=cx.fresh("columns"), closed=False)
