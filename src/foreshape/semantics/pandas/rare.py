"""Methods of frames and series that programs use less often.

https://pandas.pydata.org/docs/reference/index.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Const, DictValue, Instance, Typed, Value, as_dim, as_str
from foreshape.semantics.numpy.support import given, listed, made
from foreshape.semantics.pandas.arithmetic import aligned
from foreshape.semantics.pandas.support import (
    DATAFRAME,
    NDFRAME,
    SERIES,
    Column,
    Frame,
    Labels,
    frame_of,
    is_frame,
    is_listlike,
    labels_of,
    wrapped,
)
from foreshape.semantics.registry import attribute, library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

OTHER: Final = Labels("other")


# -- labels ----------
@rule(f"{SERIES}.add_prefix", f"{SERIES}.add_suffix")
def affixed(cx: Context, self: Instance, text: Value, axis: Value | None = None) -> Value:
    """The same values under other labels."""
    return wrapped(frame_of(cx, self).replace(index=OTHER))


@rule(f"{NDFRAME}.droplevel", f"{NDFRAME}.reorder_levels", f"{NDFRAME}.swaplevel")
def levels(cx: Context, self: Instance, *args: Value, axis: Value | None = None, **kwargs: Value) -> Value:
    """The same values; the labels have other levels."""
    frame = frame_of(cx, self)
    if frame.flat:
        return wrapped(frame.replace(index=frame.index.part()))
    if axis is None and len(args) <= 1:
        return wrapped(frame.replace(index=frame.index.part()))
    return wrapped(Frame(frame.rows, (), "DataFrame", frame.index, frame.width, False))


@rule(f"{SERIES}.keys")
def keys(cx: Context, self: Instance) -> Value:
    """The index."""
    return cx.get_attribute(self, "index")


@rule(f"{NDFRAME}.reindex_like")
def reindex_like(cx: Context, self: Instance, other: Value, *args: Value, **kwargs: Value) -> Value:
    """The labels of the other one."""
    if not is_frame(other):
        return cx.unknown("what it is shaped like is not known")
    mine, theirs = frame_of(cx, self), frame_of(cx, other)
    if mine.flat or theirs.flat:
        return wrapped(mine.replace(rows=theirs.rows, index=theirs.index).each(lambda one: Column(one.name, None)))
    return wrapped(theirs.each(lambda one: Column(one.name, None)))


# -- two of them ----------
@rule(f"{NDFRAME}.align")
def align(cx: Context, self: Instance, other: Value, *args: Value, **kwargs: Value) -> Value:
    """Both with the labels of both."""
    if not is_frame(other) or args or kwargs:
        return cx.unknown("two aligned frames")
    mine, theirs = frame_of(cx, self), frame_of(cx, other)
    if mine.flat and theirs.flat and aligned(cx, mine, theirs):
        return listed("tuple", [self, other])
    return cx.unknown("two aligned frames")


@rule(f"{DATAFRAME}.update", f"{SERIES}.update")
def update(cx: Context, self: Instance, other: Value, *args: Value, **kwargs: Value) -> Value:
    """Values of the other one put in place: no shape changes."""
    cx.set(self, "~frame", frame_of(cx, self).each(lambda one: Column(one.name, None)))
    return Const(None)


@rule(f"{SERIES}.divmod")
def divided(cx: Context, self: Instance, other: Value, *args: Value, **kwargs: Value) -> Value:
    """Quotients and remainders."""
    return listed("tuple", [cx.binary(op, self, other) for op in ("//", "%")])


# -- values ----------
@rule(f"{SERIES}.repeat")
def repeat(cx: Context, self: Instance, repeats: Value, axis: Value | None = None) -> Value:
    """Every value so many times."""
    frame, count = frame_of(cx, self), as_dim(repeats)
    rows: DimLike = cx.fresh("rows repeated", 0) if count is None or is_listlike(repeats) else frame.rows * count
    return wrapped(frame.replace(rows=rows, index=frame.index.part()).each(Column.loose))


@rule(f"{SERIES}.searchsorted")
def searchsorted(
    cx: Context, self: Instance, value: Value, side: Value | None = None, sorter: Value | None = None
) -> Value:
    """Where the values belong: one for a number, an array for several."""
    if isinstance(value, (Const, Typed)) or as_dim(value) is not None:
        return made((), "int64", 0)
    count = cx.length(value)
    return cx.unknown("how many values are looked up") if count is None else made((count,), "int64", 0)


@rule(f"{SERIES}.case_when")
def case_when(cx: Context, self: Instance, caselist: Value) -> Value:
    """The first replacement whose condition holds."""
    return wrapped(frame_of(cx, self).each(lambda one: Column(one.name, None)))


@rule(f"{SERIES}.filter")
def filtered(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """The values whose label is asked for."""
    frame = frame_of(cx, self)
    return wrapped(
        frame.replace(rows=cx.fresh("rows kept", 0, frame.rows), index=frame.index.part()).each(Column.loose)
    )


@rule(f"{SERIES}.get")
def get(cx: Context, self: Instance, key: Value, default: Value | None = None) -> Value:
    return cx.unknown("whether the label is there is not known")


@rule(f"{DATAFRAME}.isetitem")
def isetitem(cx: Context, self: Instance, loc: Value, value: Value) -> Value:
    """A column by its place."""
    frame, place = frame_of(cx, self), as_dim(loc)
    if frame.closed and isinstance(place, int) and 0 <= place < len(frame.columns):
        columns = tuple(Column(one.name, None) if k == place else one for k, one in enumerate(frame.columns))
        cx.set(self, "~frame", frame.replace(columns=columns))
    else:
        cx.set(self, "~frame", frame.each(lambda one: Column(one.name, None)))
    return Const(None)


@attribute(f"{SERIES}.nbytes")
def nbytes(cx: Context, self: Instance) -> Value:
    return Typed("int", lo=0)


@attribute(f"{NDFRAME}.attrs")
def attrs(cx: Context, self: Instance) -> Value:
    return DictValue({}, cx.unknown("what the program keeps with a frame"))


@rule(f"{DATAFRAME}.to_records")
def to_records(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """A structured array, a row each."""
    return Array("numpy", (frame_of(cx, self).rows,), None)


@rule(f"{NDFRAME}.to_orc", f"{NDFRAME}.to_stata", f"{NDFRAME}.to_xml", f"{NDFRAME}.to_iceberg")
def written(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    return Const(None) if args and given(args[0]) else cx.unknown("the text of a frame, or nothing")


# -- functions ----------
@rule("pandas.merge_asof")
def merge_asof(
    cx: Context, left: Value, right: Value, on: Value | None = None, left_on: Value | None = None,
    right_on: Value | None = None, *args: Value, **kwargs: Value,
) -> Value:  # fmt: skip
    """The rows of the left, each with the nearest of the right."""
    if not is_frame(left, "DataFrame") or not is_frame(right, "DataFrame"):
        return cx.unknown("a frame that is merged is not known")
    a, b = frame_of(cx, left), frame_of(cx, right)
    shared = 1 if on is not None and as_str(on) is not None else None
    by = kwargs.pop("by", None)
    if by is not None and shared is not None:
        names = labels_of(cx, by) if is_listlike(by) else [as_str(by)]
        shared = None if names is None else shared + len(names)
    plain = shared is not None and not args and not (set(kwargs) & {"left_index", "right_index", "left_by", "right_by"})
    width: DimLike = a.width + b.width - shared if plain and shared is not None else cx.fresh("columns", 0)
    return wrapped(Frame(a.rows, (), "DataFrame", Labels(), width, False))


@rule("pandas.merge_ordered")
def merge_ordered(cx: Context, left: Value, right: Value, *args: Value, **kwargs: Value) -> Value:
    return wrapped(Frame(cx.fresh("rows", 0), (), "DataFrame", Labels(), cx.fresh("columns", 0), False))


@rule("pandas.from_dummies")
def from_dummies(cx: Context, data: Value, *args: Value, **kwargs: Value) -> Value:
    """A column for each group of dummies."""
    if not is_frame(data):
        return cx.unknown("the dummies are not known")
    frame = frame_of(cx, data)
    width: DimLike = cx.fresh("columns", 1) if args or "sep" in kwargs else 1
    return wrapped(Frame(frame.rows, (), "DataFrame", frame.index, width, False))


@rule("pandas.NamedAgg")
def named_agg(cx: Context, column: Value, aggfunc: Value, *args: Value, **kwargs: Value) -> Value:
    """A pair of a column and a function."""
    return cx.unknown("an aggregation with options") if args or kwargs else listed("tuple", [column, aggfunc])


@rule("pandas.to_pickle", "pandas.show_versions", "pandas.describe_option", "pandas.set_eng_float_format")
def nothing(cx: Context, *args: Value, **kwargs: Value) -> Value:
    return Const(None)


@rule("pandas.get_option")
def get_option(cx: Context, pat: Value) -> Value:
    return cx.unknown("an option of pandas")


for _name in ("ExcelWriter", "ExcelFile", "HDFStore"):
    library_type(f"pandas.{_name}", "builtins.object")


@rule("pandas.ExcelWriter.__init__", "pandas.ExcelFile.__init__", "pandas.HDFStore.__init__")
def opened(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    return Const(None)


@rule("pandas.ExcelWriter.__enter__", "pandas.ExcelFile.__enter__", "pandas.HDFStore.__enter__")
def entered(cx: Context, self: Instance) -> Value:
    return self
