"""Making series, and frames from dicts and records.

https://pandas.pydata.org/docs/reference/api/pandas.Series.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike
from foreshape.domain.values import (
    Array,
    Const,
    DictValue,
    Instance,
    Value,
)
from foreshape.semantics.numpy.support import given, python_shape
from foreshape.semantics.pandas.construct import _cell, _either_cell, _unknown, as_dtype, build, column_of, index_of
from foreshape.semantics.pandas.open import is_open
from foreshape.semantics.pandas.support import (
    BY,
    Column,
    Frame,
    Labels,
    frame_of,
    is_frame,
    labels_of,
    length_fault,
    open_frame,
)
from foreshape.semantics.registry import rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


@rule("pandas.Series.__init__", doc="https://pandas.pydata.org/docs/reference/api/pandas.Series.html")
def series_init(
    cx: Context,
    self: Instance,
    data: Value | None = None,
    index: Value | None = None,
    dtype: Value | None = None,
    name: Value | None = None,
    copy: Value | None = None,
    fastpath: Value | None = None,
) -> Value:
    """One axis. ValueError for data with more, and for another number of labels than values."""
    frame = _series(cx, data, index)
    column = frame.only
    if isinstance(name, Const):
        column = column.named(name.value)
    if given(dtype):
        column = Column(column.name, as_dtype(cx, dtype), column.lo, column.hi)
    cx.set(self, "~frame", frame.replace(columns=(column,)))
    return Const(None)


def _series(cx: Context, data: Value | None, index: Value | None) -> Frame:
    rows, labels = index_of(cx, index)
    scalar_rows: DimLike = 1
    if index is not None and given(index) and rows is None:
        scalar_rows = cx.fresh(lo=0)
    if data is None or not given(data):
        return Frame(0 if rows is None else rows, (Column(None, "object"),), "Series", labels)
    if isinstance(data, Array) and data.shape is not None and len(data.shape) > 1:
        from foreshape.faults.base import Raises
        from foreshape.faults.rank_mismatch import RankMismatch

        text = f"Data must be 1-dimensional, got ndarray of shape {python_shape(data.shape)} instead"
        raise RankMismatch(
            Raises("ValueError", text, by=BY), values=(data,), taker="Series", needs=1, axes=("rows",), got=data.shape
        )
    if isinstance(data, DictValue):
        size = cx.length(data)
        keys = tuple(data.entries) if data.rest is None else None
        cells = [_cell(cx, None, value) for value in data.entries.values()]
        column = Column(None, None)
        if cells and keys is not None:
            column = cells[0]
            for cell in cells[1:]:
                column = _either_cell(column, cell)
        if rows is not None:
            return Frame(rows, (Column(None, None),), "Series", labels)
        return Frame(cx.fresh(lo=0) if size is None else size, (column,), "Series", Labels("labels", keys))
    if is_frame(data, "DataFrame"):
        return open_frame(cx, "Series")
    if is_open(data) and rows is None:
        return open_frame(cx, "Series")  # it may have labels of its own
    column, length, own = column_of(cx, None, data)
    if is_frame(data, "Series"):
        column = frame_of(cx, data).only
    elif is_frame(data) and column.name is None:
        column = column.named(frame_of(cx, data).index.name)
    if length is None:
        return Frame(scalar_rows if rows is None else rows, (column,), "Series", labels)
    if own is not None:
        if rows is None or labels is own:
            return Frame(length, (column,), "Series", own)
        return Frame(rows, (Column(column.name, None),), "Series", labels)
    if rows is not None and not cx.equal(length, rows):
        text = f"Length of values ({length}) does not match length of index ({rows})"
        raise length_fault(data, length, rows, text)
    return Frame(length if rows is None or isinstance(length, int) else rows, (column,), "Series", labels)


@rule("pandas.DataFrame.from_dict")
def from_dict(
    cx: Context, data: Value, orient: Value | None = None, dtype: Value | None = None, columns: Value | None = None
) -> Value:
    from foreshape.domain.values import as_str
    from foreshape.semantics.pandas.support import wrapped

    if orient is None or as_str(orient) == "columns":
        return wrapped(build(cx, data, None, None))
    size = cx.length(data)
    names = labels_of(cx, columns) if columns is not None and given(columns) else None
    return wrapped(_unknown(cx, size, Labels("other"), names, None))


@rule("pandas.DataFrame.from_records")
def from_records(
    cx: Context,
    data: Value,
    index: Value | None = None,
    exclude: Value | None = None,
    columns: Value | None = None,
    coerce_float: Value | None = None,
    nrows: Value | None = None,
) -> Value:
    from foreshape.semantics.pandas.support import wrapped

    return wrapped(build(cx, data, None, columns))
