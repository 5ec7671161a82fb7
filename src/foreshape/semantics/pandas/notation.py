"""Expressions in texts, cross sections, styles, and the small classes that say what a column or a slice is.

https://pandas.pydata.org/docs/user_guide/enhancingperf.html#expression-evaluation-via-eval
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Const, Instance, LibraryRef, Sequence, Value, as_int, as_str, is_none
from foreshape.semantics.numpy.support import made
from foreshape.semantics.pandas.support import (
    BY,
    DATAFRAME,
    NDFRAME,
    SERIES,
    Column,
    Labels,
    finish,
    frame_of,
    is_frame,
    series,
    wrapped,
)
from foreshape.semantics.registry import attribute, constant, library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

OTHER: Final = Labels("other")
ASSIGNED: Final = re.compile(r"^\s*([A-Za-z_]\w*)\s*=(?!=)")
PLAIN: Final = re.compile(r"[\w\s+\-*/%<>=!&|~()@.]+")
"""Names, numbers and operators."""
CALLED: Final = re.compile(r"\w\s*\(|[A-Za-z_]\w*\.\w")
"""A function or a method: it may give one number for all rows."""


# -- expressions ----------
@rule(f"{DATAFRAME}.eval")
def evaluate(cx: Context, self: Instance, expr: Value, *, inplace: Value | None = None, **kwargs: Value) -> Value:
    """A Series of the rows, or the frame with a column for each line ``name = expression``."""
    text = as_str(expr)
    frame = frame_of(cx, self)
    if text is None:
        return cx.unknown("the expression is not known")
    if any(name in kwargs for name in ("resolvers", "local_dict", "global_dict", "target")):
        return cx.unknown("what names stand for in an expression is not known")
    lines = [line for line in text.splitlines() if line.strip()]
    names = [found[1] if (found := ASSIGNED.match(line)) else None for line in lines]
    if names == [None]:
        whole = PLAIN.fullmatch(text) is not None and not CALLED.search(text)
        if whole and any(
            isinstance(one.name, str) and re.search(rf"\b{re.escape(one.name)}\b", text) for one in frame.columns
        ):
            return series(frame.rows, Column(None, None), frame.index)
        return cx.unknown("what an expression in a text gives")
    if any(name is None for name in names):
        return cx.unknown("an expression of several lines")
    columns = frame.columns
    width = frame.width
    for name in names:
        if frame.find(name) is None and all(one.name != name for one in columns):
            if not frame.complete:
                return cx.unknown("whether the column was there before is not known")
            width = width + 1
            columns = (*columns, Column(name, None))
        else:
            columns = tuple(Column(name, None) if one.name == name else one for one in columns)
    made = frame.replace(columns=columns, width=None if frame.closed else width)
    return finish(cx, self, made, inplace)


@rule("pandas.eval")
def pandas_eval(cx: Context, expr: Value, *args: Value, **kwargs: Value) -> Value:
    """Whatever the text says."""
    return cx.unknown("what an expression in a text gives")


# -- parts ----------
@rule(f"{NDFRAME}.xs")
def cross_section(
    cx: Context, self: Instance, key: Value, axis: Value | None = None, level: Value | None = None,
    drop_level: Value | None = None,
) -> Value:  # fmt: skip
    """A row, or a column with ``axis=1``, as ``loc`` takes it."""
    word = as_str(axis)
    place = 0 if axis is None else as_int(axis) if word is None else {"index": 0, "columns": 1}.get(word)
    if (level is not None and not is_none(level)) or drop_level is not None or place is None:
        return cx.unknown("a cross section of a level of labels")
    if place == 1:
        return cx.get_item(self, key)
    return cx.get_item(cx.get_attribute(self, "loc"), key)


@rule(f"{SERIES}.pop")
def pop(cx: Context, self: Instance, item: Value) -> Value:
    """An element, which is taken out."""
    found = cx.get_item(self, item)
    frame = frame_of(cx, self)
    cx.set(self, "~frame", frame.replace(rows=frame.rows - 1, index=frame.index.part()).each(Column.loose))
    return found


@rule(f"{NDFRAME}.asof")
def asof(cx: Context, self: Instance, where: Value, subset: Value | None = None) -> Value:
    """The last row before a label."""
    if not frame_of(cx, self).flat or isinstance(where, Sequence) or not isinstance(where, Const):
        return cx.unknown("the last rows before some labels")
    return made((), frame_of(cx, self).only.dtype)


# -- two of them ----------
@rule(f"{NDFRAME}.combine")
def combine(
    cx: Context,
    self: Instance,
    other: Value,
    func: Value,
    fill_value: Value | None = None,
    overwrite: Value | None = None,
) -> Value:
    """What a function makes of each pair of columns: the labels of both."""
    if not is_frame(other):
        return cx.unknown("two frames combined")
    mine, theirs = frame_of(cx, self), frame_of(cx, other)
    names = [column.name for column in mine.columns]
    alike = mine.closed and theirs.closed and [column.name for column in theirs.columns] == names
    if mine.form != theirs.form or mine.index is not theirs.index or not (mine.flat or alike):
        return cx.unknown("two frames combined")
    return wrapped(mine.each(lambda one: Column(one.name, None)))


@rule(f"{DATAFRAME}.compare", f"{SERIES}.compare")
def compare(cx: Context, self: Instance, other: Value, *args: Value, **kwargs: Value) -> Value:
    """The rows and columns that differ. ValueError for other numbers of rows or columns."""
    if is_frame(other):
        mine, theirs = frame_of(cx, self), frame_of(cx, other)
        same = cx.equal(mine.rows, theirs.rows) and (mine.flat or cx.equal(mine.width, theirs.width))
        if not same:
            from foreshape.faults.base import Raises
            from foreshape.faults.cardinality import Cardinality

            what = "Series" if mine.flat else "DataFrame"
            which = "" if mine.flat else " (both index and columns)"
            text = f"Can only compare identically-labeled{which} {what} objects"
            sizes = (("self", mine.rows), ("other", theirs.rows))
            if not mine.flat and mine.rows == theirs.rows:
                sizes = (("columns of self", mine.width), ("columns of other", theirs.width))
            raise Cardinality(Raises("ValueError", text, by=BY), values=(self, other), sizes=sizes)
    return cx.unknown("where two frames differ")


# -- styles ----------
STYLER: Final = library_type("pandas.io.formats.style.Styler")


@attribute(f"{DATAFRAME}.style")
def style(cx: Context, self: Instance) -> Value:
    """How a frame is shown."""
    return Instance(LibraryRef(STYLER), {"data": self})


@rule(*(
    f"{STYLER}.{name}"
    for name in (
        "apply", "map", "applymap", "apply_index", "map_index", "background_gradient", "bar", "format", "format_index",
        "hide", "highlight_between", "highlight_max", "highlight_min", "highlight_null", "highlight_quantile", "pipe",
        "relabel_index", "set_caption", "set_properties", "set_sticky", "set_table_attributes", "set_table_styles",
        "set_td_classes", "set_tooltips", "set_uuid", "text_gradient", "use", "concat", "hide_index", "set_precision",
    )
))  # fmt: skip
def styled(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """The style itself."""
    return self


# -- what a slice or a column is ----------
SLICES: Final = library_type("pandas.~IndexSlice")


@constant("pandas.IndexSlice")
def slices(cx: Context) -> Value:
    """``pd.IndexSlice[...]`` writes slices as a call could not."""
    return Instance(LibraryRef(SLICES))


@rule(f"{SLICES}.__getitem__")
def index_slice(cx: Context, self: Value, key: Value) -> Value:
    """The key as it is written."""
    return key


for _name in (
    "ArrowDtype", "BooleanDtype", "CategoricalDtype", "DatetimeTZDtype", "Float32Dtype", "Float64Dtype", "Int8Dtype",
    "Int16Dtype", "Int32Dtype", "Int64Dtype", "IntervalDtype", "PeriodDtype", "SparseDtype", "StringDtype", "UInt8Dtype",
    "UInt16Dtype", "UInt32Dtype", "UInt64Dtype", "Interval", "Grouper",
):  # fmt: skip
    library_type(f"pandas.{_name}")
