"""Spans between dates, frequencies and calendars: no shape, but common where frames are indexed by time.

https://pandas.pydata.org/docs/reference/offset_frequency.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Typed, Value
from foreshape.semantics.registry import rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

OFFSETS: Final = (
    "BDay", "BHalfYearBegin", "BHalfYearEnd", "BMonthBegin", "BMonthEnd", "BQuarterBegin", "BQuarterEnd", "BYearBegin",
    "BYearEnd", "BusinessDay", "BusinessHour", "BusinessMonthBegin", "BusinessMonthEnd", "CBMonthBegin", "CBMonthEnd",
    "CDay", "CustomBusinessDay", "CustomBusinessHour", "CustomBusinessMonthBegin", "CustomBusinessMonthEnd", "Day",
    "Easter", "FY5253", "FY5253Quarter", "HalfYearBegin", "HalfYearEnd", "Hour", "LastWeekOfMonth", "Micro", "Milli",
    "Minute", "MonthBegin", "MonthEnd", "Nano", "QuarterBegin", "QuarterEnd", "Second", "SemiMonthBegin",
    "SemiMonthEnd", "Tick", "Week", "WeekOfMonth", "YearBegin", "YearEnd",
)  # fmt: skip
DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@rule(
    "pandas.tseries.frequencies.to_offset",
    *(f"{module}.{name}" for module in ("pandas.tseries.offsets", "pandas.offsets") for name in OFFSETS),
)
def offset(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """A span between dates."""
    return cx.unknown("a span between dates")


@rule("pandas.tseries.holiday.Holiday", *(f"pandas.tseries.holiday.{name}" for name in DAYS))
def holiday(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """A day of a calendar."""
    return cx.unknown("a day of a calendar")


@rule("pandas.infer_freq", "pandas.tseries.frequencies.infer_freq", "pandas.tseries.frequencies.get_period_alias")
def frequency(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """The name of a frequency, or None."""
    return cx.unknown("the frequency of dates")


@rule("pandas.tseries.frequencies.is_subperiod", "pandas.tseries.frequencies.is_superperiod")
def within(cx: Context, source: Value, target: Value) -> Value:
    """Whether one frequency divides the other."""
    return Typed("bool")
