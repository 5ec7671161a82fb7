"""Categories as numbers: get_dummies, factorize, cut, qcut.

https://pandas.pydata.org/docs/reference/api/pandas.get_dummies.html
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Const, Instance, Sequence, Value, as_bool, as_int, as_str, is_none
from foreshape.semantics.numpy.support import given, listed, made
from foreshape.semantics.pandas.construct import as_dtype, column_of
from foreshape.semantics.pandas.reductions import _different
from foreshape.semantics.pandas.support import (
    LEVEL,
    SERIES,
    Column,
    Frame,
    Labels,
    frame_of,
    index_value,
    invalid,
    is_frame,
    label_of,
    labels_of,
    missing_key,
    named_in,
    refuse_absent,
    wrapped,
)
from foreshape.semantics.registry import rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def _as_series(cx: Context, value: Value) -> Frame | None:
    if is_frame(value):
        frame = frame_of(cx, value)
        return frame if frame.flat else None
    if isinstance(value, (Sequence, Array)):
        column, length, _ = column_of(cx, None, value)
        return None if length is None else Frame(length, (column,), "Series")
    return None


def _levels(cx: Context, frame: Frame) -> tuple[DimLike, list[Hashable] | None]:
    """How many categories a column has, and which."""
    data = frame.only.data
    if data is not None:
        try:
            return len(set(data)), sorted(set(data))
        except TypeError:
            return len(set(data)), None
    levels = frame.only.levels
    return (_different(cx, frame), None) if levels is None else (len(levels), list(levels))


@rule("pandas.get_dummies", doc="https://pandas.pydata.org/docs/reference/api/pandas.get_dummies.html")
def get_dummies(
    cx: Context,
    data: Value,
    prefix: Value | None = None,
    prefix_sep: Value | None = None,
    dummy_na: Value | None = None,
    columns: Value | None = None,
    sparse: Value | None = None,
    drop_first: Value | None = None,
    dtype: Value | None = None,
) -> Value:
    """One column per category."""
    kind = (
        as_dtype(cx, dtype)
        if dtype is not None and given(dtype)
        else ("bool" if cx.targets.at_least("pandas", "2") else "uint8")
    )
    dropped = 1 if drop_first is not None and as_bool(drop_first) else 0
    added = 1 if dummy_na is not None and as_bool(dummy_na) else 0
    single = _as_series(cx, data)
    if single is not None:
        count, levels = _levels(cx, single)
        text = as_str(prefix)
        if levels is not None and not added and (prefix is None or text is not None):
            names = [level if text is None else f"{text}_{level}" for level in levels][dropped:]
            return wrapped(
                Frame(single.rows, tuple(Column(name, kind, 0, 1) for name in names), "DataFrame", single.index)
            )
        return wrapped(Frame(single.rows, (), "DataFrame", single.index, count - dropped + added, False))
    if not is_frame(data):
        return cx.unknown("the data of get_dummies is not known")
    frame = frame_of(cx, data)
    chosen = labels_of(cx, columns) if columns is not None and given(columns) else None
    for name in chosen or ():
        if frame.complete and frame.find(name) is None:
            text_shown = repr(f"None of [Index([{name!r}], dtype='str')] are in the [columns]")
            raise missing_key(text_shown, name, frame, data)
    if not frame.closed or (columns is not None and given(columns) and chosen is None):
        return wrapped(Frame(frame.rows, (), "DataFrame", frame.index, cx.fresh(lo=0), False))
    kept: list[Column] = []
    made_of: list[Column] = []
    width: DimLike = 0
    exact = True
    for one in frame.columns:
        encoded = one.name in chosen if chosen is not None else one.dtype in ("str", "object", "category", "string")
        if chosen is None and one.dtype is None:
            return wrapped(Frame(frame.rows, (), "DataFrame", frame.index, cx.fresh(lo=0), False))
        if not encoded:
            kept.append(one)
            continue
        count, levels = _levels(cx, Frame(frame.rows, (one,), "Series"))
        width = width + count - dropped + added
        if levels is None or prefix is not None or prefix_sep is not None or added:
            exact = False
        else:
            made_of.extend(Column(f"{one.name}_{level}", kind, 0, 1) for level in levels[dropped:])
    if exact:
        return wrapped(Frame(frame.rows, (*kept, *made_of), "DataFrame", frame.index))
    return wrapped(Frame(frame.rows, tuple(kept), "DataFrame", frame.index, len(kept) + width, False))


@rule("pandas.factorize", f"{SERIES}.factorize")
def factorize(cx: Context, values: Value, sort: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    """(codes, the different values)."""
    frame = _as_series(cx, values)
    if frame is None:
        return cx.unknown("the values that are factorized are not known")
    count = _different(cx, frame)
    codes = made((frame.rows,), "int64", -1 if frame.only.missing != 0 else 0, count - 1)
    uniques: Value
    if is_frame(values):
        uniques = index_value(count, frame.only.dtype)
    else:
        uniques = made((count,), values.dtype if isinstance(values, Array) else None)
    return listed("tuple", [codes, uniques])


@rule("pandas.cut", "pandas.qcut")
def cut(cx: Context, x: Value, bins: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    """A category, or with ``labels=False`` a code, for each value."""
    frame = _as_series(cx, x)
    if frame is None or kwargs.get("retbins") is not None:
        return cx.unknown("the values that are cut are not known")
    chosen = bins if bins is not None else kwargs.get("q")
    labels = kwargs.get("labels")
    codes = isinstance(labels, Const) and labels.value is False
    edges = cx.length(chosen) if isinstance(chosen, (Sequence, Array)) else None
    intervals = as_int(chosen) if edges is None else edges - 1
    names = cx.length(labels) if isinstance(labels, (Sequence, Array)) else None
    if intervals is not None and names is not None and not cx.equal(intervals, names):
        message = "Bin labels must be one fewer than the number of bin edges"
        assert labels is not None
        raise invalid("labels", str(names), message, labels, recover=cx.unknown("a categorical"))
    if is_frame(x):
        column = Column(frame.only.name, "category" if labels is None or not codes else None)
        if codes and frame.only.missing == 0 and (frame.only.data is not None or as_int(chosen) is not None):
            column = Column(frame.only.name, "int64")
        return wrapped(frame.replace(columns=(column,)))
    if codes:
        return made((frame.rows,), None)
    return cx.unknown("a categorical")


@rule("pandas.Categorical")
def categorical(cx: Context, values: Value, *args: Value, **kwargs: Value) -> Value:
    """Neither a series nor an array: it has codes and categories of its own, and indexes as an array does."""
    return cx.unknown("a categorical")


@rule("pandas.crosstab", "pandas.pivot_table", "pandas.pivot", "pandas.wide_to_long")
def crosstab(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """Rows and columns by the values: not known before."""
    return wrapped(Frame(cx.fresh(lo=0), (), "DataFrame", Labels("other"), cx.fresh(lo=0), False))


@rule("pandas.DataFrame.unstack", "pandas.Series.unstack")
def unstack(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """A level of the rows becomes one of the columns. Those of a frame then have several."""
    columns = () if frame_of(cx, self).flat else (LEVEL,)
    return wrapped(Frame(cx.fresh("rows", 0), columns, "DataFrame", Labels("other"), cx.fresh("columns", 0), False))


@rule("pandas.DataFrame.pivot")
def pivot(
    cx: Context, self: Instance, *, columns: Value, index: Value | None = None, values: Value | None = None
) -> Value:
    """A row for each value of ``index``, a column for each of ``columns`` (and of several ``values``)."""
    frame = frame_of(cx, self)
    recover = _pivoted(cx, frame, index, columns, values)
    for what, one in (("index", index), ("columns", columns), ("values", values)):
        text = f"The following '{what}' labels are not columns of the DataFrame: {{}}"
        refuse_absent(frame, named_in(cx, one), self, text, recover)
    _refuse_duplicates(frame, index, columns, self, recover)
    return recover


def _refuse_duplicates(frame: Frame, index: Value | None, columns: Value | None, source: Value, recover: Value) -> None:
    """ValueError where one pair of row and column has two values."""
    held = [frame.find(as_str(one)) if as_str(one) is not None else None for one in (index, columns)]
    data = [one.data for one in held if one is not None and one.data is not None]
    if len(data) == 2 and len(set(zip(*data))) < len(data[0]):
        message = "Index contains duplicate entries, cannot reshape"
        raise invalid("index", as_str(index), message, source, recover=recover)


@rule("pandas.DataFrame.pivot_table")
def pivot_table(
    cx: Context, self: Instance, values: Value | None = None, index: Value | None = None,
    columns: Value | None = None, *args: Value, **kwargs: Value,
) -> Value:  # fmt: skip
    """As ``pivot``; what is summarised by a function that is not known may lose columns."""
    frame = frame_of(cx, self)
    recover = _pivoted(cx, frame, index, columns, values)
    for one in (values, index, columns):
        refuse_absent(frame, named_in(cx, one), self, recover=recover)
    return recover


def _pivoted(cx: Context, frame: Frame, index: Value | None, columns: Value | None, values: Value | None) -> Value:
    sizes = [
        cx.fresh(f"values of {as_str(one)}" if one is not None and as_str(one) is not None else what, 0)
        for one, what in ((index, "rows"), (columns, "columns"))
    ]
    found = None if index is None else frame.find(as_str(index))
    dates = found is not None and (found.dtype or "").startswith("datetime64")
    labels = Labels("datetime" if dates else "other", None, as_str(index) if index is not None else None)
    width = sizes[1] if as_str(values) is not None else cx.fresh("columns", 0)
    return wrapped(Frame(sizes[0], (), "DataFrame", labels, width, False))


@rule("pandas.DataFrame.stack")
def stack(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    frame = frame_of(cx, self)
    if args or kwargs or not frame.closed or any(isinstance(one.name, tuple) for one in frame.columns):
        return cx.unknown("a stacked frame")
    from foreshape.semantics.pandas.support import common

    rows = frame.rows * frame.width if all(one.missing == 0 for one in frame.columns) else cx.fresh(None, 0)
    return wrapped(Frame(rows, (Column(None, common(frame.columns)),), "Series", Labels("several")))


@rule("pandas.melt", "pandas.DataFrame.melt")
def melt(
    cx: Context,
    frame: Value,
    id_vars: Value | None = None,
    value_vars: Value | None = None,
    var_name: Value | None = None,
    value_name: Value | None = None,
    col_level: Value | None = None,
    ignore_index: Value | None = None,
) -> Value:
    """A row for each row and value column."""
    if not is_frame(frame):
        return cx.unknown("the frame that is melted is not known")
    found = frame_of(cx, frame)
    ids = _names(cx, id_vars)
    chosen = _names(cx, value_vars)
    if not found.closed or ids is None or (chosen is None):
        return wrapped(Frame(cx.fresh(lo=0), (), "DataFrame", Labels(), cx.fresh(lo=0), False))
    text = "The following id_vars or value_vars are not present in the DataFrame: {}"
    refuse_absent(found, [*ids, *chosen], frame, text)
    count = len(chosen) if chosen else len(found.columns) - len(ids)
    columns = (
        *(found.find(name) or Column(name, None) for name in ids),
        Column(as_str(var_name) or "variable", None),
        Column(as_str(value_name) or "value", None),
    )
    return wrapped(Frame(found.rows * count, tuple(one.loose() for one in columns), "DataFrame", Labels()))


def _names(cx: Context, value: Value | None) -> list[Hashable] | None:
    if value is None or is_none(value):
        return []
    label = label_of(value)
    return [label[0]] if label is not None and not isinstance(label[0], tuple) else labels_of(cx, value)
