"""Writing into frames: columns, parts through ``loc`` and ``iloc``, names of columns and rows.

https://pandas.pydata.org/docs/user_guide/indexing.html
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike
from foreshape.domain.values import (
    Array,
    Const,
    DictValue,
    Function,
    Instance,
    IteratorValue,
    RangeValue,
    Sequence,
    SliceValue,
    Typed,
    Value,
    as_int,
    as_str,
)
from foreshape.faults.base import Raises
from foreshape.semantics.numpy.support import given, python_shape
from foreshape.semantics.pandas import names
from foreshape.semantics.pandas.construct import column_of, index_of
from foreshape.semantics.pandas.selection import (
    _owner,
    in_range,
    label_columns,
    mask_of,
    parts_of,
    pick,
    position_fault,
)
from foreshape.semantics.pandas.support import (
    BY,
    DATAFRAME,
    LEVEL,
    SERIES,
    Column,
    Frame,
    Labels,
    finish,
    frame_of,
    invalid,
    is_frame,
    is_listlike,
    joined_column,
    label_of,
    labels_of,
    length_fault,
    wrapped,
)
from foreshape.semantics.registry import rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def new_column(cx: Context, frame: Frame, name: Hashable, value: Value) -> Column:
    """The column that assigning a value makes. ValueError for another number of rows."""
    if sum(one.name == name for one in frame.columns) > 1 or any(isinstance(one.name, tuple) for one in frame.columns):
        return Column(name, None)  # several columns of one name, or of one level of names
    if isinstance(value, Array) and value.shape is not None and len(value.shape) == 2:
        height, width = (cx.resolve(size) for size in value.shape)
        if not cx.equal(width, 1):
            text = f"Expected a 1D array, got an array with shape {python_shape((height, width))}"
            from foreshape.faults.rank_mismatch import RankMismatch

            raise RankMismatch(
                Raises("ValueError", text, by=BY),
                values=(value,),
                taker="a column",
                needs=1,
                axes=("rows",),
                got=value.shape,
            )
        value = value.replace(shape=(height,))
    if is_frame(value, "DataFrame"):
        inner = frame_of(cx, value)
        if inner.complete and isinstance(inner.width, int) and inner.width > 1:
            text = f"Cannot set a DataFrame with multiple columns to the single column {name}"
            raise invalid("value", f"{inner.width} columns", text, value)
        if inner.closed and len(inner.columns) == 1:
            return _aligned(frame, inner.columns[0].named(name), inner)
        return Column(name, None)
    if isinstance(value, (Function, DictValue)):
        return Column(name, None)
    column, length, index = column_of(cx, name, value)
    if length is None:
        if isinstance(value, Const) and value.value is None:
            return Column(name, "object")
        return column
    if index is not None:
        return _aligned(frame, column, frame_of(cx, value))
    empty = isinstance(frame.rows, int) and frame.rows == 0
    if not empty and not cx.equal(length, frame.rows):
        text = f"Length of values ({length}) does not match length of index ({frame.rows})"
        raise length_fault(value, length, frame.rows, text)
    if is_frame(value):
        return column.named(name)
    return column


def _aligned(frame: Frame, column: Column, source: Frame) -> Column:
    """Rows are matched by label: those without one become NaN."""
    if source.index is frame.index:
        return column
    ranges = source.index.kind == "range" and frame.index.kind == "range"
    if ranges and source.rows == frame.rows and source.index.start == frame.index.start:
        return column
    dtype = column.dtype if column.dtype in ("float64", "float32", "object") else None
    return Column(column.name, dtype)


def with_column(cx: Context, frame: Frame, column: Column) -> Frame:
    """The frame with a column replaced, or one more at the end."""
    if LEVEL in frame.columns and frame.find(column.name) is None:
        return frame.replace(width=cx.fresh(lo=0))  # it may stand for all columns of one level
    if frame.find(column.name) is not None:
        return frame.replace(
            columns=tuple(
                column if one.name == column.name and type(one.name) is type(column.name) else one
                for one in frame.columns
            )
        )
    columns = (*frame.columns, column)
    if frame.closed:
        return frame.replace(columns=columns, width=None)
    if frame.complete:
        return frame.replace(columns=columns, width=len(columns))
    # it may be one of those that are not known
    return frame.replace(columns=columns, width=cx.fresh(lo=len(columns)))


def first_rows(cx: Context, frame: Frame, value: Value) -> Frame:
    """A frame without rows takes those of what is assigned first; its other columns are then without values."""
    if not isinstance(frame.rows, int) or frame.rows != 0:
        return frame
    if frame.columns:
        frame = frame.each(lambda one: Column(one.name, None))
    if is_frame(value):
        inner = frame_of(cx, value)
        return frame.replace(rows=inner.rows, index=inner.index if inner.form in ("Series", "DataFrame") else Labels())
    length = (
        (value.shape[0] if value.shape else None)
        if isinstance(value, Array)
        else (cx.length(value) if isinstance(value, (Sequence, RangeValue)) else None)
    )
    return frame if length is None else frame.replace(rows=cx.resolve(length))


@rule(f"{DATAFRAME}.__setitem__", doc="https://pandas.pydata.org/docs/user_guide/indexing.html")
def setitem(cx: Context, self: Instance, key: Value, value: Value) -> Value:
    """``df["x"] = values``: as many values as rows, or one for all."""
    frame = frame_of(cx, self)
    label = label_of(key)
    if label is not None:
        frame = first_rows(cx, frame, value)
        loose = with_column(cx, frame, Column(label[0], None))
        cx.set(self, "~frame", loose)
        column = new_column(cx, frame, label[0], value)
        cx.set(
            self,
            "~frame",
            with_column(cx, frame, column)
            if frame.complete or frame.find(label[0]) or LEVEL in frame.columns
            else loose.replace(columns=(*loose.columns[:-1], column)),
        )
        return Const(None)
    if mask_of(cx, key) is not None or is_frame(key, "DataFrame"):
        cx.set(self, "~frame", frame.each(lambda one: Column(one.name, None)))
        return Const(None)
    wanted = labels_of(cx, key) if is_listlike(key) else None
    if wanted is not None:
        _several(cx, self, frame, wanted, value)
        return Const(None)
    if isinstance(key, SliceValue):
        cx.set(self, "~frame", frame.each(lambda one: Column(one.name, None)))
        return Const(None)
    # some column, known or new
    cx.set(self, "~frame", Frame(frame.rows, (), "DataFrame", frame.index, cx.fresh(lo=0), False))
    return Const(None)


def _several(cx: Context, self: Instance, frame: Frame, wanted: list[Hashable], value: Value) -> None:
    """``df[["a", "b"]] = table``."""
    dtype = None
    loose = frame
    for name in wanted:
        loose = with_column(cx, loose, Column(name, None))
    cx.set(self, "~frame", loose)
    shape = None
    lo = hi = None
    if isinstance(value, Array):
        shape, lo, hi = value.shape, value.lo, value.hi
        dtype = value.dtype
    elif is_frame(value, "DataFrame"):
        inner = frame_of(cx, value)
        shape = (frame.rows, inner.width)
    if shape is not None and len(shape) == 2:
        height, width = (cx.resolve(size) for size in shape)
        repeated = len({one.name for one in frame.columns}) < len(frame.columns)
        if not repeated and not cx.equal(width, len(wanted)):
            text = "Columns must be same length as key"
            raise invalid("key", f"{len(wanted)} names for {width} columns", text, value)
        if not cx.equal(height, frame.rows):
            text = f"Length of values ({height}) does not match length of index ({frame.rows})"
            raise length_fault(value, height, frame.rows, text)
        filled = frame
        for name in wanted:
            filled = with_column(cx, filled, Column(name, dtype, lo, hi))
        if frame.complete or all(frame.find(name) for name in wanted):
            cx.set(self, "~frame", filled)


@rule(f"{DATAFRAME}.insert")
def insert(
    cx: Context, self: Instance, loc: Value, column: Value, value: Value, allow_duplicates: Value | None = None
) -> Value:
    """One more column at a position."""
    frame = frame_of(cx, self)
    label = label_of(column)
    place = as_int(loc)
    if label is None:
        cx.set(self, "~frame", frame.replace(columns=(), width=frame.width + 1, closed=False))
        return Const(None)
    if frame.find(label[0]) is not None and allow_duplicates is None:
        raise invalid("column", repr(label[0]), f"cannot insert {label[0]}, already exists", column)
    frame = first_rows(cx, frame, value)
    made_of = new_column(cx, frame, label[0], value)
    if frame.closed and place is not None and 0 <= place <= len(frame.columns):
        columns = (*frame.columns[:place], made_of, *frame.columns[place:])
        cx.set(self, "~frame", frame.replace(columns=columns, width=None))
    else:
        cx.set(self, "~frame", frame.replace(columns=(*frame.columns, made_of), width=frame.width + 1, closed=False))
    return Const(None)


@rule(f"{DATAFRAME}.assign")
def assign(cx: Context, self: Instance, **kwargs: Value) -> Value:
    """A copy with more columns; functions get the frame."""
    frame = frame_of(cx, self)
    for name, value in kwargs.items():
        if isinstance(value, Function):
            value = cx.call(value, (wrapped(frame),))
        frame = with_column(cx, frame, new_column(cx, first_rows(cx, frame, value), name, value))
    return wrapped(frame)


@rule(f"{DATAFRAME}.pop")
def pop(cx: Context, self: Instance, item: Value) -> Value:
    """A column, which is taken out."""
    from foreshape.semantics.pandas.selection import column

    frame = frame_of(cx, self)
    label = label_of(item)
    if label is None:
        cx.set(self, "~frame", frame.replace(columns=(), width=frame.width - 1, closed=False))
        return cx.unknown("which column this is cannot be told")
    found = column(cx, self, frame, label, item)
    cx.set(self, "~frame", without(frame_of(cx, self), [label[0]]))
    return found


def without(frame: Frame, names: list[Hashable]) -> Frame:
    """The frame without some columns that are there."""
    kept = tuple(one for one in frame.columns if one.name not in names)
    if frame.closed:
        return frame.replace(columns=kept, width=None)
    return frame.replace(columns=kept, width=frame.width - len(set(names)))


@rule(f"{DATAFRAME}.__delitem__")
def delitem(cx: Context, self: Instance, key: Value) -> Value:
    pop(cx, self, key)
    return Const(None)


# -- parts ----------
@rule("pandas.~loc.__setitem__", "pandas.~at.__setitem__")
def loc_set(cx: Context, self: Instance, index: Value, value: Value) -> Value:
    """``df.loc[rows, columns] = value``; a new label makes a new column, or a new row."""
    owner = _owner(self)
    frame = frame_of(cx, owner)
    parts = parts_of(index)
    if frame.flat or parts is None:
        cx.set(owner, "~frame", frame.each(lambda one: _written(cx, one, value)))
        if parts is not None and len(parts) == 1 and not _existing(cx, frame, parts[0], owner):
            cx.set(
                owner,
                "~frame",
                frame.replace(rows=cx.fresh(lo=0), index=frame.index.part()).each(lambda one: Column(one.name, None)),
            )
        return Const(None)
    whole = isinstance(parts[0], SliceValue) and all(
        isinstance(e, Const) and e.value is None for e in (parts[0].start, parts[0].stop)
    )
    if len(parts) == 2:
        label = label_of(parts[1])
        if whole and label is not None:
            return setitem(cx, owner, parts[1], value)
        names = [label[0]] if label is not None else (labels_of(cx, parts[1]) if is_listlike(parts[1]) else None)
        if names is None:
            across = label_columns(cx, owner, frame, parts[1])
            if across is None or isinstance(across, Typed) or not is_frame(across):
                cx.set(owner, "~frame", frame.replace(columns=(), width=cx.fresh(lo=0), closed=False))
                return Const(None)
            names = [one.name for one in frame_of(cx, across).columns]
        changed = frame
        for name in names:
            known = frame.find(name)
            column = _written(cx, known, value) if known is not None else Column(name, None)
            changed = with_column(cx, changed, column)
        if not _existing(cx, frame, parts[0], owner):
            changed = changed.replace(rows=cx.fresh(lo=0), index=changed.index.part()).each(
                lambda one: Column(one.name, None)
            )
        cx.set(owner, "~frame", changed)
        return Const(None)
    changed = frame.each(lambda one: _written(cx, one, value))
    if not _existing(cx, frame, parts[0], owner):
        changed = _one_more(cx, frame, parts[0])
    cx.set(owner, "~frame", changed)
    return Const(None)


def _one_more(cx: Context, frame: Frame, label: Value) -> Frame:
    """``df.loc[len(df)] = row``: one more row where the label is not there yet."""
    from foreshape.domain.compare import eq
    from foreshape.domain.values import as_dim

    dim = as_dim(label)
    loose = frame.each(lambda one: Column(one.name, None))
    if (
        dim is not None
        and frame.index.kind == "range"
        and frame.index.start == 0
        and eq(dim, frame.rows, cx.facts).is_yes
    ):
        return loose.replace(rows=frame.rows + 1)
    return loose.replace(rows=cx.fresh(lo=0), index=loose.index.part())


def _existing(cx: Context, frame: Frame, rows: Value, owner: Instance) -> bool:
    """Whether a selector certainly names rows that are there."""
    if mask_of(cx, rows) is not None or isinstance(rows, SliceValue):
        return True
    from foreshape.domain.compare import ge, lt
    from foreshape.domain.values import as_dim

    dim = as_dim(rows)
    if dim is not None and frame.index.kind == "range":
        low = ge(dim, frame.index.start, cx.facts).is_yes
        return low and lt(dim, frame.index.start + frame.rows, cx.facts).is_yes
    label = label_of(rows)
    if label is not None and frame.index.data is not None:
        return label[0] in frame.index.data
    if is_frame(rows):
        within = rows.fields.get("~within") if isinstance(rows, Instance) else None
        return frame_of(cx, rows).index is frame.index or within is frame.index
    return False


def _written(cx: Context, column: Column, value: Value) -> Column:
    """A column some of whose elements were replaced."""
    if isinstance(value, (Const, Typed)) or (isinstance(value, Array) and value.shape == ()):
        one, _, _ = column_of(cx, column.name, value)
        found = joined_column(column, one)
        if column.dtype == "float64" and one.dtype in ("int64", "float64", "float32"):
            found = Column(column.name, "float64", found.lo, found.hi)
        if isinstance(value, Const) and isinstance(value.value, float) and value.value != value.value:
            return Column(column.name, column.dtype if column.dtype in ("float64", "float32") else None)
        return Column(found.name, found.dtype, found.lo, found.hi)
    if isinstance(value, Array) and value.dtype == column.dtype:
        return Column(column.name, column.dtype)
    if is_frame(value, "Series") and column.dtype in ("float64", "float32"):
        # what has no label there becomes NaN, which is a float as well
        return Column(column.name, column.dtype if frame_of(cx, value).only.dtype == column.dtype else None)
    return Column(column.name, None)


@rule("pandas.~iloc.__setitem__", "pandas.~iat.__setitem__")
def iloc_set(cx: Context, self: Instance, index: Value, value: Value) -> Value:
    """``df.iloc[rows, columns] = value``: only places that are there."""
    owner = _owner(self)
    frame = frame_of(cx, owner)
    parts = parts_of(index) or []
    sizes: list[DimLike] = [frame.rows] if frame.flat else [frame.rows, frame.width]
    for part, size in zip(parts, sizes):
        from foreshape.domain.values import as_dim

        dim = as_dim(part)
        if dim is not None and not in_range(cx, dim, size):
            raise position_fault(dim, size, part, "iloc cannot enlarge its target object")
    _fits_part(cx, frame, parts, value)
    chosen = pick(cx, parts[1], frame.width, frame, 1) if len(parts) == 2 and not frame.flat else None
    if chosen is not None and frame.closed and (chosen.places is not None or isinstance(chosen.position, int)):
        width = len(frame.columns)
        places = chosen.places if chosen.places is not None else [chosen.position]
        touched = {place % width for place in places if isinstance(place, int)}
        columns = tuple(_written(cx, one, value) if k in touched else one for k, one in enumerate(frame.columns))
        cx.set(owner, "~frame", frame.replace(columns=columns))
    else:
        cx.set(owner, "~frame", frame.each(lambda one: _written(cx, one, value)))
    return Const(None)


def _length(cx: Context, value: Value) -> DimLike | None:
    """The length of a flat list of values."""
    if isinstance(value, Array):
        return cx.resolve(value.shape[0]) if value.shape is not None and len(value.shape) == 1 else None
    return cx.length(value) if isinstance(value, Sequence) and value.kind == "list" else None


def _fits_part(cx: Context, frame: Frame, parts: list[Value], value: Value) -> None:
    """A list put into one row or one column of a frame, or into a slice of a series, has as many values."""
    length = _length(cx, value)
    if length is None or not parts or (isinstance(frame.rows, int) and frame.rows == 0):
        return
    rows = pick(cx, parts[0], frame.rows, frame, 0)
    if rows is None or rows.mask is not None:
        return
    text = "Must have equal len keys and value when setting with an iterable"
    wanted: DimLike | None = None
    if frame.flat:
        text = "cannot set using a slice indexer with a different length than the value"
        wanted = rows.count if rows.rows is not None else None
    elif len(parts) == 1:
        wanted = frame.width if rows.one else None
    else:
        across = pick(cx, parts[1], frame.width, frame, 1)
        if across is not None and across.one and not rows.one:
            wanted = rows.count
        elif across is not None and rows.one and not across.one and across.mask is None:
            wanted = across.count
    if wanted is not None and not cx.equal(length, wanted):
        raise length_fault(value, length, wanted, text)


@rule(f"{SERIES}.__setitem__")
def series_set(cx: Context, self: Instance, key: Value, value: Value) -> Value:
    frame = frame_of(cx, self)
    if isinstance(key, SliceValue):
        _fits_part(cx, frame, [key], value)
    mask = mask_of(cx, key)
    if mask is not None or isinstance(key, SliceValue) or _existing(cx, frame, key, self):
        cx.set(self, "~frame", frame.each(lambda one: _written(cx, one, value)))
    else:
        cx.set(
            self,
            "~frame",
            frame.replace(rows=cx.fresh(lo=0), index=frame.index.part()).each(lambda one: Column(one.name, None)),
        )
    return Const(None)


# -- names ----------
def renamed_axis(cx: Context, frame: Frame, value: Value) -> Frame:
    """With other names for all columns. ValueError for another number of them."""
    from foreshape.semantics.pandas.support import level_of

    if level_of(value) is not None:
        return frame.replace(columns=(), closed=False, width=frame.width)
    names = labels_of(cx, value)
    count = (
        len(names)
        if names is not None
        else (cx.length(value) if not isinstance(value, Array) else (value.shape[0] if value.shape else None))
    )
    if count is not None and not cx.equal(count, frame.width):
        text = f"Length mismatch: Expected axis has {frame.width} elements, new values have {count} elements"
        raise length_fault(value, count, frame.width, text)
    if names is None:
        if count is not None and isinstance(cx.resolve(count), int) and frame.closed:
            return frame.replace(columns=(), width=frame.width, closed=False)
        return frame.replace(columns=(), closed=False, width=frame.width)
    if frame.closed:
        return frame.replace(columns=tuple(one.named(name) for one, name in zip(frame.columns, names)))
    return frame.replace(columns=tuple(Column(name, None) for name in names), width=None, closed=True)


def set_attribute(cx: Context, self: Instance, name: str, value: Value) -> None:
    """``df.columns = ...`` and its like. The attribute itself is not kept: it is computed from the frame."""
    frame = frame_of(cx, self)
    if name == "columns" and not frame.flat:
        cx.set(self, "~frame", renamed_axis(cx, frame, value))
    elif name == "index":
        rows, labels = index_of(cx, value)
        if rows is not None and not cx.equal(rows, frame.rows):
            text = f"Length mismatch: Expected axis has {frame.rows} elements, new values have {rows} elements"
            raise length_fault(value, rows, frame.rows, text)
        cx.set(self, "~frame", frame.replace(index=labels))
    elif name == "name" and frame.flat and isinstance(value, Const):
        cx.set(self, "~frame", frame.replace(columns=(frame.only.named(value.value),)))
    elif not frame.flat and frame.find(name) is not None:
        cx.set(self, "~frame", with_column(cx, frame, new_column(cx, frame, name, value)))
    elif name not in names.DATAFRAME and name not in names.SERIES:
        cx.set(self, name, value)


@rule(f"{DATAFRAME}.rename")
def rename(
    cx: Context,
    self: Instance,
    mapper: Value | None = None,
    *,
    index: Value | None = None,
    columns: Value | None = None,
    axis: Value | None = None,
    copy: Value | None = None,
    inplace: Value | None = None,
    level: Value | None = None,
    errors: Value | None = None,
) -> Value:
    """Other names for some columns."""
    frame = frame_of(cx, self)
    changes = columns
    if mapper is not None and axis is not None and isinstance(axis, Const) and axis.value in (1, "columns"):
        changes = mapper
    if changes is None or not given(changes):
        return finish(
            cx,
            self,
            frame.replace(index=frame.index.part()) if mapper is not None or index is not None else frame,
            inplace,
        )
    if isinstance(changes, DictValue) and changes.rest is None:
        table: dict[Hashable, Hashable] = {}
        for key, new in changes.entries.items():
            label = label_of(new)
            if label is None:
                return finish(cx, self, frame.replace(columns=(), closed=False, width=frame.width), inplace)
            table[key] = label[0]
        columns_now = tuple(one.named(table.get(one.name, one.name)) for one in frame.columns)
        if not frame.closed:
            known = {one.name for one in columns_now}
            columns_now += tuple(
                Column(new, None) for old, new in table.items() if new not in known and frame.find(old) is None
            )
            if len(columns_now) > len(frame.columns):
                return finish(
                    cx, self, frame.replace(columns=tuple(one for one in columns_now if one.name in known)), inplace
                )
        return finish(cx, self, frame.replace(columns=columns_now), inplace)
    if frame.closed and not isinstance(changes, (Sequence, IteratorValue)):
        renamed: list[Column] = []
        for one in frame.columns:
            label = label_of(cx.call(changes, (Const(one.name),)))
            if label is None:
                return finish(cx, self, frame.replace(columns=(), closed=False, width=frame.width), inplace)
            renamed.append(one.named(label[0]))
        return finish(cx, self, frame.replace(columns=tuple(renamed)), inplace)
    return finish(cx, self, frame.replace(columns=(), closed=False, width=frame.width), inplace)


@rule(f"{SERIES}.rename")
def series_rename(cx: Context, self: Instance, index: Value | None = None, **kwargs: Value) -> Value:
    frame = frame_of(cx, self)
    label = label_of(index) if index is not None else None
    if label is not None:
        return finish(cx, self, frame.replace(columns=(frame.only.named(label[0]),)), kwargs.get("inplace"))
    return finish(cx, self, frame.replace(index=frame.index.part()), kwargs.get("inplace"))


@rule(f"{DATAFRAME}.set_axis", f"{SERIES}.set_axis")
def set_axis(
    cx: Context, self: Instance, labels: Value, *, axis: Value | None = None, copy: Value | None = None
) -> Value:
    """The same values under these labels. ValueError for another number of them."""
    frame = frame_of(cx, self)
    if not frame.flat and isinstance(axis, Const) and axis.value in (1, "columns"):
        return wrapped(renamed_axis(cx, frame, labels))
    copied = wrapped(frame)
    set_attribute(cx, copied, "index", labels)
    return copied


@rule(f"{DATAFRAME}.add_prefix", f"{DATAFRAME}.add_suffix")
def add_prefix(cx: Context, self: Instance, prefix: Value, axis: Value | None = None) -> Value:
    frame = frame_of(cx, self)
    if axis is not None and as_int(axis) != 1 and as_str(axis) != "columns":
        return wrapped(frame.replace(index=Labels("other")))
    return wrapped(frame.replace(columns=(), closed=False, width=frame.width))
