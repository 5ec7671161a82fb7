"""Methods that keep rows and columns: fill, shift, cumulate, map.

https://pandas.pydata.org/docs/reference/frame.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents, Run
from foreshape.domain.values import (
    Array,
    BoundMethod,
    Const,
    DictValue,
    Function,
    Instance,
    LibraryRef,
    Partial,
    RangeValue,
    Sequence,
    Typed,
    Unknown,
    Value,
    as_int,
    as_str,
    is_none,
)
from foreshape.semantics.numpy.dtypes import kind_of
from foreshape.semantics.numpy.support import bounds_of, given
from foreshape.semantics.pandas.axes import along
from foreshape.semantics.pandas.calling import one_by_one
from foreshape.semantics.pandas.construct import column_of
from foreshape.semantics.pandas.support import (
    DATAFRAME,
    INDEX,
    NDFRAME,
    SERIES,
    Column,
    Frame,
    Labels,
    finish,
    float_result,
    frame_of,
    is_frame,
    is_numeric,
    joined_column,
    labels_of,
    scalar,
    wrapped,
)
from foreshape.semantics.registry import rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


@rule(
    f"{NDFRAME}.copy",
    f"{NDFRAME}.__copy__",
    f"{NDFRAME}.__deepcopy__",
    f"{INDEX}.copy",
    f"{NDFRAME}.infer_objects",
    f"{NDFRAME}.set_flags",
)
def copied(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """The same frame again."""
    return wrapped(frame_of(cx, self))


@rule(f"{NDFRAME}.to_period")
def to_period(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    return wrapped(frame_of(cx, self).replace(index=Labels("period")))


@rule(f"{NDFRAME}.tz_localize", f"{NDFRAME}.tz_convert", f"{NDFRAME}.to_timestamp")
def other_labels(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    return wrapped(frame_of(cx, self).replace(index=Labels("other")))


@rule(f"{NDFRAME}.sort_values", f"{NDFRAME}.sort_index")
def sorted_rows(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """The same rows in another order. KeyError for a column that is certainly not there."""
    frame = frame_of(cx, self)
    along(cx, self, kwargs.get("axis"), "sort")
    ignore = kwargs.get("ignore_index")
    by = args[0] if args else kwargs.get("by")
    if by is not None and not frame.flat and "level" not in kwargs:
        require(cx, self, frame, by)
    index = Labels() if ignore is not None and given(ignore) else frame.index.part(dated=by is None)
    if by is None and frame.index.kind in ("datetime", "range") and frame.index.start == 0 and ignore is None:
        index = frame.index
    return finish(cx, self, frame.replace(index=index).each(Column.loose), kwargs.get("inplace"))


def require(cx: Context, self: Instance, frame: Frame, by: Value) -> None:
    """Raise the KeyError of a column that is certainly not there."""
    from foreshape.semantics.pandas.support import label_of, missing_key

    label = label_of(by)
    wanted = [label[0]] if label is not None else labels_of(cx, by)
    if (
        frame.index.kind == "several"
        or isinstance(frame.index.name, tuple)
        or (label is None and wanted and frame.rows == len(wanted))
    ):
        return  # names of the levels of the index; or one group for each row
    for name in wanted or ():
        if frame.complete and frame.find(name) is None and isinstance(name, str) and name != frame.index.name:
            raise missing_key(repr(name), name, frame, self)


@rule(f"{NDFRAME}.fillna")
def fillna(cx: Context, self: Instance, value: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    """Gaps filled; the shape stays."""
    frame = frame_of(cx, self)
    if "method" in kwargs and cx.targets.at_least("pandas", "3"):
        from foreshape.faults.base import Raises
        from foreshape.faults.call_arguments import CallArguments

        text = "got an unexpected keyword argument 'method'"
        raise CallArguments(
            Raises("TypeError", f"NDFrame.fillna() {text}", by="pandas"),
            values=(self,),
            callee="fillna",
            problem=text,
            recover=wrapped(frame),
        )

    def each(one: Column) -> Column:
        if one.missing == 0:
            return one
        lo, hi = bounds_of(value)
        number = isinstance(value, (Const, Typed, Array)) and lo is not None
        if is_numeric(one.dtype) and number:
            found = joined_column(one, Column(one.name, one.dtype, lo, hi))
            return Column(one.name, one.dtype, found.lo, found.hi, None, 0)
        return Column(one.name, one.dtype if one.dtype in ("float64", "float32", "str") else None)

    return finish(cx, self, frame.each(each), kwargs.get("inplace"))


def _gapped(one: Column, count: int | None) -> Column:
    """A column of which some rows at the start became NaN."""
    missing = None
    if count is not None and count >= 0 and one.missing is not None:
        missing = one.missing + count
    return Column(one.name, float_result(one.dtype), one.lo, one.hi, None, missing)


@rule(f"{NDFRAME}.shift", f"{INDEX}.shift")
def shift(
    cx: Context,
    self: Instance,
    periods: Value | None = None,
    freq: Value | None = None,
    axis: Value | None = None,
    fill_value: Value | None = None,
    suffix: Value | None = None,
) -> Value:
    """The same rows; what is moved in is NaN."""
    frame = frame_of(cx, self)
    if isinstance(periods, (Sequence, Array, RangeValue)):
        return wrapped(Frame(frame.rows, (), "DataFrame", frame.index, cx.fresh(lo=0), False))
    if freq is not None and given(freq):
        return wrapped(frame.replace(index=frame.index.part()))
    if along(cx, self, axis, "shift") != 0 or fill_value is not None:
        return wrapped(frame.each(lambda one: Column(one.name, None)))
    count = 1 if periods is None else as_int(periods)
    if count == 0:
        return wrapped(frame)
    if count is not None and count < 0:
        return wrapped(frame.each(_tail))
    return wrapped(frame.each(lambda one: _gapped(one, count)))


def _tail(one: Column) -> Column:
    """A column of which some rows at the end became NaN."""
    return Column(one.name, float_result(one.dtype))


@rule(f"{NDFRAME}.diff")
def diff(cx: Context, self: Instance, periods: Value | None = None, axis: Value | None = None) -> Value:
    frame = frame_of(cx, self)
    count = 1 if periods is None else as_int(periods)
    across = along(cx, self, axis, "diff") != 0

    def each(one: Column) -> Column:
        found = _gapped(Column(one.name, one.dtype, missing=one.missing), count)
        dtype = "float32" if one.dtype in ("int8", "int16") else found.dtype
        return Column(
            one.name, None if across or not is_numeric(one.dtype) else dtype, missing=None if across else found.missing
        )

    return wrapped(frame.each(each))


@rule(f"{NDFRAME}.pct_change")
def pct_change(cx: Context, self: Instance, periods: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    frame = frame_of(cx, self)
    count = 1 if periods is None else as_int(periods)

    def each(one: Column) -> Column:
        positive = one.lo is not None and isinstance(one.lo, (int, float)) and one.lo > 0
        # a fraction is NaN only for 0 / 0, which drawn or measured floats do not give
        missing = count if one.missing == 0 and (positive or kind_of(one.dtype) == "f") else None
        return Column(one.name, float_result(one.dtype) if is_numeric(one.dtype) else None, missing=missing)

    return wrapped(frame.each(each))


@rule(f"{NDFRAME}.cumsum", f"{NDFRAME}.cumprod", f"{NDFRAME}.cummax", f"{NDFRAME}.cummin")
def cumulated(cx: Context, self: Instance, axis: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    frame = frame_of(cx, self)
    if axis is not None and given(axis):
        along(cx, self, axis, "cumsum")

    def each(one: Column) -> Column:
        dtype = one.dtype
        if dtype in ("int8", "int16", "int32", "uint8", "uint16", "uint32", "bool"):
            dtype = None
        return Column(one.name, dtype, missing=one.missing if kind_of(dtype) == "f" else None)

    return wrapped(frame.each(each))


@rule(f"{NDFRAME}.round", f"{NDFRAME}.abs", f"{NDFRAME}.__abs__", f"{NDFRAME}.__round__")
def rounded(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    return wrapped(frame_of(cx, self).each(lambda one: Column(one.name, one.dtype, missing=one.missing)))


@rule(f"{NDFRAME}.clip")
def clip(cx: Context, self: Instance, lower: Value | None = None, upper: Value | None = None, **kwargs: Value) -> Value:
    frame = frame_of(cx, self)

    def each(one: Column) -> Column:
        whole = all(value is None or is_none(value) or as_int(value) is not None for value in (lower, upper))
        keeps = kind_of(one.dtype) == "f" or (kind_of(one.dtype) in ("i", "u") and whole)
        return Column(one.name, one.dtype if keeps else None, missing=one.missing)

    return finish(cx, self, frame.each(each), kwargs.get("inplace"))


@rule(f"{NDFRAME}.rank")
def rank(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    return wrapped(frame_of(cx, self).each(lambda one: Column(one.name, "float64")))


@rule(
    f"{NDFRAME}.isna",
    f"{NDFRAME}.isnull",
    f"{NDFRAME}.notna",
    f"{NDFRAME}.notnull",
    f"{NDFRAME}.isin",
    f"{INDEX}.isin",
    f"{SERIES}.between",
    f"{INDEX}.isna",
    f"{INDEX}.duplicated",
    f"{SERIES}.duplicated",
)
def flags(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """A bool for each element."""
    return wrapped(frame_of(cx, self).each(lambda one: Column(one.name, "bool")))


@rule(f"{DATAFRAME}.duplicated")
def duplicated(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    frame = frame_of(cx, self)
    return wrapped(Frame(frame.rows, (Column(None, "bool"),), "Series", frame.index))


@rule(f"{NDFRAME}.where", f"{NDFRAME}.mask", f"{NDFRAME}.replace", f"{NDFRAME}.convert_dtypes")
def replaced(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """The same shape, other values."""
    frame = frame_of(cx, self)
    return finish(cx, self, frame.each(lambda one: Column(one.name, None)), kwargs.get("inplace"))


@rule(f"{NDFRAME}.combine_first")
def combine_first(cx: Context, self: Instance, other: Value) -> Value:
    """The labels of both."""
    frame = frame_of(cx, self)
    rows = cx.fresh(lo=0)
    if frame.flat:
        return wrapped(Frame(rows, (Column(frame.only.name, None),), "Series", Labels("other")))
    return wrapped(Frame(rows, (), "DataFrame", Labels("other"), cx.fresh(lo=0), False))


# -- functions over elements ----------
def _of_levels(column: Column, values: list[Value]) -> Column:
    """A column whose few texts were looked up, each of which occurs."""
    numbers = sorted({value.value for value in values if isinstance(value, Const)})
    if len(numbers) == 0 or not all(isinstance(value, Const) for value in values):
        return Column(column.name, "int64")
    return Column(column.name, "int64", numbers[0], numbers[-1], different=len(numbers), levels=tuple(numbers))


def applied(cx: Context, frame: Frame, function: Value, args: tuple[Value, ...] = ()) -> Column:
    """The column that a function of each element makes."""
    one = frame.only
    if isinstance(function, DictValue):
        found: list[Column] = []
        for value in function.entries.values():
            column, length, _ = column_of(cx, one.name, value)
            if length is not None:
                return Column(one.name, None)
            found.append(column)
        if not found or function.rest is not None:
            return Column(one.name, None)
        joined = found[0]
        for column in found[1:]:
            joined = joined_column(joined, column)
        # an element without an entry becomes NaN, which ints cannot hold
        held = one.data if one.data is not None else one.levels
        covered = held is not None and all(item in function.entries for item in held)
        if covered and one.data is None and joined.dtype == "int64":
            return _of_levels(one, [function.entries[item] for item in held or ()])
        if joined.dtype in ("int64", "bool") and not covered:
            return Column(one.name, None)
        return Column(one.name, joined.dtype, joined.lo, joined.hi)
    if is_frame(function):
        return Column(one.name, None)
    if isinstance(function, LibraryRef) and function.name in (
        "builtins.str",
        "builtins.float",
        "builtins.int",
        "builtins.len",
    ):
        dtype = {"builtins.float": "float64", "builtins.int": "int64", "builtins.len": "int64"}.get(function.name)
        return Column(one.name, dtype)
    each = one_by_one(cx, frame, function, args)
    if each is not None:
        return each
    made_of = cx.call(function, (_element(cx, one), *args))
    if isinstance(made_of, Sequence) or (isinstance(made_of, Array) and made_of.shape):
        return Column(one.name, "object", items=Contents((Run(frame.rows, made_of),)))
    if isinstance(made_of, Array) and made_of.shape == ():
        if is_numeric(made_of.dtype):
            return Column(one.name, made_of.dtype, made_of.lo, made_of.hi)
        return Column(one.name, None)
    if isinstance(made_of, (Const, Typed)):
        column, _, _ = column_of(cx, one.name, made_of)
        if isinstance(made_of, Const) and (made_of.value is None or isinstance(made_of.value, str)):
            return Column(one.name, column.dtype if isinstance(made_of.value, str) else None)
        return Column(one.name, column.dtype, column.lo, column.hi)
    return Column(one.name, None)


def _element(cx: Context, one: Column) -> Value:
    """An element as a function gets it."""
    if one.dtype == "str":
        return Typed("str")
    if kind_of(one.dtype) in ("i", "u"):
        return Typed("int", lo=one.lo, hi=one.hi)
    if kind_of(one.dtype) == "f":
        return Typed("float", lo=one.lo, hi=one.hi)
    return scalar(one)


@rule(f"{SERIES}.map", f"{INDEX}.map")
def series_map(cx: Context, self: Instance, func: Value | None = None, /, *args: Value, **kwargs: Value) -> Value:
    """A value for each element."""
    frame = frame_of(cx, self)
    named = [kwargs.pop(name) for name in ("func", "mapper") if name in kwargs]
    if func is None and not named and "arg" in kwargs:
        named = [kwargs.pop("arg")]
    function = func if func is not None else named[0] if named else None
    if function is None or is_none(function) or args or set(kwargs) - {"na_action"}:
        return wrapped(frame.each(lambda one: Column(one.name, None)))
    return wrapped(frame.replace(columns=(applied(cx, frame, function),)))


@rule(f"{SERIES}.transform")
def series_transform(cx: Context, self: Instance, func: Value, *args: Value, **kwargs: Value) -> Value:
    """Element by element, and where that raises the function of the whole series: as long as before."""
    return wrapped(frame_of(cx, self).replace(columns=(Column(frame_of(cx, self).only.name, None),)))


@rule(f"{SERIES}.apply")
def series_apply(
    cx: Context,
    self: Instance,
    func: Value,
    convert_dtype: Value | None = None,
    args: Value | None = None,
    **kwargs: Value,
) -> Value:
    """A value for each element; NumPy functions get the whole series."""
    frame = frame_of(cx, self)
    if kwargs or args is not None or as_str(func) is not None:
        return cx.unknown("what this function makes of a series is not modelled")
    if isinstance(func, LibraryRef) and func.name.startswith("numpy."):
        return cx.call(func, (self,))
    samples = _sampled(cx, frame, func)
    if samples is not None:
        return samples
    return wrapped(frame.replace(columns=(applied(cx, frame, func),)))


def _sampled(cx: Context, frame: Frame, func: Value) -> Value | None:
    """A function that gives a Series for each element makes a frame."""
    if not isinstance(func, Function):
        return None
    made_of = cx.call(func, (_element(cx, frame.only),))
    if is_frame(made_of, "Series"):
        inner = frame_of(cx, made_of)
        return wrapped(Frame(frame.rows, (), "DataFrame", frame.index, inner.rows, False))
    return None


@rule(f"{DATAFRAME}.applymap", until="3")
def applymap(cx: Context, self: Instance, func: Value, *args: Value, **kwargs: Value) -> Value:
    return frame_map(cx, self, func)


@rule(f"{DATAFRAME}.map", since="2.1")
def frame_map(cx: Context, self: Instance, func: Value, *args: Value, **kwargs: Value) -> Value:
    """A value for each element of every column."""
    frame = frame_of(cx, self)
    if args or set(kwargs) - {"na_action"}:
        return wrapped(frame.each(lambda one: Column(one.name, None)))
    columns = tuple(applied(cx, Frame(frame.rows, (one,), "Series"), func).named(one.name) for one in frame.columns)
    return wrapped(frame.replace(columns=columns))


def _is_function(value: Value) -> bool:
    """Whether it is a function (a list or dict of several is one for each), and no class, which takes what it is made of."""
    plain = isinstance(value, LibraryRef) and not value.name.startswith("builtins.")
    return plain or isinstance(value, (Function, BoundMethod, Partial, Instance)) or as_str(value) is not None


@rule(f"{DATAFRAME}.apply", f"{DATAFRAME}.transform")
def frame_apply(
    cx: Context,
    self: Instance,
    func: Value,
    axis: Value | None = None,
    raw: Value | None = None,
    result_type: Value | None = None,
    args: Value | None = None,
    by_row: Value | None = None,
    engine: Value | None = None,
    engine_kwargs: Value | None = None,
    **kwargs: Value,
) -> Value:
    """A function of every column, or of every row: numbers make a Series, series a frame."""
    from foreshape.semantics.pandas.attributes import row_of

    frame = frame_of(cx, self)
    if not _is_function(func) or by_row is not None:
        return cx.unknown("what several functions, or a class, make of a frame is not modelled")
    across = along(cx, self, axis, "apply")
    if result_type is not None or raw is not None or as_str(func) is not None or across is None:
        return cx.unknown("what this function makes of a frame is not modelled")
    extra = cx.iterate(args).items(16) if args is not None and cx.iterate(args) is not None else ()  # type: ignore[union-attr]
    if across == 1:
        made_of = cx.call(func, (row_of(cx, frame), *(extra or ())), kwargs)
        return _over_rows(cx, frame, made_of)
    if not frame.closed or not frame.columns:
        made_of = cx.call(
            func, (wrapped(Frame(frame.rows, (Column(None, None),), "Series", frame.index)), *(extra or ())), kwargs
        )
        results: list[Value] = [made_of]
    else:
        results = [
            cx.call(func, (wrapped(Frame(frame.rows, (one,), "Series", frame.index)), *(extra or ())), kwargs)
            for one in frame.columns
        ]
    if all(is_frame(one, "Series") for one in results):
        inner = [frame_of(cx, one) for one in results]
        if all(one.index is frame.index for one in inner):
            if frame.closed:
                return wrapped(frame.replace(columns=tuple(a.only.named(b.name) for a, b in zip(inner, frame.columns))))
            return wrapped(Frame(frame.rows, (), "DataFrame", frame.index, frame.width, False))
        return wrapped(
            Frame(
                inner[0].rows if len({str(one.rows) for one in inner}) == 1 else cx.fresh(lo=0),
                (),
                "DataFrame",
                inner[0].index,
                frame.width,
                False,
            )
        )
    if all(isinstance(one, (Const, Typed)) or (isinstance(one, Array) and one.shape == ()) for one in results):
        names = tuple(one.name for one in frame.columns) if frame.closed else None
        dtypes = {one.dtype if isinstance(one, Array) else None for one in results}
        return wrapped(
            Frame(
                frame.width,
                (Column(None, dtypes.pop() if len(dtypes) == 1 else None),),
                "Series",
                Labels("columns", names),
            )
        )
    return cx.unknown("what this function makes of a frame is not known")


def _over_rows(cx: Context, frame: Frame, made_of: Value) -> Value:
    if isinstance(made_of, (Const, Typed)) or (isinstance(made_of, Array) and made_of.shape == ()):
        column, _, _ = column_of(cx, None, made_of)
        if isinstance(made_of, Array) and not is_numeric(made_of.dtype):
            column = Column(None, None)
        return wrapped(Frame(frame.rows, (Column(None, column.dtype),), "Series", frame.index))
    if is_frame(made_of, "Series"):
        inner = frame_of(cx, made_of)
        if inner.index.data is not None:
            return wrapped(
                Frame(frame.rows, tuple(Column(name, None) for name in inner.index.data), "DataFrame", frame.index)
            )
        return wrapped(Frame(frame.rows, (), "DataFrame", frame.index, inner.rows, False))
    if isinstance(made_of, Unknown):
        return cx.unknown(made_of.reason)
    return wrapped(Frame(frame.rows, (Column(None, "object"),), "Series", frame.index))


@rule(f"{NDFRAME}.pipe")
def pipe(cx: Context, self: Instance, func: Value, *args: Value, **kwargs: Value) -> Value:
    return cx.call(func, (self, *args), kwargs)


@rule("pandas.to_numeric")
def to_numeric(
    cx: Context, arg: Value, errors: Value | None = None, downcast: Value | None = None, **kwargs: Value
) -> Value:
    """Numbers of the same shape."""
    if is_frame(arg):
        frame = frame_of(cx, arg)
        return wrapped(
            frame.each(lambda one: one if is_numeric(one.dtype) and downcast is None else Column(one.name, None))
        )
    from foreshape.semantics.numpy.array_from import as_array

    found = as_array(cx, arg)
    return found if isinstance(found, Unknown) else found.replace(dtype=None, data=None)


@rule("pandas.isna", "pandas.isnull", "pandas.notna", "pandas.notnull")
def isna(cx: Context, obj: Value) -> Value:
    if is_frame(obj):
        return wrapped(frame_of(cx, obj).each(lambda one: Column(one.name, "bool")))
    if isinstance(obj, Array):
        return obj.replace(dtype="bool", lo=0, hi=1, data=None)
    if isinstance(obj, Unknown):
        return cx.unknown(obj.reason)
    return Typed("bool")
