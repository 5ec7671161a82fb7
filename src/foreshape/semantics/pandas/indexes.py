"""Index objects made directly, and what remains of the module: options, constants.

https://pandas.pydata.org/docs/reference/indexing.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Const, Instance, RangeValue, Typed, Value, as_dim, as_str
from foreshape.semantics.pandas.construct import column_of
from foreshape.semantics.pandas.support import (
    INDEX,
    NDFRAME,
    UNKNOWN_NAME,
    Column,
    finish,
    frame_of,
    index_name,
    index_value,
    is_frame,
    label_of,
    labels_of,
    wrapped,
)
from foreshape.semantics.registry import constant, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


@rule("pandas.Index")
def index(
    cx: Context,
    data: Value | None = None,
    dtype: Value | None = None,
    *args: Value,
    name: Value | None = None,
    **kwargs: Value,
) -> Value:
    own = index_name(name)
    if data is None:
        return index_value(0, "object", (), own)
    if is_frame(data):
        frame = frame_of(cx, data)
        if frame.flat:
            return index_value(frame.rows, frame.only.dtype, frame.only.data, own or frame.only.name)
        return index_value(frame.rows, None, None, own)
    labels = labels_of(cx, data)
    column, length, _ = column_of(cx, None, data)
    return index_value(
        cx.fresh(lo=0) if length is None else length,
        column.dtype,
        tuple(labels) if labels is not None else None,
        own,
    )


@rule("pandas.DatetimeIndex")
def datetime_index(cx: Context, data: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    if data is not None and is_frame(data):
        return index_value(frame_of(cx, data).rows, None, form="DatetimeIndex")
    length = None if data is None else cx.length(data)
    return index_value(cx.fresh(lo=0) if length is None else length, None, form="DatetimeIndex")


@rule(f"{NDFRAME}.rename_axis")
def rename_axis(cx: Context, self: Instance, mapper: Value | None = None, **kwargs: Value) -> Value:
    """The same frame, its index under another name."""
    frame = frame_of(cx, self)
    named = kwargs.get("index", mapper if mapper is not None and "axis" not in kwargs else None)
    if named is not None:
        frame = frame.replace(index=frame.index.renamed(index_name(named)))
    elif "columns" not in kwargs:
        frame = frame.replace(index=frame.index.renamed(UNKNOWN_NAME))
    return finish(cx, self, frame, kwargs.get("inplace"))


@rule(f"{INDEX}.__setattr__")
def set_index_attribute(cx: Context, self: Instance, name: Value, value: Value) -> Value:
    """``df.index.name = "day"`` names the index of the frame as well."""
    owner = self.fields.get("~owner")
    if not isinstance(owner, Instance) or as_str(name) not in ("name", "names"):
        return Const(None)
    labels = labels_of(cx, value) if as_str(name) == "names" else [None]
    given_name = index_name(value) if as_str(name) == "name" else UNKNOWN_NAME
    if as_str(name) == "names" and labels is not None and len(labels) == 1 and isinstance(labels[0], str):
        given_name = labels[0]
    frame = frame_of(cx, owner)
    cx.set(owner, "~frame", frame.replace(index=frame.index.renamed(given_name)))
    return Const(None)


@rule("pandas.RangeIndex")
def range_index(
    cx: Context, start: Value | None = None, stop: Value | None = None, step: Value | None = None, **kwargs: Value
) -> Value:
    name = index_name(kwargs.get("name"))
    if isinstance(start, RangeValue):
        return index_value(cx.length(start) or cx.fresh(lo=0), "int64", name=name, form="RangeIndex")
    first, last = as_dim(start), as_dim(stop) if stop is not None else None
    if step is None and first is not None:
        rows = first if last is None else last - first
        return index_value(rows, "int64", name=name, form="RangeIndex", start=0 if last is None else first)
    return index_value(cx.fresh(lo=0), "int64", name=name)


@rule(
    "pandas.MultiIndex.from_product",
    "pandas.MultiIndex.from_tuples",
    "pandas.MultiIndex.from_arrays",
    "pandas.MultiIndex",
    "pandas.CategoricalIndex",
    "pandas.PeriodIndex",
    "pandas.IntervalIndex",
    "pandas.TimedeltaIndex",
)
def other_index(cx: Context, *args: Value, **kwargs: Value) -> Value:
    return cx.unknown("an index of several levels")


@rule(f"{INDEX}.get_loc")
def get_loc(cx: Context, self: Instance, key: Value, *args: Value) -> Value:
    frame = frame_of(cx, self)
    label = label_of(key)
    data = frame.only.data
    if label is not None and data is not None and data.count(label[0]) == 1:
        return Const(data.index(label[0]))
    return Typed("int", lo=0, hi=frame.rows - 1)


@rule(f"{INDEX}.intersection", f"{INDEX}.union", f"{INDEX}.append", f"{INDEX}.insert")
def combined(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    return index_value(cx.fresh(lo=0), None)


@rule(f"{INDEX}.drop")
def drop(cx: Context, self: Instance, labels: Value, *args: Value, **kwargs: Value) -> Value:
    return without(cx, self, labels)


@rule(f"{INDEX}.difference")
def difference(cx: Context, self: Instance, other: Value, *args: Value, **kwargs: Value) -> Value:
    return without(cx, self, other)


def without(cx: Context, self: Instance, other: Value) -> Value:
    frame = frame_of(cx, self)
    label = label_of(other)
    theirs = [label[0]] if label is not None and not isinstance(label[0], tuple) else labels_of(cx, other)
    data = frame.only.data
    if data is not None and theirs is not None:
        kept = tuple(item for item in data if item not in theirs)
        return index_value(len(kept), frame.only.dtype, kept)
    return index_value(cx.fresh(None, 0, frame.rows), frame.only.dtype)


@rule(f"{INDEX}.to_series")
def to_series(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    frame = frame_of(cx, self)
    return wrapped(frame.replace(form="Series"))


@rule(f"{INDEX}.astype")
def astype(cx: Context, self: Instance, dtype: Value, copy: Value | None = None) -> Value:
    from foreshape.semantics.pandas.construct import as_dtype

    return index_value(frame_of(cx, self).rows, as_dtype(cx, dtype))


@rule(
    f"{INDEX}.normalize",
    f"{INDEX}.floor",
    f"{INDEX}.ceil",
    f"{INDEX}.round",
    f"{INDEX}.tz_localize",
    f"{INDEX}.tz_convert",
    f"{INDEX}.strftime",
    f"{INDEX}.day_name",
    f"{INDEX}.month_name",
    f"{INDEX}.rename",
    f"{INDEX}.sort_values",
    f"{INDEX}.set_names",
    f"{INDEX}.fillna",
)
def mapped(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    frame = frame_of(cx, self)
    if "return_indexer" in kwargs:
        return cx.unknown("an index and the places of its labels")
    return wrapped(frame.replace(index=frame.index.part()).each(lambda one: Column(one.name, None)))


@rule(
    "pandas.set_option",
    "pandas.reset_option",
    "pandas.option_context",
    "pandas.plotting.register_matplotlib_converters",
    "pandas.testing.assert_frame_equal",
    "pandas.testing.assert_series_equal",
    "pandas.options.display",
)
def option(cx: Context, *args: Value, **kwargs: Value) -> Value:
    return Const(None)


@constant("pandas.NaT", "pandas.NA")
def missing_value(cx: Context) -> Value:
    return cx.unknown("a missing value")


QUESTIONS: Final = (
    "any_real_numeric_dtype bool bool_dtype complex complex_dtype datetime64_any_dtype datetime64_dtype "
    "datetime64_ns_dtype dict_like extension_array_dtype file_like float float_dtype hashable integer integer_dtype "
    "iterator list_like named_tuple number numeric_dtype object_dtype re re_compilable scalar signed_integer_dtype "
    "string_dtype timedelta64_dtype timedelta64_ns_dtype unsigned_integer_dtype"
)


@rule(*(f"pandas.api.types.is_{name}" for name in QUESTIONS.split()))
def dtype_question(cx: Context, arr: Value) -> Value:
    return Typed("bool")
