"""Selecting from frames: ``df[...]``, ``loc``, ``iloc``, ``at``, ``iat``.

https://pandas.pydata.org/docs/user_guide/indexing.html
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

from foreshape.domain import compare
from foreshape.domain.dim import DimLike
from foreshape.domain.values import (
    Array,
    Const,
    Instance,
    Int,
    LibraryRef,
    Sequence,
    SliceValue,
    Typed,
    Unknown,
    Value,
    as_dim,
    as_int,
    is_none,
)
from foreshape.faults.base import Fault, Raises
from foreshape.semantics.numpy.array_from import as_array
from foreshape.semantics.numpy.dtypes import kind_of
from foreshape.semantics.numpy.indexing import getitem as array_item
from foreshape.semantics.numpy.support import made
from foreshape.semantics.pandas.attributes import row_of
from foreshape.semantics.pandas.support import (
    BY,
    DATAFRAME,
    SERIES,
    Column,
    Frame,
    Labels,
    frame_of,
    is_frame,
    is_listlike,
    label_of,
    labels_of,
    missing_key,
    scalar,
    series,
    shown_labels,
    text_dtype,
    wrapped,
)
from foreshape.semantics.registry import attribute, library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

for _name in ("iloc", "loc", "at", "iat"):
    library_type(f"pandas.~{_name}")


# -- columns ----------
def column(cx: Context, self: Instance, frame: Frame, key: tuple[Hashable], source: Value) -> Value:
    """One column by its name. KeyError where there is certainly none."""
    name = key[0]
    found = frame.find(name)
    if found is not None:
        return series(frame.rows, found, frame.index)
    recover = series(frame.rows, Column(name, None), frame.index)
    if frame.complete:
        if _nested(frame):
            return cx.unknown("columns of several levels")
        raise missing_key(repr(name), name, frame, self, recover=recover)
    # the program is taken to know its file: from here on the column is known to be there
    cx.set(self, "~frame", frame.replace(columns=(*frame.columns, Column(name, None))))
    return recover


def _nested(frame: Frame) -> bool:
    return any(isinstance(one.name, tuple) for one in frame.columns)


def columns(cx: Context, self: Instance, frame: Frame, wanted: list[Hashable]) -> Value:
    """Several columns by name. KeyError where one is certainly not there."""
    absent = [name for name in wanted if frame.find(name) is None]
    found = tuple(frame.find(name) or Column(name, None) for name in wanted)
    result = wrapped(Frame(frame.rows, found, "DataFrame", frame.index))
    if absent and frame.complete:
        if _nested(frame):
            return cx.unknown("columns of several levels")
        raise missing_key(absent_text(cx, wanted, absent), absent[0], frame, self, recover=result)
    if absent:
        known = (*frame.columns, *(Column(name, None) for name in dict.fromkeys(absent)))
        cx.set(self, "~frame", frame.replace(columns=known))
    return result


def absent_text(cx: Context, wanted: list[Hashable], absent: list[Hashable], axis: str = "columns") -> str:
    """The KeyError of a list of labels."""
    if len(absent) == len(wanted):
        kind = (
            text_dtype(cx)
            if all(isinstance(label, str) for label in wanted)
            else ("int64" if all(isinstance(label, int) for label in wanted) else "object")
        )
        return repr(f"None of [Index({shown_labels(wanted)}, dtype='{kind}')] are in the [{axis}]")
    return repr(f"{shown_labels(absent)} not in index")


# -- masks ----------
def mask_of(cx: Context, value: Value) -> tuple[DimLike | None] | None:
    """(its length,) of a boolean selector; None where it is none."""
    if is_frame(value):
        frame = frame_of(cx, value)
        return (frame.rows,) if frame.flat and frame.only.dtype in ("bool", "boolean") else None
    if isinstance(value, Array):
        return (value.shape[0] if value.shape else None,) if value.dtype == "bool" and value.shape != () else None
    if isinstance(value, Sequence) and value.kind == "list":
        samples = value.contents.distinct()
        flags = [
            (isinstance(one, Const) and isinstance(one.value, bool))
            or (isinstance(one, Typed) and one.kind == "bool")
            or (isinstance(one, Array) and one.shape == () and one.dtype == "bool")
            for one in samples
        ]
        return (cx.resolve(value.contents.length),) if flags and all(flags) else None
    return None


def masked(cx: Context, frame: Frame, value: Value, length: DimLike | None, positional: bool = False) -> Frame:
    """The rows where a mask is true."""
    aligned = is_frame(value, "Series") and frame_of(cx, value).index is frame.index
    if length is not None and not is_frame(value, "Series") and not cx.equal(length, frame.rows):
        text = f"Item wrong length {length} instead of {frame.rows}."
        exception = "ValueError"
        if positional or frame.flat:
            text, exception = f"Boolean index has wrong length: {length} instead of {frame.rows}", "IndexError"
        raise mask_fault(value, length, frame, text, exception)
    count: DimLike
    data = value.data if isinstance(value, Array) else None
    if is_frame(value, "Series"):
        data = frame_of(cx, value).only.data
    if isinstance(value, Sequence):
        items = value.contents.items(4096)
        if items is not None and all(isinstance(item, Const) for item in items):
            data = tuple(item.value for item in items if isinstance(item, Const))
    if data is not None and all(isinstance(item, bool) for item in data) and (aligned or not is_frame(value)):
        count = sum(1 for item in data if item)
        if frame.rows == len(data):
            return _kept(frame, [place for place, item in enumerate(data) if item])
    else:
        count = _count(cx, value, frame)
    return frame.replace(rows=count, index=frame.index.part()).each(kept_some)


def _kept(frame: Frame, places: list[int]) -> Frame:
    """The rows at known places, with the labels that they had."""
    index = frame.index.part()
    old = frame.index
    if old.kind == "range" and isinstance(old.start, int):
        index = Labels("labels", tuple(old.start + place for place in places), old.name)
    elif old.kind == "labels" and old.data is not None and len(old.data) == frame.rows:
        index = Labels("labels", tuple(old.data[place] for place in places), old.name)

    def each(column: Column) -> Column:
        if column.data is None or len(column.data) != frame.rows:
            return kept_some(column)
        missing = 0 if column.missing == 0 else None
        return Column(column.name, column.dtype, column.lo, column.hi, tuple(column.data[k] for k in places), missing)

    return frame.replace(rows=len(places), index=index).each(each)


def kept_some(column: Column) -> Column:
    """The column after a condition on its rows, which may be what takes the ends of its range away."""
    loose = column.loose()
    if column.dtype == "bool" or column.lo == column.hi:
        return loose
    return Column(loose.name, loose.dtype, None, None, None, loose.missing)


def _count(cx: Context, value: Value, frame: Frame) -> DimLike:
    """How many rows a mask keeps: the same mask keeps as many of another column."""
    mask = frame_of(cx, value).only if is_frame(value, "Series") else value
    key = ("~mask", id(mask))
    known = cx.process.get(key)
    if isinstance(known, tuple) and known[0] is mask and known[1] == frame.rows:
        found: DimLike = known[2]
        return found
    made_new = cx.fresh(f"rows of {cx.text(value) or 'a mask'}", 0, frame.rows)
    cx.process[key] = (mask, frame.rows, made_new)
    return made_new


def mask_fault(value: Value, length: DimLike, frame: Frame, text: str, exception: str) -> Fault:
    from foreshape.faults.mask_shape import MaskShape

    return MaskShape(Raises(exception, text, by=BY), values=(value,), mask=(length,), shape=frame.shape or (), axis=0)


# -- rows by position ----------
def sliced(cx: Context, frame: Frame, part: SliceValue) -> Frame:
    """A slice of rows by position."""
    if is_none(part.start) and is_none(part.stop) and is_none(part.step):
        return frame
    found = array_item(cx, made((frame.rows,), "int64"), part)
    if not isinstance(found, Array) or not found.shape:
        return frame.replace(rows=cx.fresh(lo=0), index=frame.index.part()).each(Column.loose)
    rows = found.shape[0]
    if compare.eq(rows, frame.rows, cx.facts).is_yes and is_none(part.step):
        return frame
    index = frame.index.part()
    start = 0 if is_none(part.start) else as_dim(part.start)
    step = 1 if is_none(part.step) else as_int(part.step)
    if frame.index.kind == "range" and step == 1 and start is not None:
        if compare.ge(start, 0, cx.facts).is_yes:
            index = Labels("range", None, frame.index.name, frame.index.start + start)
        elif compare.ge(frame.rows + start, 0, cx.facts).is_yes:
            index = Labels("range", None, frame.index.name, frame.index.start + frame.rows + start)
    elif frame.index.kind == "datetime":
        index = Labels("datetime", None, frame.index.name)
    elif frame.index.data is not None and isinstance(frame.rows, int):
        ends = slice(as_int(part.start), as_int(part.stop), as_int(part.step))
        plain = all(is_none(end) or as_int(end) is not None for end in (part.start, part.stop, part.step))
        if plain:
            index = Labels(frame.index.kind, frame.index.data[ends], frame.index.name)
    return frame.replace(rows=rows, index=index, columns=tuple(_cut(one, frame, part) for one in frame.columns))


def _cut(one: Column, frame: Frame, part: SliceValue) -> Column:
    ends = [as_int(end) for end in (part.start, part.stop, part.step)]
    plain = all(is_none(end) or known is not None for end, known in zip((part.start, part.stop, part.step), ends))
    start = ends[0] if ends[0] is not None else 0
    missing = one.missing
    if missing:
        missing = max(missing - start, 0) if plain and start >= 0 and ends[2] in (None, 1) and ends[1] is None else None
    data = one.data[slice(*ends)] if one.data is not None and plain else None
    return Column(one.name, one.dtype, one.lo, one.hi, data, missing)


def position_fault(index: DimLike, size: DimLike, value: Value, text: str, recover: Value | None = None) -> Fault:
    from foreshape.faults.index_range import IndexRange

    return IndexRange(
        Raises("IndexError", text, by=BY),
        values=(value,),
        recover=recover,
        taker="iloc",
        index=index,
        size=size,
        axis=0,
    )


def in_range(cx: Context, position: DimLike, size: DimLike) -> bool:
    """Whether a position may exist."""
    low = compare.ge(position, 0, cx.facts)
    if low.is_yes:
        return cx.at_least(size - 1, position)
    if low.is_no:
        return cx.at_least(size + position, 0)
    return True


class Pick:
    """What a positional selector takes of an axis: one place, or ``count`` of them."""

    __slots__ = ("count", "mask", "one", "places", "position", "rows")

    def __init__(
        self,
        *,
        one: bool = False,
        position: DimLike | None = None,
        count: DimLike | None = None,
        places: list[int] | None = None,
        mask: Value | None = None,
        rows: SliceValue | None = None,
    ) -> None:
        self.one = one
        self.position = position
        self.count = count
        self.places = places
        self.mask = mask
        self.rows = rows


def pick(
    cx: Context, value: Value, size: DimLike, frame: Frame, axis: int, alone: bool = True, several: bool = False
) -> Pick | None:
    """A selector of ``iloc`` on one axis; None where it is not known. Raises IndexError past the end."""
    if isinstance(value, SliceValue):
        found = array_item(cx, made((size,), "int64"), value)
        count = found.shape[0] if isinstance(found, Array) and found.shape else cx.fresh(lo=0)
        places = None
        ends = [as_int(end) for end in (value.start, value.stop, value.step)]
        if isinstance(size, int) and all(
            is_none(e) or k is not None for e, k in zip((value.start, value.stop, value.step), ends)
        ):
            places = list(range(size))[slice(*ends)]
        return Pick(count=count, places=places, rows=value)
    mask = mask_of(cx, value)
    if mask is not None:
        return Pick(mask=value, count=mask[0])
    if is_listlike(value):
        array = as_array(cx, value)
        if isinstance(array, Unknown) or not array.shape or kind_of(array.dtype) in ("U", "O"):  # labels are refused
            return None
        data = array.data
        for bound in (array.lo, array.hi) if data is None else (min(data, default=None), max(data, default=None)):
            if (
                isinstance(bound, int)
                and kind_of(array.dtype) in ("i", "u")
                and data is not None
                and not in_range(cx, bound, size)
            ):
                raise position_fault(bound, size, value, "positional indexers are out-of-bounds")
        places = (
            [int(item) for item in data] if data is not None and all(isinstance(item, int) for item in data) else None
        )
        return Pick(count=cx.resolve(array.shape[0]), places=places)
    dim = as_dim(value)
    if dim is not None:
        dim = cx.resolve(dim)
        if not in_range(cx, dim, size):
            text = (
                "single positional indexer is out-of-bounds"
                if alone
                else f"index {dim} is out of bounds for axis 0 with size {size}"
            )
            raise position_fault(dim, size, value, text)
        return Pick(one=True, position=dim)
    if isinstance(value, Typed) and value.kind == "int":
        return Pick(one=True)
    if isinstance(value, Const) and isinstance(value.value, str):
        from foreshape.faults.index_type import IndexType

        if axis or several:
            text = (
                "Location based indexing can only have [integer, integer slice (START point is INCLUDED, END point is "
                "EXCLUDED), listlike of integers, boolean array] types"
            )
            raise IndexType(Raises("ValueError", text, by=BY), values=(value,), got=repr(value.value))
        text = "Cannot index by location index with a non-integer key"
        raise IndexType(Raises("TypeError", text, by=BY), values=(value,), got=repr(value.value))
    return None


def pick_columns(cx: Context, frame: Frame, chosen: Pick) -> Frame:
    """The columns that a positional selector takes."""
    if chosen.mask is not None:
        return frame.replace(columns=(), width=cx.fresh(lo=0), closed=False)
    width = chosen.count if chosen.count is not None else cx.fresh(lo=0)
    whole = compare.eq(width, frame.width, cx.facts).is_yes and chosen.rows is not None and is_none(chosen.rows.step)
    if whole:
        return frame
    if frame.closed and chosen.places is not None:
        return frame.replace(columns=tuple(frame.columns[place] for place in chosen.places), width=None)
    return frame.replace(columns=(), width=width, closed=False)


def pick_rows(cx: Context, frame: Frame, chosen: Pick) -> Frame:
    if chosen.mask is not None:
        return masked(cx, frame, chosen.mask, chosen.count, positional=True)
    if chosen.rows is not None:
        return sliced(cx, frame, chosen.rows)
    count = chosen.count if chosen.count is not None else cx.fresh(lo=0)
    data = frame.index.data
    index = frame.index.part()
    if data is not None and chosen.places is not None:
        index = Labels("labels", tuple(data[place] for place in chosen.places), frame.index.name)
    return frame.replace(rows=count, index=index).each(Column.loose)


def place_of(frame: Frame, position: DimLike | None) -> Column:
    """The column at a position."""
    if isinstance(position, int) and frame.closed and -len(frame.columns) <= position < len(frame.columns):
        return frame.columns[position]
    return Column(None, None)


def _indexer(name: str) -> None:
    @attribute(f"{DATAFRAME}.{name}", f"{SERIES}.{name}")
    def indexer(cx: Context, self: Instance) -> Value:
        """What is indexed next."""
        return Instance(LibraryRef(f"pandas.~{name}"), {"~of": self})


for _name in ("iloc", "loc", "at", "iat"):
    _indexer(_name)


def _owner(self: Instance) -> Instance:
    found = self.fields["~of"]
    assert isinstance(found, Instance)
    return found


def parts_of(index: Value) -> list[Value] | None:
    """The selectors of an index: one, or those of a tuple."""
    if isinstance(index, Sequence) and index.kind == "tuple":
        items = index.contents.items(8)
        return None if items is None else list(items)
    return [index]


@rule("pandas.~iloc.__getitem__", "pandas.~iat.__getitem__")
def iloc(cx: Context, self: Instance, index: Value) -> Value:
    """Rows and columns by position. IndexError past the end of either."""
    owner = _owner(self)
    frame = frame_of(cx, owner)
    parts = parts_of(index)
    if parts is None:
        return cx.unknown("which rows are selected is not known")
    limit = 1 if frame.flat else 2
    parts = [part for part in parts if not (isinstance(part, Const) and part.value is Ellipsis)]
    if len(parts) > limit:
        raise too_many(index, frame)
    if not parts:
        return owner
    full = all(as_dim(part) is not None for part in parts) and len(parts) == limit
    alone = not (full and limit == 2)
    rows = pick(cx, parts[0], frame.rows, frame, 0, alone, len(parts) > 1)
    if rows is None:
        return cx.unknown("which rows are selected is not known")
    if frame.flat:
        return scalar(frame.only) if rows.one else wrapped(pick_rows(cx, frame, rows))
    if len(parts) == 1:
        return row_of(cx, frame) if rows.one else wrapped(pick_rows(cx, frame, rows))
    across = pick(cx, parts[1], frame.width, frame, 1, alone)
    if across is None:
        return cx.unknown("which columns are selected is not known")
    if across.one:
        one = place_of(frame, across.position)
        if rows.one:
            return scalar(one)
        return wrapped(pick_rows(cx, Frame(frame.rows, (one,), "Series", frame.index), rows))
    narrowed = pick_columns(cx, frame, across)
    return row_of(cx, narrowed) if rows.one else wrapped(pick_rows(cx, narrowed, rows))


def too_many(index: Value, frame: Frame) -> Fault:
    from foreshape.faults.too_many_indices import TooManyIndices

    items = parts_of(index) or []
    return TooManyIndices(
        Raises("IndexingError", "Too many indexers", by=BY), values=(index,), given=len(items), shape=frame.shape or ()
    )


# -- rows by label ----------
def label_rows(cx: Context, frame: Frame, value: Value, owner: Instance) -> Frame | str | None:
    """The rows that a selector of ``loc`` takes: a frame, "one", or None where that is not known."""
    mask = mask_of(cx, value)
    if mask is not None:
        return masked(cx, frame, value, mask[0], positional=True)
    if isinstance(value, SliceValue):
        return _label_slice(cx, frame, value)
    if is_listlike(value):
        if isinstance(value, Sequence) and any(isinstance(one, Sequence) for one in value.contents.distinct()):
            return None  # labels that are tuples, of one level or of several
        array = as_array(cx, value)
        labels = labels_of(cx, value)
        count = cx.length(value) if not isinstance(value, Array) else (value.shape[0] if value.shape else None)
        if isinstance(array, Array) and array.shape:
            count = array.shape[0]
        if (
            labels is not None
            and frame.index.kind == "range"
            and isinstance(frame.rows, int)
            and isinstance(frame.index.start, int)
        ):
            present = range(frame.index.start, frame.index.start + frame.rows)
            absent = [label for label in labels if label not in present]
            if absent:
                text = absent_text(cx, labels, absent, "index")
                raise missing_key(text, absent[0], None, owner)
        if frame.index.kind != "range" and not _unique(frame, labels):
            count = None
        kept = Labels("labels", tuple(labels), frame.index.name) if labels is not None else frame.index.part()
        return frame.replace(rows=cx.fresh(lo=0) if count is None else cx.resolve(count), index=kept).each(Column.loose)
    dim = as_dim(value)
    if dim is not None and frame.index.kind == "range":
        dim = cx.resolve(dim)
        low, high = frame.index.start, frame.index.start + frame.rows
        if compare.lt(dim, low, cx.facts).is_yes or compare.ge(dim, high, cx.facts).is_yes:
            raise missing_key(str(dim), dim, None, owner)
        return "one"
    label = label_of(value)
    if label is not None and frame.index.kind == "range" and isinstance(label[0], str):
        raise missing_key(repr(label[0]), label[0], None, owner)
    if label is not None and frame.index.data is not None:
        times = frame.index.data.count(label[0])
        if times == 1:
            return "one"
        alike = type(label[0]) in (int, str) and all(type(item) is type(label[0]) for item in frame.index.data)
        if not times and alike and frame.index.kind == "labels" and len(frame.index.data) == frame.rows:
            raise missing_key(repr(label[0]), label[0], None, owner)
        return frame.replace(rows=times, index=frame.index.part()).each(Column.loose) if times else None
    if frame.index.kind == "range" and isinstance(value, (Typed, Int)):
        return "one"
    return None


def _unique(frame: Frame, labels: list[Hashable] | None) -> bool:
    data = frame.index.data
    return data is not None and len(set(data)) == len(data)


def _label_slice(cx: Context, frame: Frame, part: SliceValue) -> Frame | None:
    """Both ends are labels, and both are taken."""
    if is_none(part.start) and is_none(part.stop) and is_none(part.step):
        return frame
    start, stop = as_dim(part.start), as_dim(part.stop)
    if (
        frame.index.kind == "range"
        and (is_none(part.start) or start is not None)
        and (is_none(part.stop) or stop is not None)
    ):
        offset = frame.index.start
        first = None if start is None else start - offset
        last = None if stop is None else stop - offset + 1
        if all(end is None or compare.ge(end, 0, cx.facts).is_yes for end in (first, last)):
            from foreshape.domain.values import int_value

            moved = SliceValue(
                Const(None) if first is None else int_value(first),
                Const(None) if last is None else int_value(last),
                part.step,
            )
            return sliced(cx, frame, moved)
    rows = cx.fresh(None, 0, frame.rows)
    return frame.replace(rows=rows, index=frame.index.part(dated=True)).each(Column.loose)


def label_columns(cx: Context, owner: Instance, frame: Frame, value: Value) -> Value | None:
    """The columns that a selector of ``loc`` takes, with all rows; None where that is not known."""
    if isinstance(value, SliceValue):
        if is_none(value.start) and is_none(value.stop) and is_none(value.step):
            return owner
        names = [one.name for one in frame.columns]
        first, last = label_of(value.start), label_of(value.stop)
        plain = frame.closed and is_none(value.step)
        if plain and all(end is not None and (end[0] is None or end[0] in names) for end in (first, last)):
            assert first is not None and last is not None
            begin = 0 if first[0] is None else names.index(first[0])
            end = len(names) if last[0] is None else names.index(last[0]) + 1
            if begin <= end:
                return wrapped(frame.replace(columns=frame.columns[begin:end], width=None))
        return wrapped(frame.replace(columns=(), width=cx.fresh(lo=0), closed=False))
    if mask_of(cx, value) is not None:
        return wrapped(frame.replace(columns=(), width=cx.fresh(lo=0), closed=False))
    if is_listlike(value):
        names_wanted = labels_of(cx, value)
        if names_wanted is not None:
            return columns(cx, owner, frame, names_wanted)
        count = cx.length(value)
        width = cx.fresh(lo=0) if count is None else count
        return wrapped(frame.replace(columns=(), width=width, closed=False))
    label = label_of(value)
    if label is not None:
        return column(cx, owner, frame, label, value)
    if isinstance(value, Typed) and value.kind in ("str", "int"):
        return series(frame.rows, Column(None, None), frame.index)
    return None


@rule("pandas.~loc.__getitem__", "pandas.~at.__getitem__")
def loc(cx: Context, self: Instance, index: Value) -> Value:
    """Rows and columns by label; both ends of a slice are taken. KeyError where a label is certainly not there."""
    owner = _owner(self)
    frame = frame_of(cx, owner)
    parts = parts_of(index)
    if parts is None or len(parts) > 2 or (frame.flat and len(parts) > 1):
        return cx.unknown("which rows are selected is not known")
    if len(parts) == 2 and frame.index.kind in ("several", "other") and not isinstance(parts[0], SliceValue):
        column = label_of(parts[1])
        if column is not None and frame.find(column[0]) is None:
            return cx.unknown("both may be labels of the same row")
    if len(parts) == 2 and not frame.flat:
        across = label_columns(cx, owner, frame, parts[1])
        if across is None:
            return cx.unknown("which columns are selected is not known")
        if not isinstance(across, Instance) or not is_frame(across):
            return across
        inner = frame_of(cx, across)
    else:
        inner = frame
    rows = label_rows(cx, inner, parts[0], owner)
    if rows is None:
        return cx.unknown("which rows are selected is not known")
    if rows == "one":
        return scalar(inner.only) if inner.flat else row_of(cx, inner)
    assert isinstance(rows, Frame)
    return wrapped(rows)
