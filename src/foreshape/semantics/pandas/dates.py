"""Dates: ``date_range``, ``to_datetime``, timestamps.

https://pandas.pydata.org/docs/reference/general_functions.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

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
    as_dim,
    as_str,
)
from foreshape.semantics.numpy.support import given
from foreshape.semantics.pandas.construct import column_of
from foreshape.semantics.pandas.support import (
    Column,
    frame_of,
    index_name,
    index_value,
    invalid,
    is_frame,
    time_dtype,
    wrapped,
)
from foreshape.semantics.registry import library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

TIMESTAMP: Final = library_type("pandas.Timestamp")
TIMEDELTA: Final = library_type("pandas.Timedelta")
SECONDS: Final = {
    "D": 86400,
    "d": 86400,
    "H": 3600,
    "h": 3600,
    "T": 60,
    "min": 60,
    "S": 1,
    "s": 1,
    "W": 7 * 86400,
}
GONE: Final = {
    "H": "h",
    "T": "min",
    "S": "s",
    "L": "ms",
    "U": "us",
    "N": "ns",
    "M": "ME",
    "Q": "QE",
    "Y": "YE",
    "A": "YE",
}


def _step(text: str) -> int | None:
    """The seconds of a fixed frequency such as "15min"."""
    digits = text[: len(text) - len(text.lstrip("0123456789"))]
    unit = text[len(digits) :]
    seconds = SECONDS.get(unit)
    return None if seconds is None or unit == "W" else seconds * int(digits or 1)


def check_frequency(cx: Context, freq: Value | None) -> None:
    """Upper-case spellings of hours and shorter are gone in pandas 3."""
    text = as_str(freq)
    if text is None or not cx.targets.at_least("pandas", "3"):
        return
    unit = text.lstrip("0123456789")
    if unit in GONE:
        meant = f"Did you mean {GONE[unit]}?"
        error = f"ValueError('Invalid frequency: {unit}. {meant}')"
        message = f"Invalid frequency: {text}. Failed to parse with error message: {error} {meant}"
        raise invalid("freq", repr(text), message, *(() if freq is None else (freq,)))


def _periods(
    cx: Context, start: Value | None, end: Value | None, periods: Value | None, freq: Value | None
) -> DimLike | None:
    if given(periods):
        return as_dim(periods)
    first, last = as_str(start), as_str(end)
    step = _step(as_str(freq) or "D") if freq is None or as_str(freq) is not None else None
    if first is None or last is None or step is None:
        return None
    from datetime import datetime

    try:
        a, b = datetime.fromisoformat(first), datetime.fromisoformat(last)
    except ValueError:
        return None
    if (a.tzinfo is None) != (b.tzinfo is None) or b < a:
        return None
    return int((b - a).total_seconds()) // step + 1


@rule("pandas.date_range", doc="https://pandas.pydata.org/docs/reference/api/pandas.date_range.html")
def date_range(
    cx: Context,
    start: Value | None = None,
    end: Value | None = None,
    periods: Value | None = None,
    freq: Value | None = None,
    tz: Value | None = None,
    normalize: Value | None = None,
    name: Value | None = None,
    inclusive: Value | None = None,
    unit: Value | None = None,
    **kwargs: Value,
) -> Value:
    """A DatetimeIndex with ``periods`` elements, or as many as fit between start and end."""
    check_frequency(cx, freq)
    count = _periods(cx, start, end, periods, freq) if inclusive is None else None
    if inclusive is not None and given(periods):
        count = as_dim(periods) if not (given(start) and given(end)) else None
    zone = as_str(tz)
    dtype: str | None = time_dtype(cx) if not given(tz) and unit is None else None
    if zone is not None and unit is None:
        dtype = f"{time_dtype(cx)[:-1]}, {zone}]"
    if not isinstance(start, Const) and start is not None and given(start):
        dtype = None
    return index_value(
        cx.fresh("dates") if count is None else count, dtype, name=index_name(name), form="DatetimeIndex"
    )


@rule("pandas.period_range")
def period_range(
    cx: Context, start: Value | None = None, end: Value | None = None, periods: Value | None = None,
    freq: Value | None = None, name: Value | None = None,
) -> Value:  # fmt: skip
    """A PeriodIndex with ``periods`` elements, or as many as fit between start and end."""
    count = as_dim(periods) if given(periods) else None
    rows = cx.fresh("periods") if count is None else count
    return index_value(rows, None, name=index_name(name), form="PeriodIndex")


@rule("pandas.bdate_range", "pandas.timedelta_range", "pandas.interval_range")
def other_range(
    cx: Context,
    start: Value | None = None,
    end: Value | None = None,
    periods: Value | None = None,
    freq: Value | None = None,
    *args: Value,
    **kwargs: Value,
) -> Value:
    count = as_dim(periods) if given(periods) else None
    return index_value(cx.fresh("dates") if count is None else count, None, name=index_name(kwargs.get("name")))


@rule("pandas.to_datetime", doc="https://pandas.pydata.org/docs/reference/api/pandas.to_datetime.html")
def to_datetime(cx: Context, arg: Value, *args: Value, **kwargs: Value) -> Value:
    """A Series of a Series, a DatetimeIndex of anything else with a length, a Timestamp of one."""
    certain = "utc" not in kwargs and "unit" not in kwargs
    if is_frame(arg):
        frame = frame_of(cx, arg)
        known = frame.form != "DataFrame" and frame.only.dtype in ("str", "object")
        dtype = time_dtype(cx) if known and certain and _plain_dates(frame.only) else None
        if frame.form == "DataFrame":
            return wrapped(frame.replace(form="Series", columns=(Column(None, None),), width=None, closed=True))
        if frame.form == "Series":
            return wrapped(frame.replace(columns=(Column(frame.only.name, dtype),)))
        return index_value(frame.rows, dtype, form="DatetimeIndex")
    if isinstance(arg, (Sequence, Array)):
        column, length, _ = column_of(cx, None, arg)
        if length is not None:
            known = certain and column.dtype in ("str", "object") and _plain_dates(column)
            return index_value(length, time_dtype(cx) if known else None, form="DatetimeIndex")
    if isinstance(arg, Const):
        return Instance(LibraryRef(TIMESTAMP))
    return cx.unknown(f"dates of {cx.text(arg) or 'something that is not known'}")


def _plain_dates(column: Column) -> bool:
    """Whether the texts are known to be plain dates (others may come with an offset or in another unit)."""
    return column.data is not None and all(isinstance(item, str) and len(item) <= 19 for item in column.data)


@rule("pandas.Timestamp", "pandas.Timestamp.now", "pandas.Timestamp.today")
def timestamp(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """A moment."""
    return Instance(LibraryRef(TIMESTAMP))


@rule("pandas.DateOffset", "pandas.tseries.offsets.DateOffset", "pandas.offsets.DateOffset")
def offset(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """A span that hangs on the calendar."""
    return cx.unknown("a span between dates")


@rule("pandas.Timedelta")
def timedelta(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """How long."""
    return Instance(LibraryRef(TIMEDELTA))


@rule("pandas.Period")
def period(cx: Context, *args: Value, **kwargs: Value) -> Value:
    return cx.unknown("a date")


@rule(f"{TIMESTAMP}.__binary__", f"{TIMEDELTA}.__binary__")
def moment_binary(cx: Context, self: Instance, operator: Value, other: Value, reflected: Value) -> Value | None:
    """A moment and a span give a moment, two moments a span; what is compared is true or not."""
    sign = as_str(operator)
    kinds = [value.library_type if isinstance(value, Instance) else None for value in (self, other)]
    if not all(kind in (TIMESTAMP, TIMEDELTA) for kind in kinds):
        if isinstance(other, UnknownElement):
            return UnknownElement("a date")
        return None if is_frame(other) or isinstance(other, Array) else cx.unknown("a date")
    if sign in ("<", "<=", ">", ">=", "==", "!="):
        return Typed("bool")
    if sign in ("+", "-"):
        both = kinds[0] == kinds[1]
        return Instance(LibraryRef(TIMEDELTA if both else TIMESTAMP))
    return cx.unknown("a date")


@rule("pandas.to_timedelta")
def to_timedelta(cx: Context, arg: Value, *args: Value, **kwargs: Value) -> Value:
    if is_frame(arg):
        frame = frame_of(cx, arg)
        return wrapped(frame.each(lambda column: Column(column.name, None)))
    return cx.unknown("a time span")
