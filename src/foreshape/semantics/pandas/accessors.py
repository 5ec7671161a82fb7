"""``.str``, ``.dt`` and ``.cat`` of a Series: they keep its rows.

https://pandas.pydata.org/docs/reference/series.html#accessors
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Instance, LibraryRef, Typed, Unknown, Value, as_bool, as_str, is_none
from foreshape.faults.base import Raises
from foreshape.semantics.numpy.dtypes import kind_of
from foreshape.semantics.pandas.support import (
    BY,
    INDEX,
    SERIES,
    Column,
    Frame,
    frame_of,
    index_value,
    is_numeric,
    wrapped,
)
from foreshape.semantics.registry import attribute, library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

TEXTS: Final = library_type("pandas.~str")
DATES: Final = library_type("pandas.~dt")
CATEGORIES: Final = library_type("pandas.~cat")

SAME: Final = (
    "lower",
    "upper",
    "strip",
    "lstrip",
    "rstrip",
    "replace",
    "title",
    "capitalize",
    "zfill",
    "pad",
    "slice",
    "get",
    "join",
    "center",
    "ljust",
    "rjust",
    "removeprefix",
    "removesuffix",
    "repeat",
    "normalize",
    "swapcase",
    "__getitem__",
    "encode",
    "decode",
    "wrap",
    "translate",
    "casefold",
)
FLAGS: Final = (
    "contains",
    "startswith",
    "endswith",
    "match",
    "fullmatch",
    "isdigit",
    "isalpha",
    "isnumeric",
    "isalnum",
    "isupper",
    "islower",
    "isspace",
    "istitle",
    "isdecimal",
)
NUMBERS: Final = (
    "year",
    "month",
    "day",
    "hour",
    "minute",
    "second",
    "microsecond",
    "nanosecond",
    "dayofweek",
    "day_of_week",
    "weekday",
    "dayofyear",
    "day_of_year",
    "quarter",
    "days_in_month",
    "daysinmonth",
)
DAY_FLAGS: Final = (
    "is_month_start",
    "is_month_end",
    "is_quarter_start",
    "is_quarter_end",
    "is_year_start",
    "is_year_end",
    "is_leap_year",
)


def _accessor(name: str, self: Instance) -> Instance:
    return Instance(LibraryRef(f"pandas.~{name}"), {"~of": self})


def _of(cx: Context, self: Instance) -> Frame:
    owner = self.fields["~of"]
    assert isinstance(owner, Instance)
    return frame_of(cx, owner)


@rule(f"{TEXTS}.cat")
def cat(
    cx: Context, self: Instance, others: Value | None = None, sep: Value | None = None, na_rep: Value | None = None,
    join: Value | None = None,
) -> Value:  # fmt: skip
    """Each with the text beside it; all of them in one text where there are no others."""
    if others is None or is_none(others):
        return Typed("str")
    if isinstance(others, Unknown):
        return cx.unknown("whether there are others is not known")
    return wrapped(_of(cx, self).each(lambda one: Column(one.name, one.dtype)))


@attribute(f"{SERIES}.str", f"{INDEX}.str")
def texts(cx: Context, self: Instance) -> Value:
    """AttributeError for numbers."""
    frame = frame_of(cx, self)
    if kind_of(frame.only.dtype) in ("i", "u", "f", "b"):
        kinds = {"i": "integer", "u": "integer", "f": "floating", "b": "boolean"}
        shown = kinds[kind_of(frame.only.dtype)]
        text = f"Can only use .str accessor with string values, not {shown}"
        if not cx.targets.at_least("pandas", "3"):
            text = "Can only use .str accessor with string values!"
        raise _no_accessor(self, "str", text)
    return _accessor("str", self)


@attribute(f"{SERIES}.dt")
def dates(cx: Context, self: Instance) -> Value:
    """AttributeError for what holds no dates."""
    frame = frame_of(cx, self)
    if kind_of(frame.only.dtype) in ("i", "u", "f", "b") or frame.only.dtype == "str":
        raise _no_accessor(self, "dt", "Can only use .dt accessor with datetimelike values")
    return _accessor("dt", self)


@attribute(f"{SERIES}.cat")
def categories(cx: Context, self: Instance) -> Value:
    frame = frame_of(cx, self)
    if kind_of(frame.only.dtype) in ("i", "u", "f", "b") or frame.only.dtype == "str":
        raise _no_accessor(self, "cat", "Can only use .cat accessor with a 'category' dtype")
    return _accessor("cat", self)


def _no_accessor(self: Instance, name: str, text: str) -> Exception:
    from foreshape.faults.missing_attribute import MissingAttribute

    return MissingAttribute(Raises("AttributeError", text, by=BY), values=(self,), owner="Series", attribute=name)


@rule(*(f"{TEXTS}.{name}" for name in SAME))
def same(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """A text for each."""
    frame = _of(cx, self)
    return wrapped(frame.each(lambda one: Column(one.name, one.dtype if one.dtype == "str" else None)))


@rule(*(f"{TEXTS}.{name}" for name in FLAGS))
def flags(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    frame = _of(cx, self)
    return wrapped(
        frame.each(lambda one: Column(one.name, "bool" if one.dtype == "str" and one.missing == 0 else None))
    )


@rule(f"{TEXTS}.len", f"{TEXTS}.count", f"{TEXTS}.find")
def lengths(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    frame = _of(cx, self)
    return wrapped(frame.each(lambda one: Column(one.name, "int64" if one.missing == 0 else None)))


@rule(f"{TEXTS}.split", f"{TEXTS}.rsplit", f"{TEXTS}.findall", f"{TEXTS}.partition")
def split(cx: Context, self: Instance, *args: Value, expand: Value | None = None, **kwargs: Value) -> Value:
    """A list for each, or with ``expand`` as many columns as the longest needs."""
    frame = _of(cx, self)
    if expand is not None and as_bool(expand) is not False and not frame.form.endswith("Series"):
        return cx.unknown("an index of several levels")
    if expand is not None and as_bool(expand) is not False:
        return wrapped(Frame(frame.rows, (), "DataFrame", frame.index, cx.fresh(lo=0), False))
    return wrapped(frame.each(lambda one: Column(one.name, "object")))


@rule(f"{TEXTS}.extract", f"{TEXTS}.get_dummies")
def extract(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    frame = _of(cx, self)
    if kwargs.get("expand") is not None:
        return wrapped(frame.each(lambda one: Column(one.name, None)))
    return wrapped(Frame(frame.rows, (), "DataFrame", frame.index, cx.fresh(lo=0), False))


@attribute(*(f"{DATES}.{name}" for name in NUMBERS))
def number(cx: Context, self: Instance) -> Value:
    """An int32 for each."""
    frame = _of(cx, self)
    return wrapped(frame.each(lambda one: Column(one.name, _int(cx) if one.missing == 0 else None)))


def _int(cx: Context) -> str:
    return "int32" if cx.targets.at_least("pandas", "2") else "int64"


@attribute(*(f"{DATES}.{name}" for name in DAY_FLAGS))
def day_flag(cx: Context, self: Instance) -> Value:
    return wrapped(_of(cx, self).each(lambda one: Column(one.name, "bool")))


@attribute(f"{DATES}.date", f"{DATES}.time", f"{DATES}.timetz")
def date(cx: Context, self: Instance) -> Value:
    return wrapped(_of(cx, self).each(lambda one: Column(one.name, "object")))


@attribute(f"{DATES}.days", f"{DATES}.seconds", f"{DATES}.tz", f"{DATES}.freq")
def span(cx: Context, self: Instance) -> Value:
    return wrapped(_of(cx, self).each(lambda one: Column(one.name, None)))


@rule(
    f"{DATES}.strftime",
    f"{DATES}.day_name",
    f"{DATES}.month_name",
    f"{DATES}.total_seconds",
    f"{DATES}.tz_localize",
    f"{DATES}.tz_convert",
    f"{DATES}.floor",
    f"{DATES}.ceil",
    f"{DATES}.round",
    f"{DATES}.to_period",
    f"{DATES}.normalize",
)
def mapped(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    return wrapped(_of(cx, self).each(lambda one: Column(one.name, None)))


@rule(f"{DATES}.isocalendar")
def isocalendar(cx: Context, self: Instance) -> Value:
    frame = _of(cx, self)
    names = ("year", "week", "day")
    return wrapped(Frame(frame.rows, tuple(Column(name, "UInt32") for name in names), "DataFrame", frame.index))


@attribute(f"{CATEGORIES}.codes")
def codes(cx: Context, self: Instance) -> Value:
    """The place of each among the categories: int8 for up to 127 of them."""
    frame = _of(cx, self)
    few = isinstance(frame.rows, int) and frame.rows <= 127
    return wrapped(frame.each(lambda one: Column(None, "int8" if few or one.data is not None else None)))


@attribute(f"{CATEGORIES}.categories")
def levels(cx: Context, self: Instance) -> Value:
    frame = _of(cx, self)
    data = frame.only.data
    return index_value(cx.fresh("categories") if data is None else len(set(data)), None)


# -- parts of a DatetimeIndex ----------
def _index_number(name: str) -> None:
    @attribute(f"pandas.DatetimeIndex.{name}", f"pandas.Index.{name}")
    def index_number(cx: Context, self: Instance) -> Value:
        """A number for each date. AttributeError for an index of numbers."""
        frame = frame_of(cx, self)
        if frame.form != "DatetimeIndex" and is_numeric(frame.only.dtype):
            from foreshape.faults.missing_attribute import MissingAttribute

            text = f"'Index' object has no attribute '{name}'"
            raise MissingAttribute(Raises("AttributeError", text, by=BY), values=(self,), owner="Index", attribute=name)
        return index_value(frame.rows, _int(cx) if frame.form == "DatetimeIndex" else None)


for _name in NUMBERS:
    _index_number(_name)


@attribute("pandas.DatetimeIndex.date", "pandas.DatetimeIndex.time", "pandas.Index.date")
def index_date(cx: Context, self: Instance) -> Value:
    from foreshape.semantics.numpy.support import made

    return made((frame_of(cx, self).rows,), "object")


# -- accessors of the program ----------
library_type("pandas.~Registrar")


def _registrar(form: str, name: Value) -> Value:
    """A decorator of a class whose objects stand under a name in everything of that form."""
    return Instance(LibraryRef("pandas.~Registrar"), {"~name": name, "~form": form})


@rule("pandas.api.extensions.register_dataframe_accessor")
def register_dataframe_accessor(cx: Context, name: Value) -> Value:
    return _registrar("pandas.DataFrame", name)


@rule("pandas.api.extensions.register_series_accessor")
def register_series_accessor(cx: Context, name: Value) -> Value:
    return _registrar("pandas.Series", name)


@rule("pandas.api.extensions.register_index_accessor")
def register_index_accessor(cx: Context, name: Value) -> Value:
    return _registrar("pandas.Index", name)


@rule("pandas.~Registrar.__call__")
def registered(cx: Context, self: Instance, accessor: Value) -> Value:
    """The class as it is."""
    held = Instance(LibraryRef("pandas.~Accessor"), {"~accessor": accessor})
    cx.patch(self.fields["~form"], as_str(self.fields["~name"]), held)
    return accessor
