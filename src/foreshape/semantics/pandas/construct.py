"""Making frames and series: from dicts, arrays, lists, records, other frames.

https://pandas.pydata.org/docs/reference/api/pandas.DataFrame.html
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike
from foreshape.domain.values import (
    Array,
    Choice,
    ClassValue,
    Const,
    DictValue,
    Instance,
    Int,
    IteratorValue,
    RangeValue,
    Sequence,
    Typed,
    Unknown,
    Value,
)
from foreshape.semantics.numpy.array_from import as_array, part_of
from foreshape.semantics.numpy.dtypes import kind_of
from foreshape.semantics.numpy.support import MOST_DATA, given, made, python_shape
from foreshape.semantics.pandas.open import is_open
from foreshape.semantics.pandas.support import (
    BY,
    LEVEL,
    Column,
    Frame,
    Labels,
    column_from,
    frame_of,
    from_numpy,
    invalid,
    is_frame,
    joined_column,
    labels_of,
    length_fault,
    level_of,
    text_dtype,
)
from foreshape.semantics.registry import rule
from foreshape.semantics.shared.knowledge import surely_finite

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def as_dtype(cx: Context, value: Value | None) -> str | None:
    """The pandas dtype that an argument names; None where not known."""
    from foreshape.domain.values import as_str
    from foreshape.semantics.numpy.dtypes import dtype_name

    name = as_str(value)
    if name in ("category", "Int64", "Float64", "Float32", "Int32", "boolean", "str"):
        return name if name != "str" else text_dtype(cx)
    if name == "string":
        return "string"
    found = dtype_name(cx, value) if value is not None else None
    if found == "str":
        return text_dtype(cx)
    return found


# -- index ----------
def index_of(cx: Context, value: Value | None) -> tuple[DimLike | None, Labels]:
    """(its length where known, what is known of it) for an ``index`` argument."""
    if value is None or not given(value):
        return None, Labels()
    if isinstance(value, Unknown):
        return None, Labels("several")  # as many levels as it may have
    length = cx.length(value) if not isinstance(value, Array) else (value.shape[0] if value.shape else None)
    if is_frame(value):
        frame = frame_of(cx, value)
        if not is_frame(value, "DataFrame"):
            column = frame.only
            if frame.form in ("DatetimeIndex", "RangeIndex", "Index"):
                return frame.rows, frame.index
            kind = "datetime" if kind_of(column.dtype) == "M" else "labels" if column.data is not None else "other"
            return frame.rows, Labels(kind, column.data, column.name)
        return frame.rows, Labels("other")
    if isinstance(value, RangeValue) and value.start == 0 and value.step == 1:
        return length, Labels()
    several = level_of(value)
    if several is not None:
        return index_of(cx, several)[0], Labels("several")
    labels = labels_of(cx, value)
    if labels is not None:
        return len(labels), Labels("labels", tuple(labels))
    if isinstance(value, Sequence) and any(isinstance(one, Unknown) for one in value.contents.distinct()):
        return None, Labels("several")  # its items may be levels
    if isinstance(value, Array) and kind_of(value.dtype) == "M":
        return length, Labels("datetime")
    return length, Labels("other")


# -- one column ----------
def column_of(cx: Context, name: Hashable, value: Value) -> tuple[Column, DimLike | None, Labels | None]:
    """(the column that a value makes, how many rows it has or None for a scalar, its own index if it has one)."""
    if is_frame(value):
        frame = frame_of(cx, value)
        if frame.form == "DataFrame":
            column = frame.columns[0] if frame.closed and len(frame.columns) == 1 else Column(name, None)
            return column.named(name), frame.rows, frame.index
        index = frame.index if frame.form == "Series" else None
        return frame.only.named(name), frame.rows, index
    if isinstance(value, Const):
        return _constant(cx, name, value), None, None
    if isinstance(value, (Int, Typed)):
        part = part_of(cx, value, None)
        if isinstance(value, Typed) and value.kind == "str":
            return Column(name, text_dtype(cx)), None, None
        return (
            Column(name, None if part is None else part.dtype, *(() if part is None else (part.lo, part.hi))),
            None,
            None,
        )
    if isinstance(value, (Array, Sequence, RangeValue, IteratorValue)):
        if isinstance(value, Array) and value.shape == ():
            return Column(name, from_numpy(cx, value.dtype), value.lo, value.hi), None, None
        return _listed(cx, name, value)
    return Column(name, None), cx.fresh(lo=0) if is_open(value) else cx.length(value), None


def _constant(cx: Context, name: Hashable, value: Const) -> Column:
    item = value.value
    if isinstance(item, bool):
        return Column(name, "bool", int(item), int(item))
    if isinstance(item, int):
        return Column(name, "int64", item, item)
    if isinstance(item, float):
        if item != item:
            return Column(name, "float64")
        return Column(name, "float64", item, item)
    if isinstance(item, str):
        return Column(name, text_dtype(cx), missing=0)
    return Column(name, "object")


def _listed(cx: Context, name: Hashable, value: Value) -> tuple[Column, DimLike | None, Labels | None]:
    if isinstance(value, (Sequence, IteratorValue)):
        contents = cx.iterate(value)
        if contents is None:
            return Column(name, None), cx.fresh(lo=0), None
        items = contents.items(4096)
        if items is not None and len(items) <= 4096:
            if not items:
                return Column(name, "object", data=()), 0, None
            if any(
                not isinstance(item, (Const, Int, Typed, Array)) or (isinstance(item, Array) and item.shape != ())
                for item in items
            ):
                known = all(isinstance(item, (Sequence, Array, DictValue)) for item in items)
                return Column(name, "object" if known else None, items=contents if known else None), len(items), None
            if any(isinstance(item, Const) and not isinstance(item.value, (int, float)) for item in items):
                return _mixed(cx, name, items), len(items), None
        elif (
            contents.segments
            and all(isinstance(one, (Sequence, Array)) for one in contents.distinct())
            and not all(isinstance(one, Array) and one.shape == () for one in contents.distinct())
        ):
            return Column(name, "object", items=contents), cx.resolve(contents.length), None
        value = Sequence("list", contents)
    array = as_array(cx, value, "Series")
    if isinstance(array, Unknown) or array.shape is None:
        length = cx.length(value) if not isinstance(value, Array) else None
        return Column(name, None), cx.fresh(lo=0) if length is None else cx.resolve(length), None
    return column_from(cx, name, array), cx.resolve(array.shape[0]), None


def _mixed(cx: Context, name: Hashable, items: tuple[Value, ...]) -> Column:
    """A list with texts or None."""
    plain = [item.value for item in items if isinstance(item, Const)]
    if len(plain) < len(items):
        kinds = {item.kind for item in items if isinstance(item, Typed)}
        texts = (
            kinds == {"str"}
            and all(isinstance(item, str) for item in plain)
            and not any(isinstance(item, (Int, Array)) for item in items)
        )
        return Column(name, text_dtype(cx) if texts else None)
    present = [item for item in plain if item is not None]
    if all(isinstance(item, str) for item in present) and present:
        full = len(present) == len(plain)
        return Column(
            name,
            text_dtype(cx),
            data=tuple(plain) if full and len(plain) <= MOST_DATA else None,
            missing=0 if full else None,
            different=len(set(present)) if full else None,
            levels=tuple(sorted(set(present))) if full else None,
        )
    if present and all(isinstance(item, (int, float)) and not isinstance(item, bool) for item in present):
        return Column(name, "float64")
    return Column(name, "object")


# -- DataFrame ----------
@rule("pandas.DataFrame.__init__", doc="https://pandas.pydata.org/docs/reference/api/pandas.DataFrame.html")
def dataframe(
    cx: Context,
    self: Instance,
    data: Value | None = None,
    index: Value | None = None,
    columns: Value | None = None,
    dtype: Value | None = None,
    copy: Value | None = None,
) -> Value:
    """Rows and columns of what it is made of. ValueError where lengths differ, or names do not fit the columns."""
    frame = build(cx, data, index, columns)
    if given(dtype):
        wanted = as_dtype(cx, dtype)
        frame = frame.each(lambda column: Column(column.name, wanted))
    cx.set(self, "~frame", frame)
    return Const(None)


def build(cx: Context, data: Value | None, index: Value | None, columns: Value | None) -> Frame:
    rows, labels = index_of(cx, index)
    named = columns is not None and given(columns)
    names, count = (labels_of(cx, columns), cx.length(columns)) if columns is not None and named else (None, None)
    if columns is not None and level_of(columns) is not None:
        names, count = None, None  # a list for each level, not a name for each column
    indexed = index is not None and given(index)
    if data is None or not given(data):
        if rows is None:
            rows = cx.fresh(lo=0) if indexed else 0
        found = tuple(Column(name, "object") for name in names or ())
        if named and names is None:
            return Frame(rows, (LEVEL,), "DataFrame", labels, cx.fresh(lo=0) if count is None else count, False)
        return Frame(rows, found, "DataFrame", labels)
    if isinstance(data, DictValue):
        return _from_dict(cx, data, rows, labels, names, columns, index)
    if is_frame(data):
        return _from_frame(cx, frame_of(cx, data), names, columns, index)
    if isinstance(data, Instance) and "~shape" in data.fields:
        data = made(data.fields["~shape"], data.fields.get("~dtype"))
    made_of: Frame | None = None
    if isinstance(data, Array) and data.kind != "keras":
        made_of = from_array(cx, data, data, rows, labels, names, count)
    elif isinstance(data, (Sequence, IteratorValue, RangeValue)):
        made_of = _from_list(cx, data, rows, labels, names, count)
    if made_of is not None:
        if named and names is None:
            return Frame(made_of.rows, (LEVEL,), "DataFrame", made_of.index, made_of.width, False)
        return made_of
    if isinstance(data, Const) and not indexed:
        raise invalid("data", data.value, "DataFrame constructor not properly called!", data)
    if not indexed and is_open(data):
        labels = Labels("other")  # it may have labels of its own
    made_of = _unknown(cx, rows, labels, names, count)
    return made_of.replace(columns=(LEVEL,), closed=False) if named and names is None else made_of


def _unknown(
    cx: Context, rows: DimLike | None, labels: Labels, names: list[Hashable] | None, count: DimLike | None
) -> Frame:
    rows = cx.fresh(lo=0) if rows is None else rows
    if names is not None:
        return Frame(rows, tuple(Column(name, None) for name in names), "DataFrame", labels)
    return Frame(rows, (), "DataFrame", labels, cx.fresh(lo=0) if count is None else count, False)


def from_array(
    cx: Context,
    array: Array,
    source: Value,
    rows: DimLike | None,
    labels: Labels,
    names: list[Hashable] | None,
    count: DimLike | None,
) -> Frame:
    """One column per column; an array with one axis is one column."""
    if array.shape is None:
        return _unknown(cx, rows, labels, names, count)
    if kind_of(array.dtype) == "V" or (array.dtype is None and len(array.shape) == 1 and names is None):
        height = cx.resolve(array.shape[0]) if array.shape else rows
        return _unknown(cx, height, labels, None, None)  # its fields may be columns
    shape = tuple(cx.resolve(size) for size in array.shape)
    if len(shape) > 2:
        from foreshape.faults.base import Raises
        from foreshape.faults.rank_mismatch import RankMismatch

        text = f"Must pass 2-d input. shape={python_shape(shape)}"
        raise RankMismatch(
            Raises("ValueError", text, by=BY),
            values=(source,),
            taker="DataFrame",
            needs=2,
            axes=("rows", "columns"),
            got=shape,
        )
    if len(shape) == 0:
        return _unknown(cx, rows, labels, names, count)
    height, width = shape[0], shape[1] if len(shape) == 2 else 1
    fits = (rows is None or cx.equal(height, rows)) and (count is None or cx.equal(width, count))
    if not fits:
        implied = (height if rows is None else rows, width if count is None else count)
        text = f"Shape of passed values is {python_shape((height, width))}, indices imply {python_shape(implied)}"
        from foreshape.faults.assignment_shape import AssignmentShape
        from foreshape.faults.base import Raises

        raise AssignmentShape(
            Raises("ValueError", text, by=BY), values=(source,), value=(height, width), target=implied
        )
    height = height if isinstance(height, int) or rows is None else rows
    dtype = from_numpy(cx, array.dtype)
    if len(shape) == 1:
        one = column_from(cx, 0 if names is None else names[0], array)
        return Frame(height, (one,), "DataFrame", labels)
    if names is None and isinstance(width, int) and width <= 512:
        names = list(range(width))
        if count is not None:
            return Frame(height, (), "DataFrame", labels, width, False)
    if names is None:
        return Frame(height, (), "DataFrame", labels, width, False)
    found = []
    finite = surely_finite(array)
    for position, name in enumerate(names):
        data = array.data[position :: len(names)] if array.data is not None and isinstance(width, int) else None
        one = column_from(cx, name, made((height,), array.dtype, array.lo, array.hi, data))
        found.append(Column(name, dtype, one.lo, one.hi, one.data, 0 if finite else one.missing))
    return Frame(height, tuple(found), "DataFrame", labels)


def _from_dict(
    cx: Context,
    data: DictValue,
    rows: DimLike | None,
    labels: Labels,
    names: list[Hashable] | None,
    columns: Value | None,
    index: Value | None,
) -> Frame:
    """One column per entry: all of one length, unless they bring an index."""
    found: list[Column] = []
    own: list[tuple[DimLike, Labels]] = []
    lengths: list[tuple[DimLike, Value]] = []
    scalars = 0
    for key, value in data.entries.items():
        if isinstance(value, Array) and value.shape is not None and len(value.shape) > 1:
            raise _not_flat(value)
        if isinstance(value, DictValue):
            size = cx.length(value)
            found.append(Column(key, None))
            own.append((cx.fresh(lo=0) if size is None else size, Labels("other")))
            continue
        column, length, its = column_of(cx, key, value)
        found.append(column)
        if length is None and isinstance(value, Instance) and isinstance(value.cls, ClassValue):
            own.append((cx.fresh(lo=0), Labels("other")))  # it may be an array of the program's own
        elif length is None:
            scalars += 1
        elif its is not None:
            own.append((length, its))
        else:
            lengths.append((length, value))
    if data.rest is not None:
        count = rows if rows is not None else (own or lengths or [(cx.fresh(lo=0), labels)])[0][0]
        return Frame(count, tuple(found), "DataFrame", labels, cx.fresh(lo=len(found)), False)
    if not own and not lengths and rows is None and scalars and (index is None or not given(index)):
        text = "If using all scalar values, you must pass an index"
        raise invalid("data", "a dict of scalars", text, data)
    count, labels = _common_rows(cx, own, lengths, rows, labels)
    if names is not None:
        by_name = {column.name: column for column in found}
        found = [by_name.get(name, Column(name, "object")) for name in names]
    elif columns is not None and given(columns):
        return Frame(count, (), "DataFrame", labels, cx.fresh(lo=0), False)
    return Frame(count, tuple(found), "DataFrame", labels)


def _not_flat(value: Array) -> Exception:
    from foreshape.faults.base import Raises
    from foreshape.faults.rank_mismatch import RankMismatch

    return RankMismatch(
        Raises("ValueError", "Per-column arrays must each be 1-dimensional", by=BY),
        values=(value,),
        taker="a column",
        needs=1,
        axes=("rows",),
        got=value.shape or (),
    )


def _common_rows(
    cx: Context,
    own: list[tuple[DimLike, Labels]],
    lengths: list[tuple[DimLike, Value]],
    rows: DimLike | None,
    labels: Labels,
) -> tuple[DimLike, Labels]:
    """The number of rows of columns that are put side by side."""
    first = lengths[0][0] if lengths else None
    for length, value in lengths[1:]:
        assert first is not None
        if not cx.equal(first, length):
            raise length_fault(value, length, first, "All arrays must be of the same length")
        first = length if isinstance(length, int) else first
    if own and rows is None:
        count, labels = own[0]
        for length, its in own[1:]:
            if its is labels:
                continue
            if its.kind == "range" and labels.kind == "range" and its.start == labels.start:
                if not _same(cx, length, count):
                    if not isinstance(length, int) or not isinstance(count, int):
                        count, labels = cx.fresh(lo=0), Labels("other")
                    elif length > count:
                        count, labels = length, its
            elif its.data is None or its.data != labels.data:
                count, labels = cx.fresh(lo=0), Labels("other")
        if first is not None and not cx.equal(first, count):
            text = f"array length {first} does not match index length {count}"
            raise length_fault(lengths[0][1], first, count, text)
        return count, labels
    if rows is not None:
        if first is not None and not cx.equal(first, rows):
            text = f"Length of values ({first}) does not match length of index ({rows})"
            raise length_fault(lengths[0][1], first, rows, text)
        return rows, labels
    return (0 if first is None else cx.resolve(first)), labels


def _same(cx: Context, a: DimLike, b: DimLike) -> bool:
    from foreshape.domain.compare import eq

    return eq(a, b, cx.facts).is_yes


def _from_frame(
    cx: Context, frame: Frame, names: list[Hashable] | None, columns: Value | None, index: Value | None
) -> Frame:
    made_of = frame
    if frame.flat:
        name = frame.only.name if frame.only.name is not None else frame.index.name if frame.form != "Series" else None
        if isinstance(name, tuple):
            return _unknown(cx, frame.rows, frame.index, names, None)
        made_of = Frame(frame.rows, (frame.only.named(0 if name is None else name),), "DataFrame", frame.index)
        if names is not None and name is None and len(names) == 1:
            made_of = made_of.each(lambda column: column.named(names[0]))
    if names is not None and frame.form == "DataFrame":
        found = tuple(made_of.find(name) or Column(name, None if not made_of.closed else "object") for name in names)
        made_of = Frame(made_of.rows, found, "DataFrame", made_of.index)
    elif columns is not None and given(columns) and names is None:
        made_of = Frame(made_of.rows, (LEVEL,), "DataFrame", made_of.index, cx.fresh(lo=0), False)
    if index is not None and given(index):
        rows, labels = index_of(cx, index)
        if labels is not made_of.index:
            made_of = made_of.replace(rows=cx.fresh(lo=0) if rows is None else rows, index=labels).each(
                lambda column: Column(column.name, None)
            )
    return made_of


def _from_list(
    cx: Context, data: Value, rows: DimLike | None, labels: Labels, names: list[Hashable] | None, count: DimLike | None
) -> Frame:
    """Rows: lists, tuples, dicts, series or scalars."""
    contents = cx.iterate(data)
    if contents is None:
        return _unknown(cx, rows, labels, names, count)
    length = cx.resolve(contents.length)
    if rows is None:
        rows = length
    samples = contents.distinct()
    if not samples:
        return Frame(0, tuple(Column(name, "object") for name in names or ()), "DataFrame", labels)
    if all(isinstance(one, DictValue) for one in samples):
        return _from_records(cx, [one for one in samples if isinstance(one, DictValue)], rows, labels, names)
    if any(is_frame(one) or isinstance(one, (Unknown, Choice, DictValue)) for one in samples):
        return _from_series(cx, samples, rows, labels, names, count)
    if all(isinstance(one, (Sequence, Array)) and not (isinstance(one, Array) and one.shape == ()) for one in samples):
        return _from_rows(cx, data, samples, rows, labels, names, count)
    if all(isinstance(one, (Const, Int, Typed, Array)) for one in samples):
        column, _, _ = column_of(cx, 0 if not names else names[0], data)
        if count is not None and not cx.equal(count, 1):
            text = (
                f"Shape of passed values is {python_shape((length, 1))}, indices imply {python_shape((length, count))}"
            )
            raise length_fault(data, 1, count, text)
        return Frame(rows, (column,), "DataFrame", labels)
    return _unknown(cx, rows, labels, names, count)


def _from_series(
    cx: Context,
    samples: tuple[Value, ...],
    rows: DimLike,
    labels: Labels,
    names: list[Hashable] | None,
    count: DimLike | None,
) -> Frame:
    """A list of Series: each is a row."""
    frames = [frame_of(cx, one) for one in samples if is_frame(one, "Series")]
    if len(frames) == len(samples) and names is None:
        data = frames[0].index.data
        if data is not None and all(frame.index.data == data for frame in frames):
            return Frame(rows, tuple(Column(name, None) for name in data), "DataFrame", Labels("other"))
        if all(frame.index.kind == "range" and frame.rows == frames[0].rows for frame in frames):
            return Frame(rows, (), "DataFrame", Labels("other"), frames[0].rows, False)
    return _unknown(cx, rows, Labels("other"), names, count)


def _from_records(
    cx: Context, records: list[DictValue], rows: DimLike, labels: Labels, names: list[Hashable] | None
) -> Frame:
    """Dicts: one column per key that any of them has."""
    found: dict[Hashable, Column] = {}
    for number, record in enumerate(records):
        if record.rest is not None:
            return _unknown(cx, rows, labels, names, None)
        for key, value in record.entries.items():
            column = _cell(cx, key, value)
            if key in found:
                found[key] = _either_cell(found[key], column)
            else:
                found[key] = (
                    column if number == 0 else Column(key, "float64" if column.dtype in ("int64", "float64") else None)
                )
        for key in found.keys() - record.entries.keys():
            known = found[key]
            found[key] = Column(key, "float64" if known.dtype in ("int64", "float64") else None)
    if names is not None:
        return Frame(rows, tuple(found.get(name, Column(name, None)) for name in names), "DataFrame", labels)
    return Frame(rows, tuple(found.values()), "DataFrame", labels)


def _either_cell(a: Column, b: Column) -> Column:
    if a.dtype != b.dtype and {a.dtype, b.dtype} == {"int64", "float64"}:
        return Column(a.name, "float64")
    return joined_column(a, b)


def _cell(cx: Context, name: Hashable, value: Value) -> Column:
    if isinstance(value, (Const, Int, Typed)) or (isinstance(value, Array) and value.shape == ()):
        column, _, _ = column_of(cx, name, value)
        return Column(name, column.dtype, column.lo, column.hi)
    return Column(name, "object" if isinstance(value, (Sequence, DictValue)) else None)


def _from_rows(
    cx: Context,
    data: Value,
    samples: tuple[Value, ...],
    rows: DimLike,
    labels: Labels,
    names: list[Hashable] | None,
    count: DimLike | None,
) -> Frame:
    """Lists or tuples: one column per position."""
    widths = [cx.length(one) for one in samples]
    if any(width is None for width in widths):
        return _unknown(cx, rows, labels, names, count)
    sizes: list[DimLike] = [cx.resolve(width) for width in widths if width is not None]
    width = sizes[0]
    if all(isinstance(size, int) for size in sizes):
        width = max(size for size in sizes if isinstance(size, int))
    elif any(size != width for size in sizes):
        return _unknown(cx, rows, labels, names, count)
    if count is not None and not cx.equal(width, count):
        text = f"{count} columns passed, passed data had {width} columns"
        raise length_fault(data, width, count, text)
    if isinstance(width, int) and width <= 512:
        uneven = any(size != width for size in sizes)
        if names is None:
            if count is not None:
                return Frame(rows, (), "DataFrame", labels, width, False)
            names = list(range(width))
        cells = [_row_cells(cx, one, width) for one in samples]
        found: list[Column] = []
        for position, name in enumerate(names):
            column = Column(name, None)
            if not uneven and all(row is not None for row in cells):
                column = cells[0][position].named(name)  # type: ignore[index]
                for row in cells[1:]:
                    assert row is not None
                    column = _either_cell(column, row[position].named(name))
            found.append(column)
        return Frame(rows, tuple(found), "DataFrame", labels)
    return Frame(rows, (), "DataFrame", labels, width, False)


def _row_cells(cx: Context, row: Value, width: int) -> list[Column] | None:
    if isinstance(row, Array):
        dtype = from_numpy(cx, row.dtype)
        return [Column(None, dtype, row.lo, row.hi) for _ in range(width)]
    items = row.contents.items(512) if isinstance(row, Sequence) else None
    if items is None or len(items) != width:
        return None
    return [_cell(cx, None, item) for item in items]
