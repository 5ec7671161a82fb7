"""Reductions and summaries: mean, sum, describe, value_counts, unique.

https://pandas.pydata.org/docs/reference/frame.html#computations-descriptive-stats
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents
from foreshape.domain.dim import DimLike
from foreshape.domain.values import (
    Array,
    Const,
    Instance,
    LibraryRef,
    Sequence,
    Typed,
    UnknownElement,
    Value,
    as_bool,
    as_int,
    as_str,
    int_value,
)
from foreshape.semantics.numpy.dtypes import kind_of
from foreshape.semantics.numpy.support import given, made
from foreshape.semantics.pandas.axes import along
from foreshape.semantics.pandas.support import (
    BY,
    DATAFRAME,
    INDEX,
    NDFRAME,
    SERIES,
    Column,
    Frame,
    Labels,
    as_values,
    frame_of,
    index_value,
    is_frame,
    is_numeric,
    named_in,
    refuse_absent,
    scalar,
    wrapped,
)
from foreshape.semantics.registry import attribute, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

FLOATS = ("mean", "std", "var", "sem", "median", "skew", "kurt", "kurtosis")
SAME = ("max", "min")
OTHERS = ("sum", "prod", "product", "count", "any", "all")


def reduced(name: str, dtype: str | None) -> str | None:
    """The dtype of a reduction of one column."""
    if name in ("any", "all"):
        return "bool"
    if name == "count":
        return "int64"
    if not is_numeric(dtype):
        return None
    if name in FLOATS:
        return dtype if kind_of(dtype) == "f" else "float64"
    if name in ("sum", "prod", "product"):
        if dtype == "bool" or kind_of(dtype) == "i":
            return "int64"
        return "uint64" if kind_of(dtype) == "u" else dtype
    return dtype


def over_columns(name: str, frame: Frame, numeric: bool = False) -> Value:
    """One number per column, as a Series over their names."""
    columns = frame.columns
    if numeric:
        if not frame.closed or any(one.dtype is None for one in columns):
            return wrapped(Frame(frame.width, (Column(None, None),), "Series", Labels("columns")))
        columns = tuple(one for one in columns if is_numeric(one.dtype))
    names = tuple(one.name for one in columns) if frame.closed else None
    dtypes = {reduced(name, one.dtype) for one in columns} if frame.closed else {None}
    dtype = dtypes.pop() if len(dtypes) == 1 else None
    if frame.closed and not columns:
        dtype = None
    if dtypes and {"int64", "float64"} == dtypes | {dtype} - {None}:
        dtype = "float64"
    count: DimLike = len(columns) if frame.closed else frame.width
    if dtypes <= {"int64", "float64", "float32"} and len(dtypes) > 1:
        dtype = "float64"
    return wrapped(Frame(count, (Column(None, dtype),), "Series", Labels("columns", names)))


def over_rows(name: str, frame: Frame) -> Value:
    """One number per row."""
    dtypes = {one.dtype for one in frame.columns} if frame.closed else {None}
    dtype = reduced(name, dtypes.pop()) if len(dtypes) == 1 else None
    if frame.closed and name in FLOATS and all(one.dtype in ("int64", "float64") for one in frame.columns):
        dtype = "float64"
    return wrapped(Frame(frame.rows, (Column(None, dtype),), "Series", frame.index))


def _no_texts(cx: Context, self: Instance, frame: Frame, name: str) -> None:
    """A mean of texts is a TypeError."""
    if not cx.targets.at_least("pandas", "3") or not any(one.dtype == "str" for one in frame.columns):
        return
    from foreshape.faults.base import Raises
    from foreshape.faults.dtype_mismatch import DtypeMismatch

    raise DtypeMismatch(
        Raises("TypeError", f"Cannot perform reduction '{name}' with string dtype", by=BY),
        values=(self,),
        taker=name,
        got=("str",),
        wanted=None,
        recover=over_columns(name, frame, True) if not frame.flat else None,
    )


def _reduction(name: str) -> None:
    @rule(f"{NDFRAME}.{name}", f"{INDEX}.{name}")
    def reduction(cx: Context, self: Instance, axis: Value | None = None, *args: Value, **kwargs: Value) -> Value:
        """A number of a Series; of a frame one per column, or per row with ``axis=1``."""
        frame = frame_of(cx, self)
        numeric = kwargs.get("numeric_only") is not None and as_bool(kwargs["numeric_only"]) is not False
        if name in ("mean", "std", "var", "sem", "median") and not numeric:
            _no_texts(cx, self, frame, name)
        if axis is not None and given(axis):
            along(cx, self, axis, name)
        if frame.flat:
            dtype = reduced(name, frame.only.dtype)
            if name in SAME and frame.only.dtype == "str":
                return Typed("str")
            if dtype is None:
                if name in ("max", "min") and (frame.only.dtype or "").startswith("datetime64"):
                    return Instance(LibraryRef("pandas.Timestamp"))
                return UnknownElement("a summary of values whose type is not known")
            lo, hi = (frame.only.lo, frame.only.hi) if name in (*SAME, "mean", "median") else (None, None)
            if name == "count":
                lo, hi = 0, frame.rows
            return made((), dtype, lo, hi)
        if axis is not None and not given(axis):
            whole = reduced(name, as_values(cx, frame).dtype)
            return cx.unknown("a summary of values whose type is not known") if whole is None else made((), whole)
        across = along(cx, self, axis, name)
        if across is None:
            return cx.unknown("the axis is not known")
        if across == 0 and numeric and (not frame.closed or any(one.dtype is None for one in frame.columns)):
            return wrapped(Frame(cx.fresh(None, 0, frame.width), (Column(None, None),), "Series", Labels("other")))
        return over_columns(name, frame, numeric) if across == 0 else over_rows(name, frame)


for _name in (*FLOATS, *SAME, *OTHERS):
    _reduction(_name)


@rule(f"{NDFRAME}.quantile")
def quantile(cx: Context, self: Instance, q: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    frame = frame_of(cx, self)
    several = q is not None and isinstance(q, (Sequence, Array)) and not (isinstance(q, Array) and q.shape == ())
    if several and q is not None:
        count = cx.length(q)
        rows = cx.fresh(lo=0) if count is None else count
        if frame.flat:
            return wrapped(
                Frame(
                    rows,
                    (Column(frame.only.name, "float64" if is_numeric(frame.only.dtype) else None),),
                    "Series",
                    Labels("other"),
                )
            )
        return wrapped(
            Frame(
                rows,
                tuple(Column(one.name, None) for one in frame.columns),
                "DataFrame",
                Labels("other"),
                frame.width,
                frame.closed,
            )
        )
    if frame.flat:
        return (
            made((), "float64")
            if is_numeric(frame.only.dtype)
            else cx.unknown("a summary of values whose type is not known")
        )
    return over_columns("mean", frame)


@rule(f"{SERIES}.item")
def item(cx: Context, self: Instance) -> Value:
    return scalar(frame_of(cx, self).only)


@rule(f"{SERIES}.argmax", f"{SERIES}.argmin", f"{INDEX}.argmax", f"{INDEX}.argmin")
def argmax(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    frame = frame_of(cx, self)
    return made((), "int64", 0, frame.rows - 1)


@rule(f"{SERIES}.argsort")
def argsort(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Positions, in the same rows."""
    return wrapped(frame_of(cx, self).each(lambda one: Column(one.name, "int64")))


@rule(f"{NDFRAME}.idxmax", f"{NDFRAME}.idxmin")
def idxmax(cx: Context, self: Instance, axis: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    frame = frame_of(cx, self)
    across = along(cx, self, axis, "idxmax")
    if frame.flat:
        return cx.unknown("the label of a row")
    if across == 1:
        return wrapped(Frame(frame.rows, (Column(None, None),), "Series", frame.index))
    names = tuple(one.name for one in frame.columns) if frame.closed else None
    return wrapped(Frame(frame.width, (Column(None, None),), "Series", Labels("columns", names)))


@rule(f"{SERIES}.nunique", f"{INDEX}.nunique")
def nunique(cx: Context, self: Instance, dropna: Value | None = None) -> Value:
    """How many different values."""
    return int_value(_different(cx, frame_of(cx, self)))


def _different(cx: Context, frame: Frame) -> DimLike:
    """How many different values a series holds: the same each time that it is asked."""
    column = frame.only
    if column.data is not None:
        return len(set(column.data))
    if column.different is not None:
        return column.different
    key = ("~different", id(column))
    known = cx.process.get(key)
    if isinstance(known, tuple) and known[0] is column:
        found: DimLike = known[1]
        return found
    high: DimLike | None = frame.rows
    if isinstance(column.lo, int) and isinstance(column.hi, int) and kind_of(column.dtype) in ("i", "u", "b"):
        from foreshape.domain.dim import dmin

        high = dmin(frame.rows, column.hi - column.lo + 1)
    name = f"different values of {column.name}" if isinstance(column.name, str) else None
    found = cx.fresh(name, 0, high)
    cx.process[key] = (column, found)
    return found


@rule(f"{DATAFRAME}.nunique")
def frame_nunique(cx: Context, self: Instance, axis: Value | None = None, dropna: Value | None = None) -> Value:
    frame = frame_of(cx, self)
    return over_columns("count", frame) if along(cx, self, axis, "nunique") == 0 else over_rows("count", frame)


@rule(f"{SERIES}.unique", "pandas.unique")
def unique(cx: Context, self: Instance) -> Value:
    """The different values as an array."""
    if not is_frame(self) or is_frame(self, "DataFrame"):
        return cx.unknown("the different values of something that is no series")
    frame = frame_of(cx, self)
    from foreshape.semantics.pandas.support import to_numpy

    column = frame.only
    found = made((_different(cx, frame),), to_numpy(column.dtype), column.lo, column.hi)
    plain = column.data is not None and all(
        isinstance(item, (str, int, float)) and item == item for item in column.data
    )
    if not plain or column.data is None or found.dtype is None:
        return found
    values = tuple(dict.fromkeys(column.data))
    if found.dtype == "object":
        return found.replace(meta={"items": Contents(Const(value) for value in values)})
    return made((len(values),), found.dtype, data=values)


@rule(f"{INDEX}.unique")
def index_unique(cx: Context, self: Instance, level: Value | None = None) -> Value:
    frame = frame_of(cx, self)
    return index_value(
        _different(cx, frame), frame.only.dtype, form=frame.form if frame.form != "RangeIndex" else "Index"
    )


@rule(f"{SERIES}.value_counts", f"{INDEX}.value_counts")
def value_counts(cx: Context, self: Instance, normalize: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    frame = frame_of(cx, self)
    share = normalize is not None and as_bool(normalize) is not False
    name = "proportion" if share else "count"
    bins = kwargs.get("bins")
    rows: DimLike = _different(cx, frame)
    if bins is not None:
        count = as_int(bins)
        rows = cx.fresh(lo=0) if count is None else count
    elif frame.only.data is None and frame.only.missing != 0:
        rows = cx.fresh(None, 0, frame.rows)
    return wrapped(
        Frame(rows, (Column(name, "float64" if share else "int64"),), "Series", Labels("other", None, frame.only.name))
    )


@rule(f"{DATAFRAME}.value_counts")
def frame_value_counts(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    frame = frame_of(cx, self)
    refuse_absent(frame, named_in(cx, args[0] if args else kwargs.get("subset")), self)
    return wrapped(Frame(cx.fresh(None, 0, frame.rows), (Column("count", None),), "Series", Labels("several")))


@rule(f"{NDFRAME}.mode")
def mode(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    frame = frame_of(cx, self)
    found = frame.replace(rows=cx.fresh(None, 0, frame.rows), index=Labels())
    return wrapped(found.each(lambda one: Column(one.name, one.dtype if frame.flat else None)))


@rule(f"{DATAFRAME}.describe")
def describe(
    cx: Context,
    self: Instance,
    percentiles: Value | None = None,
    include: Value | None = None,
    exclude: Value | None = None,
) -> Value:
    """Eight rows, a column for each that holds numbers."""
    frame = frame_of(cx, self)
    labels = Labels("labels", ("count", "mean", "std", "min", "25%", "50%", "75%", "max"))
    if percentiles is not None or include is not None or exclude is not None:
        return wrapped(Frame(cx.fresh(lo=0), (), "DataFrame", Labels("other"), cx.fresh(lo=0), False))
    if frame.closed and all(one.dtype is not None for one in frame.columns):
        numeric = tuple(one for one in frame.columns if is_numeric(one.dtype) and one.dtype != "bool")
        if not numeric or any(kind_of(one.dtype) == "M" for one in frame.columns):
            return wrapped(Frame(cx.fresh(lo=0), (), "DataFrame", Labels("other"), cx.fresh(lo=0), False))
        return wrapped(Frame(8, tuple(Column(one.name, "float64") for one in numeric), "DataFrame", labels))
    return wrapped(Frame(cx.fresh(lo=0), (), "DataFrame", Labels("other"), cx.fresh(None, 0, frame.width), False))


@rule(f"{SERIES}.describe")
def series_describe(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    frame = frame_of(cx, self)
    if not args and not kwargs and is_numeric(frame.only.dtype) and frame.only.dtype != "bool":
        labels = Labels("labels", ("count", "mean", "std", "min", "25%", "50%", "75%", "max"))
        return wrapped(Frame(8, (Column(frame.only.name, "float64"),), "Series", labels))
    return wrapped(Frame(cx.fresh(lo=0), (Column(frame.only.name, None),), "Series", Labels("other")))


@rule(f"{DATAFRAME}.corr", f"{DATAFRAME}.cov")
def corr(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """A row and a column for every column."""
    frame = frame_of(cx, self)
    numeric = kwargs.get("numeric_only")
    columns = frame.columns
    if numeric is not None and as_bool(numeric) is not False:
        if not frame.closed or any(one.dtype is None for one in columns):
            width = cx.fresh(None, 0, frame.width)
            return wrapped(Frame(width, (), "DataFrame", Labels("other"), width, False))
        columns = tuple(one for one in columns if is_numeric(one.dtype))
    if not frame.closed:
        return wrapped(Frame(frame.width, (), "DataFrame", Labels("columns"), frame.width, False))
    names = tuple(one.name for one in columns)
    return wrapped(
        Frame(len(columns), tuple(Column(name, "float64") for name in names), "DataFrame", Labels("columns", names))
    )


@rule(f"{SERIES}.corr", f"{SERIES}.cov", f"{SERIES}.autocorr")
def series_corr(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    return Typed("float")


@rule(f"{DATAFRAME}.corrwith")
def corrwith(cx: Context, self: Instance, other: Value, *args: Value, **kwargs: Value) -> Value:
    return over_columns("mean", frame_of(cx, self))


@rule(f"{NDFRAME}.equals", f"{INDEX}.equals")
def equals(cx: Context, self: Instance, other: Value) -> Value:
    return Typed("bool")


@rule(f"{NDFRAME}.first_valid_index", f"{NDFRAME}.last_valid_index")
def valid_index(cx: Context, self: Instance) -> Value:
    return cx.unknown("the label of a row")


@rule(f"{NDFRAME}.memory_usage")
def memory_usage(cx: Context, self: Instance, index: Value | None = None, deep: Value | None = None) -> Value:
    frame = frame_of(cx, self)
    if frame.flat:
        return Typed("int", lo=0)
    extra = 0 if index is not None and as_bool(index) is False else 1
    return wrapped(Frame(frame.width + extra, (Column(None, "int64"),), "Series", Labels("other")))


@attribute(
    f"{SERIES}.is_monotonic_increasing",
    f"{SERIES}.is_monotonic_decreasing",
    f"{SERIES}.is_unique",
    f"{SERIES}.hasnans",
    f"{INDEX}.is_monotonic_increasing",
    f"{INDEX}.is_unique",
    f"{INDEX}.hasnans",
)
def some_flag(cx: Context, self: Instance) -> Value:
    return Typed("bool")


@rule(f"{DATAFRAME}.agg", f"{DATAFRAME}.aggregate")
def agg(
    cx: Context, self: Instance, func: Value | None = None, axis: Value | None = None, *args: Value, **kwargs: Value
) -> Value:
    """One name: a Series; a list of names: a row for each."""
    frame = frame_of(cx, self)
    name = as_str(func)
    if name is not None and name in (*FLOATS, *SAME, *OTHERS):
        return over_columns(name, frame) if along(cx, self, axis, name) == 0 else over_rows(name, frame)
    if isinstance(func, Sequence) and along(cx, self, axis, "agg") == 0:
        from foreshape.semantics.pandas.support import labels_of

        names = labels_of(cx, func)
        count = cx.length(func)
        labels = Labels("labels", tuple(names)) if names is not None else Labels("other")
        rows = cx.fresh(lo=0) if count is None else count
        return wrapped(
            Frame(
                rows,
                tuple(Column(one.name, None) for one in frame.columns),
                "DataFrame",
                labels,
                frame.width,
                frame.closed,
            )
        )
    return cx.unknown("what this makes of a frame is not modelled")


@rule(f"{SERIES}.agg", f"{SERIES}.aggregate")
def series_agg(cx: Context, self: Instance, func: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    name = as_str(func)
    frame = frame_of(cx, self)
    if name is not None:
        dtype = reduced(name, frame.only.dtype) if name in (*FLOATS, *SAME, *OTHERS) else None
        return cx.unknown("a summary that is not modelled") if dtype is None else made((), dtype)
    if isinstance(func, Sequence):
        count = cx.length(func)
        return wrapped(
            Frame(
                cx.fresh(lo=0) if count is None else count, (Column(frame.only.name, None),), "Series", Labels("other")
            )
        )
    return cx.unknown("a summary that is not modelled")
