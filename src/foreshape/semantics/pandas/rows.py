"""Methods that choose rows or columns: head, sample, drop, dropna, reset_index, set_index, select_dtypes.

https://pandas.pydata.org/docs/reference/frame.html
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

from foreshape.domain import compare
from foreshape.domain.dim import DimLike, dmax, dmin
from foreshape.domain.values import Array, Instance, Typed, Value, as_bool, as_dim, as_int, as_str
from foreshape.semantics.numpy.dtypes import kind_of
from foreshape.semantics.numpy.support import given, number
from foreshape.semantics.pandas.assigning import without
from foreshape.semantics.pandas.axes import along
from foreshape.semantics.pandas.selection import kept_some
from foreshape.semantics.pandas.support import (
    DATAFRAME,
    INDEX,
    NDFRAME,
    SERIES,
    Column,
    Frame,
    Labels,
    finish,
    frame_of,
    invalid,
    is_frame,
    is_listlike,
    label_of,
    labels_of,
    missing_key,
    named_in,
    refuse_absent,
    series,
    shown_labels,
    taken,
    wrapped,
)
from foreshape.semantics.registry import rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


@rule(f"{NDFRAME}.head", f"{NDFRAME}.tail")
def head(cx: Context, self: Instance, n: Value | None = None) -> Value:
    """At most n rows; all but the last ``-n`` of them where n is negative."""
    frame = frame_of(cx, self)
    count = 5 if n is None else as_dim(n)
    if count is None:
        return wrapped(
            frame.replace(rows=cx.fresh("rows kept", 0, frame.rows), index=frame.index.part()).each(Column.loose)
        )
    if compare.ge(count, 0, cx.facts).is_no:
        rows: DimLike = dmax(frame.rows + count, 0)
    else:
        rows = dmin(frame.rows, count)
    rows = cx.resolve(rows)
    index = frame.index if compare.eq(rows, frame.rows, cx.facts).is_yes else frame.index.part(dated=True)
    return wrapped(frame.replace(rows=rows, index=index).each(Column.loose))


@rule(f"{NDFRAME}.truncate", f"{NDFRAME}.between_time", f"{NDFRAME}.at_time", f"{DATAFRAME}.query")
def some(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Some of the rows."""
    frame = frame_of(cx, self)
    fewer = frame.replace(rows=cx.fresh("rows kept", 0, frame.rows), index=frame.index.part(dated=True)).each(kept_some)
    return finish(cx, self, fewer, kwargs.get("inplace"))


@rule(f"{NDFRAME}.sample")
def sample(
    cx: Context,
    self: Instance,
    n: Value | None = None,
    frac: Value | None = None,
    replace: Value | None = None,
    weights: Value | None = None,
    random_state: Value | None = None,
    axis: Value | None = None,
    ignore_index: Value | None = None,
) -> Value:
    """n rows, or a share of them. ValueError for more than there are."""
    frame = frame_of(cx, self)
    if along(cx, self, axis, "sample") == 1:
        count = as_dim(n) if given(n) else None
        return wrapped(frame.replace(columns=(), width=cx.fresh(lo=0) if count is None else count, closed=False))
    rows: DimLike | None = 1
    if given(frac):
        share = number(frac)
        rows = None
        if share is not None and share == 1:
            rows = frame.rows
        elif share is not None and isinstance(frame.rows, int):
            rows = round(share * frame.rows)
    elif given(n):
        rows = as_dim(n)
    again = replace is not None and as_bool(replace) is not False
    if rows is not None and given(n) and not again and not cx.at_least(frame.rows, rows):
        text = "Cannot take a larger sample than population when 'replace=False'"
        raise invalid("n", rows, text, *(() if n is None else (n,)))
    count = cx.fresh(None, 0, None if again else frame.rows) if rows is None else rows
    found = frame.replace(
        rows=count, index=Labels() if ignore_index is not None and as_bool(ignore_index) else frame.index.part()
    )
    return wrapped(found.each(Column.loose))


@rule(f"{NDFRAME}.nlargest", f"{NDFRAME}.nsmallest")
def nlargest(
    cx: Context, self: Instance, n: Value | None = None, columns: Value | None = None, keep: Value | None = None
) -> Value:
    refuse_absent(frame_of(cx, self), named_in(cx, columns), self)
    return head(cx, self, n)


@rule(f"{NDFRAME}.take")
def take(cx: Context, self: Instance, indices: Value, axis: Value | None = None, **kwargs: Value) -> Value:
    count = cx.length(indices) if not isinstance(indices, Array) else indices.shape[0] if indices.shape else None
    if axis is not None and as_int(axis) != 0:
        frame = frame_of(cx, self)
        return wrapped(frame.replace(columns=(), closed=False, width=cx.fresh(lo=0) if count is None else count))
    return taken(cx, self, cx.fresh(lo=0) if count is None else count)


# -- dropping ----------
@rule(f"{DATAFRAME}.drop", doc="https://pandas.pydata.org/docs/reference/api/pandas.DataFrame.drop.html")
def drop(
    cx: Context,
    self: Instance,
    labels: Value | None = None,
    axis: Value | None = None,
    index: Value | None = None,
    columns: Value | None = None,
    level: Value | None = None,
    inplace: Value | None = None,
    errors: Value | None = None,
) -> Value:
    """Without some columns or rows. KeyError for what is certainly not there."""
    frame = frame_of(cx, self)
    lenient = as_str(errors) == "ignore"
    if labels is not None and given(labels):
        if (index is not None and given(index)) or (columns is not None and given(columns)):
            return cx.unknown("labels are given twice")
        across = along(cx, self, axis, "drop")
        if across == 1:
            columns = labels
        elif across == 0:
            index = labels
        else:
            return cx.unknown("whether rows or columns are dropped is not known")
    if columns is not None and given(columns):
        frame = _without_columns(cx, self, frame, columns, lenient)
    if index is not None and given(index):
        frame = _without_rows(cx, self, frame, index, lenient)
    return finish(cx, self, frame, inplace)


def _wanted(cx: Context, value: Value) -> list[Hashable] | None:
    label = label_of(value)
    if label is not None and not isinstance(label[0], tuple):
        return [label[0]]
    return labels_of(cx, value) if is_listlike(value) or label is not None else None


def _without_columns(cx: Context, self: Instance, frame: Frame, columns: Value, lenient: bool) -> Frame:
    names = _wanted(cx, columns)
    if names is None:
        count = cx.length(columns) if is_listlike(columns) else 1 if isinstance(columns, Typed) else None
        width = cx.fresh(lo=0) if count is None or lenient else frame.width - count
        return frame.replace(columns=(), width=width, closed=False)
    absent = [name for name in names if frame.find(name) is None]
    if absent and frame.complete and not lenient:
        present = [name for name in names if frame.find(name) is not None]
        text = repr(f"{shown_labels(absent)} not found in axis")
        raise missing_key(text, absent[0], frame, self, recover=wrapped(without(frame, present)))
    if frame.complete:
        kept = without(frame.replace(closed=True, width=None), names)
        return kept if frame.closed else kept.replace(closed=False, width=len(kept.columns))
    width = frame.width - len(set(names)) if not lenient or not absent else cx.fresh(lo=0)
    kept_columns = tuple(one for one in frame.columns if one.name not in names)
    return frame.replace(columns=kept_columns, width=width, closed=False)


def _without_rows(cx: Context, self: Instance, frame: Frame, index: Value, lenient: bool) -> Frame:
    names = _wanted(cx, index)
    labels = frame.index.part(dated=True)
    if (
        names is not None
        and frame.index.kind == "range"
        and isinstance(frame.rows, int)
        and isinstance(frame.index.start, int)
    ):
        present = range(frame.index.start, frame.index.start + frame.rows)
        absent = [name for name in names if name not in present]
        if absent and not lenient:
            text = repr(f"{shown_labels(absent)} not found in axis")
            raise missing_key(
                text, absent[0], None, self, recover=wrapped(frame.replace(rows=cx.fresh(lo=0), index=labels))
            )
        count: DimLike = frame.rows - len({name for name in names if name in present})
    elif (
        names is not None
        and frame.index.kind == "range"
        and not lenient
        and all(isinstance(name, int) for name in names)
    ):
        count = frame.rows - len(set(names))
    elif is_frame(index) and not lenient and frame.index.kind == "range" and frame_of(cx, index).form != "DataFrame":
        inner = frame_of(cx, index)
        count = (
            frame.rows - inner.rows if inner.form in ("RangeIndex", "Index") else cx.fresh("rows kept", 0, frame.rows)
        )
    else:
        count = cx.fresh("rows kept", 0, frame.rows)
    return frame.replace(rows=count, index=labels).each(Column.loose)


@rule(f"{SERIES}.drop")
def series_drop(cx: Context, self: Instance, labels: Value | None = None, **kwargs: Value) -> Value:
    frame = frame_of(cx, self)
    index = labels if labels is not None else kwargs.get("index")
    if index is None:
        return finish(cx, self, frame, kwargs.get("inplace"))
    lenient = as_str(kwargs.get("errors")) == "ignore"
    if frame.index.data is not None:
        names = _wanted(cx, index)
        if names is not None and all(name in frame.index.data for name in names):
            kept = tuple(label for label in frame.index.data if label not in names)
            fewer = frame.replace(rows=len(kept), index=Labels(frame.index.kind, kept, frame.index.name)).each(
                Column.loose
            )
            return finish(cx, self, fewer, kwargs.get("inplace"))
    return finish(cx, self, _without_rows(cx, self, frame, index, lenient), kwargs.get("inplace"))


@rule(f"{NDFRAME}.dropna", doc="https://pandas.pydata.org/docs/reference/api/pandas.DataFrame.dropna.html")
def dropna(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Without the rows that have a gap: as many as the longest shift or window where nothing else is missing."""
    frame = frame_of(cx, self)
    axis = args[0] if args else kwargs.get("axis")
    if along(cx, self, axis, "dropna") == 1:
        columns = frame.columns if frame.closed and all(one.missing == 0 for one in frame.columns) else ()
        if columns:
            return finish(cx, self, frame, kwargs.get("inplace"))
        fewer = frame.replace(columns=(), width=cx.fresh(None, 0, frame.width), closed=False)
        return finish(cx, self, fewer, kwargs.get("inplace"))
    looked_at = frame.columns
    subset = kwargs.get("subset")
    if subset is not None and given(subset):
        names = _wanted(cx, subset)
        looked_at = tuple(frame.find(name) or Column(name, None) for name in names) if names is not None else ()
        for name in names or ():
            if frame.complete and frame.find(name) is None:
                raise missing_key(repr([name]), name, frame, self)
    certain = (
        (frame.closed or frame.flat or subset is not None)
        and looked_at
        and all(one.missing is not None for one in looked_at)
    )
    every = "how" not in kwargs and "thresh" not in kwargs
    if frame.closed and not looked_at and not frame.flat and subset is None:
        return finish(cx, self, frame, kwargs.get("inplace"))
    renumbered = kwargs.get("ignore_index")
    if certain and every:
        lost = max(one.missing or 0 for one in looked_at)
        if lost == 0:
            return finish(cx, self, frame, kwargs.get("inplace"))
        rows: DimLike = dmax(frame.rows - lost, 0)
        index = _after(frame, lost)
    elif certain and looked_at and all(one.missing == 0 for one in looked_at):
        return finish(cx, self, frame, kwargs.get("inplace"))
    else:
        rows, index = (
            cx.fresh("rows kept", 0, frame.rows),
            frame.index.part(dated=True),
        )
        if not frame.flat and not frame.columns and compare.eq(frame.rows, 0, cx.facts).is_yes:
            rows = 0
    if renumbered is not None and as_bool(renumbered):
        index = Labels()
    cleaned = frozenset(one.name for one in looked_at)

    def each(one: Column) -> Column:
        whole = subset is None or one.name in cleaned
        gaps = 0 if whole and every and (kind_of(one.dtype) == "f" or one.missing is not None) else None
        return Column(one.name, one.dtype, one.lo, one.hi, None, gaps)

    return finish(cx, self, frame.replace(rows=cx.resolve(rows), index=index).each(each), kwargs.get("inplace"))


def _after(frame: Frame, count: int) -> Labels:
    if frame.index.kind == "range":
        return Labels("range", None, frame.index.name, frame.index.start + count)
    return frame.index.part(dated=True)


@rule(f"{NDFRAME}.drop_duplicates")
def drop_duplicates(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    frame = frame_of(cx, self)
    if frame.form == "DataFrame":
        names = named_in(cx, args[0] if args else kwargs.get("subset"))
        refuse_absent(frame, names, self, "Index({}, dtype='str')")
    rows: DimLike = cx.fresh("rows kept", 0, frame.rows)
    if frame.flat and frame.only.data is not None:
        rows = len(set(frame.only.data))
    index = Labels() if kwargs.get("ignore_index") is not None else frame.index.part()
    return finish(cx, self, frame.replace(rows=rows, index=index).each(Column.loose), kwargs.get("inplace"))


# -- index ----------
@rule(f"{DATAFRAME}.reset_index", doc="https://pandas.pydata.org/docs/reference/api/pandas.DataFrame.reset_index.html")
def reset_index(
    cx: Context,
    self: Instance,
    level: Value | None = None,
    *,
    drop: Value | None = None,
    inplace: Value | None = None,
    col_level: Value | None = None,
    col_fill: Value | None = None,
    allow_duplicates: Value | None = None,
    names: Value | None = None,
) -> Value:
    """Rows numbered from 0; the old index becomes the first column unless it is dropped."""
    frame = frame_of(cx, self)
    dropping = drop is not None and as_bool(drop)
    if dropping:
        return finish(cx, self, frame.replace(index=Labels()), inplace)
    labels = labels_of(cx, names) if names is not None and as_str(names) is None and given(names) else None
    if labels is not None and len(labels) == 1:
        return finish(cx, self, _with_index(cx, frame, labels[0]), inplace)
    if (
        level is not None or isinstance(frame.index.name, tuple) or frame.index.kind == "several"
        or (names is not None and as_str(names) is None)
    ):  # fmt: skip
        return finish(cx, self, frame.replace(index=Labels(), columns=(), width=cx.fresh(lo=0), closed=False), inplace)
    return finish(cx, self, _with_index(cx, frame, as_str(names)), inplace)


def _with_index(cx: Context, frame: Frame, name: Hashable = None) -> Frame:
    label = name or (frame.index.name if frame.index.name is not None else "index")
    dtype = "int64" if frame.index.kind == "range" else None
    first = Column(label, dtype, missing=0)
    if frame.index.kind == "other" and frame.index.name is None:
        first = Column(label, None)
    if frame.closed:
        return frame.replace(columns=(first, *frame.columns), index=Labels(), width=None)
    return frame.replace(columns=(*frame.columns, first), index=Labels(), width=frame.width + 1)


@rule(f"{SERIES}.reset_index")
def series_reset_index(
    cx: Context,
    self: Instance,
    level: Value | None = None,
    *,
    drop: Value | None = None,
    name: Value | None = None,
    inplace: Value | None = None,
    allow_duplicates: Value | None = None,
) -> Value:
    frame = frame_of(cx, self)
    if drop is not None and as_bool(drop):
        return finish(cx, self, frame.replace(index=Labels()), inplace)
    label = as_str(name) if name is not None else frame.only.name
    column = frame.only.named(0 if label is None else label)
    if frame.index.kind == "several":
        return wrapped(Frame(frame.rows, (), "DataFrame", Labels(), cx.fresh(lo=2), False))
    return wrapped(_with_index(cx, Frame(frame.rows, (column,), "DataFrame", frame.index)))


@rule(f"{DATAFRAME}.set_index", doc="https://pandas.pydata.org/docs/reference/api/pandas.DataFrame.set_index.html")
def set_index(
    cx: Context,
    self: Instance,
    keys: Value,
    *,
    drop: Value | None = None,
    append: Value | None = None,
    inplace: Value | None = None,
    verify_integrity: Value | None = None,
) -> Value:
    """A column becomes the index and is one no more."""
    frame = frame_of(cx, self)
    if is_frame(keys) or isinstance(keys, Array):
        from foreshape.semantics.pandas.construct import index_of

        rows, labels = index_of(cx, keys)
        if rows is not None and not cx.equal(rows, frame.rows):
            text = f"Length mismatch: Expected {frame.rows} rows, received array of length {rows}"
            raise invalid("keys", f"{rows} labels", text, keys)
        return finish(cx, self, frame.replace(index=labels), inplace)
    names = _wanted(cx, keys)
    if names is None:
        return finish(
            cx, self, frame.replace(columns=(), width=frame.width - 1, closed=False, index=frame.index.part()), inplace
        )
    absent = [name for name in names if frame.find(name) is None]
    if absent and frame.complete:
        text = repr(f"None of {shown_labels(absent)} are in the columns")
        raise missing_key(text, absent[0], frame, self, recover=wrapped(frame))
    found = frame.find(names[0])
    kind = "datetime" if found is not None and kind_of(found.dtype) == "M" else "other"
    data = None
    if found is not None and found.data is not None and len(names) == 1:
        kind, data = ("labels", found.data) if kind == "other" else (kind, None)
    index = Labels(kind, data, names[0]) if len(names) == 1 else Labels("several")
    if drop is not None and as_bool(drop) is False:
        return finish(cx, self, frame.replace(index=index), inplace)
    return finish(cx, self, without(frame, names).replace(index=index), inplace)


@rule(f"{NDFRAME}.reindex")
def reindex(cx: Context, self: Instance, labels: Value | None = None, **kwargs: Value) -> Value:
    """The rows or columns that are named; those that were not there are NaN."""
    from foreshape.semantics.pandas.construct import index_of

    frame = frame_of(cx, self)
    columns = kwargs.get("columns")
    axis = kwargs.get("axis")
    if labels is not None and axis is not None and (as_int(axis) == 1 or as_str(axis) == "columns"):
        columns, labels = labels, None
    rows = labels if labels is not None else kwargs.get("index")
    if columns is not None and given(columns):
        names = labels_of(cx, columns)
        count = cx.length(columns)
        if names is not None:
            frame = frame.replace(
                columns=tuple(frame.find(name) or Column(name, None) for name in names), width=None, closed=True
            )
        else:
            frame = frame.replace(columns=(), width=cx.fresh(lo=0) if count is None else count, closed=False)
    if rows is not None and given(rows):
        length, index = index_of(cx, rows)
        dtype = {"float64": "float64", "float32": "float32"}
        frame = frame.replace(rows=cx.fresh(lo=0) if length is None else length, index=index).each(
            lambda one: Column(one.name, dtype.get(one.dtype or ""))
        )
    return wrapped(frame)


@rule(f"{NDFRAME}.asfreq")
def asfreq(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    frame = frame_of(cx, self)
    return wrapped(
        frame.replace(rows=cx.fresh(lo=0), index=Labels("datetime")).each(lambda one: Column(one.name, None))
    )


# -- columns by kind ----------
GROUPS = {
    "number": ("i", "u", "f", "c"),
    "numeric": ("i", "u", "f", "c"),
    "float": ("f",),
    "floating": ("f",),
    "bool": ("b",),
}


@rule(f"{DATAFRAME}.select_dtypes")
def select_dtypes(cx: Context, self: Instance, include: Value | None = None, exclude: Value | None = None) -> Value:
    """The columns of some dtypes."""
    frame = frame_of(cx, self)
    one = include if include is not None and given(include) else exclude
    group = GROUPS.get(as_str(one) or "")
    names = labels_of(cx, one) if one is not None and group is None and is_listlike(one) else None
    if names is not None and len(names) == 1:
        group = GROUPS.get(str(names[0]))
    if group is None and one is not None and "numpy.number" in str(one):
        group = GROUPS["number"]
    if group is None or not frame.closed or any(column.dtype is None for column in frame.columns):
        return wrapped(frame.replace(columns=(), width=cx.fresh(None, 0, frame.width), closed=False))
    wanted = include is not None and given(include)
    kept = tuple(column for column in frame.columns if (kind_of(column.dtype) in group) == wanted)
    return wrapped(frame.replace(columns=kept, width=None))


@rule(f"{DATAFRAME}.filter")
def filter_(
    cx: Context,
    self: Instance,
    items: Value | None = None,
    like: Value | None = None,
    regex: Value | None = None,
    axis: Value | None = None,
    cond: Value | None = None,
) -> Value:
    """The rows or columns whose label is asked for."""
    frame = frame_of(cx, self)
    if cond is not None:
        return cx.unknown("what a condition keeps is not modelled")
    text = as_str(like)
    if axis is not None and as_int(axis) == 0:
        return wrapped(
            frame.replace(rows=cx.fresh("rows kept", 0, frame.rows), index=frame.index.part()).each(Column.loose)
        )
    if frame.closed:
        names = labels_of(cx, items) if items is not None else None
        if names is not None:
            return wrapped(frame.replace(columns=tuple(one for one in frame.columns if one.name in names), width=None))
        if text is not None:
            return wrapped(
                frame.replace(columns=tuple(one for one in frame.columns if text in str(one.name)), width=None)
            )
    return wrapped(frame.replace(columns=(), width=cx.fresh(None, 0, frame.width), closed=False))


@rule(f"{SERIES}.to_frame", f"{INDEX}.to_frame")
def to_frame(cx: Context, self: Instance, name: Value | None = None, **kwargs: Value) -> Value:
    """A frame of one column."""
    frame = frame_of(cx, self)
    if not frame.columns:
        return cx.unknown("a frame of something that is no series")
    label = label_of(name) if name is not None else None
    own = 0 if frame.only.name is None else frame.only.name
    return wrapped(
        Frame(frame.rows, (frame.only.named(label[0] if label is not None else own),), "DataFrame", frame.index)
    )


@rule(f"{NDFRAME}.squeeze")
def squeeze(cx: Context, self: Instance, axis: Value | None = None) -> Value:
    frame = frame_of(cx, self)
    if not frame.flat and frame.closed and len(frame.columns) == 1 and compare.ge(frame.rows, 2, cx.facts).is_yes:
        return series(frame.rows, frame.columns[0], frame.index)
    if not frame.flat and frame.closed and len(frame.columns) > 1 and compare.ge(frame.rows, 2, cx.facts).is_yes:
        return self
    return cx.unknown("what squeeze gives depends on the number of rows")


@rule(f"{NDFRAME}.explode")
def explode(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    frame = frame_of(cx, self)
    refuse_absent(frame, named_in(cx, args[0] if args else kwargs.get("column")), self)
    return wrapped(
        frame.replace(rows=cx.fresh(lo=0), index=frame.index.part()).each(lambda one: Column(one.name, None))
    )


@rule(f"{SERIES}.append", f"{DATAFRAME}.append", until="2")
def append(
    cx: Context, self: Instance, other: Value, ignore_index: Value | None = None, *args: Value, **kwargs: Value
) -> Value:
    """The rows of both (before pandas 2)."""
    from foreshape.semantics.numpy.support import listed

    if is_frame(other):
        return cx.rule("pandas.concat", listed("list", [self, other]))
    return cx.unknown("rows that are added one by one")
