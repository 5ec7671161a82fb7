"""``time``, ``datetime``, ``calendar``, ``timeit``: values are not known, types are.

Source: https://docs.python.org/3/library/datetime.html
"""

from __future__ import annotations

from foreshape.domain.values import Const, Instance, LibraryRef, Typed, Value
from foreshape.semantics.protocol import Context
from foreshape.semantics.python.stdlib.plain import attributes, results
from foreshape.semantics.registry import library_types, rule

library_types((
    ("datetime.date", ("builtins.object",)),
    ("datetime.datetime", ("datetime.date",)),
    ("datetime.time", ("builtins.object",)),
    ("datetime.timedelta", ("builtins.object",)),
    ("datetime.timezone", ("builtins.object",)),
    ("time.struct_time", ("builtins.tuple",)),
))  # fmt: skip

results(
    "time",
    {
        "time perf_counter process_time monotonic mktime thread_time": "float>=0",
        "time_ns perf_counter_ns process_time_ns monotonic_ns": "int>=0",
        "sleep tzset": "none",
        "strftime ctime asctime": "str",
        "localtime gmtime strptime": "object:time.struct_time",
    },
)
attributes("time.struct_time", {"tm_year tm_mon tm_mday tm_hour tm_min tm_sec tm_wday tm_yday tm_isdst": "int"})
results("timeit", {"default_timer": "float>=0", "timeit": "float>=0", "repeat": "list[float]"})
results("calendar", {"monthrange": "tuple[int,int]", "isleap": "bool", "timegm": "int"})

DATE = "object:datetime.date"
MOMENT = "object:datetime.datetime"
results("datetime.date", {"today fromisoformat fromtimestamp fromordinal replace": DATE})
results(
    "datetime.date",
    {
        "strftime isoformat ctime": "str",
        "weekday isoweekday toordinal": "int",
        "timetuple": "object:time.struct_time",
    },
)
results(
    "datetime.datetime",
    {
        "now utcnow today fromisoformat fromtimestamp utcfromtimestamp strptime combine replace astimezone": MOMENT,
        "timestamp": "float",
        "date": DATE,
        "time": "object:datetime.time",
    },
)
attributes("datetime.date", {"year month day": "int"})
attributes("datetime.datetime", {"hour minute second microsecond": "int", "tzinfo": "unknown:a time zone"})
attributes("datetime.time", {"hour minute second microsecond": "int"})
results("datetime.time", {"strftime isoformat": "str"})
attributes("datetime.timedelta", {"days seconds microseconds": "int"})
results("datetime.timedelta", {"total_seconds": "float"})


def _constructor(name: str) -> None:
    @rule(f"datetime.{name}")
    def make(cx: Context, *args: Value, **kwargs: Value) -> Value:
        return Instance(LibraryRef(f"datetime.{name}"))


for _name in ("date", "datetime", "time", "timedelta", "timezone"):
    _constructor(_name)


@rule("datetime.date.__binary__", "datetime.timedelta.__binary__")
def binary(cx: Context, self: Value, operator: Value, other: Value, reflected: Value) -> Value | None:
    """Moments and spans between them."""
    assert isinstance(operator, Const)
    text = str(operator.value)
    if text in ("<", ">", "<=", ">=", "==", "!="):
        return Typed("bool")
    mine = self.cls.name if isinstance(self, Instance) else ""
    theirs = other.cls.name if isinstance(other, Instance) else ""
    if text in ("+", "-") and "timedelta" in mine and "timedelta" in theirs:
        return Instance(LibraryRef("datetime.timedelta"))
    if text == "-" and "date" in mine and "date" in theirs and "delta" not in mine + theirs:
        return Instance(LibraryRef("datetime.timedelta"))
    if text in ("+", "-") and "timedelta" in mine + theirs and isinstance(self, Instance):
        whole = mine if "timedelta" in theirs else theirs
        return Instance(LibraryRef(whole)) if whole else None
    if text in ("*", "/", "//") and "timedelta" in mine:
        if "timedelta" in theirs:
            return Typed("int" if text == "//" else "float")
        return Instance(LibraryRef("datetime.timedelta"))
    return None
