"""``df[...]`` and ``s[...]``: a column, several columns, a slice of rows, the rows where a mask is true.

https://pandas.pydata.org/docs/user_guide/indexing.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain import compare
from foreshape.domain.values import (
    Array,
    Const,
    Instance,
    Sequence,
    SliceValue,
    Typed,
    Value,
    as_dim,
    is_none,
)
from foreshape.faults.base import Fault, Raises
from foreshape.semantics.numpy.array_from import as_array
from foreshape.semantics.numpy.dtypes import kind_of
from foreshape.semantics.pandas.attributes import cell
from foreshape.semantics.pandas.selection import (
    column,
    columns,
    in_range,
    label_rows,
    mask_of,
    masked,
    position_fault,
    sliced,
)
from foreshape.semantics.pandas.support import (
    BY,
    DATAFRAME,
    INDEX,
    LEVEL,
    SERIES,
    Column,
    Frame,
    frame_of,
    frame_value,
    is_frame,
    is_listlike,
    label_of,
    labels_of,
    missing_key,
    scalar,
    series,
    wrapped,
)
from foreshape.semantics.registry import rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


@rule(f"{DATAFRAME}.__getitem__", doc="https://pandas.pydata.org/docs/user_guide/indexing.html")
def getitem(cx: Context, self: Instance, key: Value) -> Value:
    """A column, several columns, a slice of rows, or the rows where a mask is true."""
    frame = frame_of(cx, self)
    if isinstance(key, SliceValue):
        return wrapped(_row_slice(cx, frame, key))
    if isinstance(key, Sequence) and key.kind == "tuple":
        items = key.contents.items(8) or ()
        several = any(isinstance(one.name, tuple) for one in frame.columns)
        if not several and any(isinstance(item, (SliceValue, Sequence)) for item in items):
            raise _not_a_key(cx, key, items, frame)
    label = label_of(key)
    if label is not None and LEVEL in frame.columns and frame.find(label[0]) is None:
        return cx.unknown("it may be a column, or all columns of one level")
    if label is not None:
        return column(cx, self, frame, label, key)
    mask = mask_of(cx, key)
    if mask is not None:
        return wrapped(masked(cx, frame, key, mask[0]))
    if is_frame(key, "DataFrame"):
        return wrapped(frame.each(lambda one: Column(one.name, _with_gaps(one.dtype))))
    if is_listlike(key):
        wanted = labels_of(cx, key)
        if wanted is not None:
            return columns(cx, self, frame, wanted)
        if isinstance(key, Array) and key.dtype is None:
            return cx.unknown("whether columns or rows are selected is not known")
        if is_frame(key) and frame_of(cx, key).form == "Series" and frame_of(cx, key).only.dtype is None:
            return cx.unknown("whether columns or rows are selected is not known")
        if isinstance(key, Array) and kind_of(key.dtype) == "i" and key.shape and frame.complete and frame.columns:
            named = all(isinstance(one.name, str) for one in frame.columns)
            if named and cx.at_least(key.shape[0], 1):
                text = "None of [Index([...], dtype='int64')] are in the [columns]"
                raise missing_key(repr(text), "...", frame, self, recover=frame_value(frame.rows, ()))
        count = cx.length(key) if not isinstance(key, Array) else key.shape[0] if key.shape else None
        width = cx.fresh(lo=0) if count is None else cx.resolve(count)
        return wrapped(Frame(frame.rows, (), "DataFrame", frame.index, width, False))
    if isinstance(key, Typed) and key.kind in ("str", "int"):
        return series(frame.rows, _any_column(frame), frame.index)
    return cx.unknown("which column this is cannot be told")


def _with_gaps(dtype: str | None) -> str | None:
    from foreshape.semantics.pandas.support import float_result

    return float_result(dtype)


def _any_column(frame: Frame) -> Column:
    if not frame.closed or not frame.columns:
        return Column(None, None)
    dtypes = {one.dtype for one in frame.columns}
    return Column(None, dtypes.pop() if len(dtypes) == 1 else None)


def _row_slice(cx: Context, frame: Frame, key: SliceValue) -> Frame:
    ends = (key.start, key.stop)
    if all(is_none(end) or as_dim(end) is not None for end in ends):
        return sliced(cx, frame, key)
    return frame.replace(rows=cx.fresh("rows kept", 0, frame.rows), index=frame.index.part()).each(Column.loose)


def _not_a_key(cx: Context, key: Value, items: tuple[Value, ...], frame: Frame) -> Fault:
    """``df[:, 0]``: a frame is indexed by column; positions go through ``iloc``."""
    from foreshape.faults.invalid_argument import InvalidArgument

    shown = ", ".join(_shown(cx, item) for item in items)
    text = f"({shown})"
    return InvalidArgument(Raises("InvalidIndexError", text, by=BY), values=(key,), argument="key", given=text)


def _shown(cx: Context, item: Value) -> str:
    if isinstance(item, SliceValue):
        return f"slice({', '.join(_shown(cx, end) for end in (item.start, item.stop, item.step))})"
    if isinstance(item, Const):
        return repr(item.value)
    if isinstance(item, Sequence):
        inner = item.contents.items(16)
        if inner is not None:
            return "[" + ", ".join(_shown(cx, one) for one in inner) + "]"
    return cx.text(item) or "..."


@rule(f"{SERIES}.__getitem__")
def series_item(cx: Context, self: Instance, key: Value) -> Value:
    """An element by label, or several."""
    frame = frame_of(cx, self)
    if isinstance(key, SliceValue):
        return wrapped(_row_slice(cx, frame, key))
    if isinstance(key, Sequence) and key.kind == "tuple":
        items = key.contents.items(4) or ()
        if any(is_none(item) for item in items):
            text = (
                "Multi-dimensional indexing (e.g. `obj[:, None]`) is no longer supported. Convert to a numpy array "
                "before indexing instead."
            )
            from foreshape.semantics.pandas.support import invalid

            raise invalid("key", cx.text(key), text, key)
        if len(items) > 1 and frame.index.kind != "several" and any(isinstance(item, SliceValue) for item in items):
            text = "key of type tuple not found and not a MultiIndex"
            raise missing_key(repr(text), cx.text(key), None, key)
        return cx.unknown("this index of a series is not modelled")
    if frame.index.kind == "datetime" and cx.targets.at_least("pandas", "3"):
        _no_positions(cx, self, frame, key)
    rows = label_rows(cx, frame, key, self)
    if rows is None:
        dim = as_dim(key)
        if dim is not None and frame.index.kind == "datetime" and not cx.targets.at_least("pandas", "3"):
            return scalar(frame.only)
        return (
            scalar(frame.only)
            if frame.index.kind in ("columns", "labels") and label_of(key) is not None and (frame.index.data is None)
            else cx.unknown("which rows are selected is not known")
        )
    if rows == "one":
        label = label_of(key)
        return scalar(frame.only) if label is None else cell(frame, label[0])
    assert isinstance(rows, Frame)
    return wrapped(rows)


def _no_positions(cx: Context, self: Instance, frame: Frame, key: Value) -> None:
    """KeyError: where the labels are dates, numbers are looked for among them; positions go through ``iloc``."""
    dim = as_dim(key)
    if dim is not None:
        raise _dated(str(dim), dim if isinstance(dim, int) else str(dim), self)
    if not isinstance(key, (Array, Sequence)):
        return
    array = as_array(cx, key)
    if isinstance(array, Array) and kind_of(array.dtype) in ("i", "u") and array.shape and len(array.shape) == 1:
        if compare.ge(array.shape[0], 1, cx.facts).is_yes:
            text = "None of [Index([...], dtype='int64')] are in the [index]"
            raise _dated(repr(text), cx.text(key) or "...", self)


def _dated(text: str, key: object, self: Instance) -> Fault:
    from foreshape.faults.missing_key import MissingKey

    return MissingKey(Raises("KeyError", text, by=BY), values=(self,), key=repr(key), dated=True)


def _within(part: Instance, whole: Frame) -> Instance:
    """Some labels of an index: they are all there in what the index belongs to."""
    part.fields["~within"] = whole.index
    return part


@rule(f"{INDEX}.__getitem__")
def index_item(cx: Context, self: Instance, key: Value) -> Value:
    """By position."""
    frame = frame_of(cx, self)
    if isinstance(key, SliceValue):
        return _within(wrapped(sliced(cx, frame, key)), frame)
    mask = mask_of(cx, key)
    if mask is not None:
        return _within(wrapped(masked(cx, frame, key, mask[0], positional=True)), frame)
    dim = as_dim(key)
    if dim is not None:
        data = frame.only.data
        if not in_range(cx, dim, frame.rows):
            raise position_fault(
                dim, frame.rows, self, f"index {dim} is out of bounds for axis 0 with size {frame.rows}"
            )
        if data is not None and isinstance(dim, int) and -len(data) <= dim < len(data):
            from foreshape.semantics.pandas.attributes import name_value

            return name_value(data[dim])
        return Typed("str") if frame.only.dtype == "str" else scalar(frame.only)
    if is_listlike(key):
        count = cx.length(key)
        return wrapped(
            frame.replace(rows=cx.fresh(lo=0) if count is None else count, index=frame.index.part()).each(Column.loose)
        )
    return cx.unknown("which label this is cannot be told")


@rule(f"{DATAFRAME}.get")
def get(cx: Context, self: Instance, key: Value, default: Value | None = None) -> Value:
    frame = frame_of(cx, self)
    label = label_of(key)
    if label is not None and frame.find(label[0]) is not None:
        return getitem(cx, self, key)
    if label is not None and frame.complete:
        return Const(None) if default is None else default
    return cx.unknown("whether there is such a column is not known")
