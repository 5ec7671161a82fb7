"""Moving windows: rolling, expanding, ewm. They keep the rows; the first ones are NaN.

https://pandas.pydata.org/docs/reference/window.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.values import (
    BoundMethod,
    Const,
    Function,
    Instance,
    LibraryRef,
    Sequence,
    Unknown,
    Value,
    as_bool,
    as_int,
)
from foreshape.semantics.numpy.support import given
from foreshape.semantics.pandas.items import getitem
from foreshape.semantics.pandas.support import NDFRAME, Column, Frame, frame_of, is_numeric, wrapped
from foreshape.semantics.registry import library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

WINDOW: Final = library_type("pandas.~Window")


def _window(self: Instance, lost: int | None) -> Instance:
    return Instance(LibraryRef(WINDOW), {"~of": self, "~lost": lost})


@rule(f"{NDFRAME}.rolling", doc="https://pandas.pydata.org/docs/reference/api/pandas.DataFrame.rolling.html")
def rolling(
    cx: Context,
    self: Instance,
    window: Value,
    min_periods: Value | None = None,
    center: Value | None = None,
    *args: Value,
    **kwargs: Value,
) -> Value:
    """A window over each row and those before it: the first ``window - 1`` are NaN."""
    size = as_int(window)
    lost = None if size is None else size - 1
    if min_periods is not None and given(min_periods):
        least = as_int(min_periods)
        lost = None if least is None else max(least - 1, 0)
    if (center is not None and as_bool(center) is not False) or args or kwargs:
        lost = None
    return _window(self, lost)


@rule(f"{NDFRAME}.expanding")
def expanding(cx: Context, self: Instance, min_periods: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    least = 1 if min_periods is None else as_int(min_periods)
    return _window(self, None if least is None else max(least - 1, 0))


@rule(f"{NDFRAME}.ewm")
def ewm(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    return _window(self, 0 if "min_periods" not in kwargs else None)


@rule(f"{WINDOW}.__getitem__")
def chosen(cx: Context, self: Instance, key: Value) -> Value:
    owner = self.fields["~of"]
    assert isinstance(owner, Instance)
    if isinstance(key, Sequence) and key.kind == "tuple":
        return cx.unknown("columns of windows are not chosen by a tuple")
    found = getitem(cx, owner, key)
    return (
        _window(found, self.fields.get("~lost")) if isinstance(found, Instance) else cx.unknown("which column this is")
    )


@rule(
    *(
        f"{WINDOW}.{name}"
        for name in ("mean", "sum", "max", "min", "median", "count", "quantile", "skew", "kurt", "apply", "rank")
    )
)
def aggregated(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """The rows and columns stay; the values are float64."""
    return _result(cx, self, 0)


@rule(*(f"{WINDOW}.{name}" for name in ("std", "var", "sem")))
def spread(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """One value alone has no spread."""
    return _result(cx, self, 1)


def _result(cx: Context, self: Instance, least: int) -> Value:
    owner = self.fields["~of"]
    assert isinstance(owner, Instance)
    frame = frame_of(cx, owner)
    lost: int | None = self.fields.get("~lost")

    def each(one: Column) -> Column:
        missing = None
        if lost is not None and one.missing is not None:
            missing = one.missing + max(lost, least)
        return Column(one.name, "float64" if is_numeric(one.dtype) else None, missing=missing)

    return wrapped(frame.each(each))


@rule(f"{WINDOW}.corr", f"{WINDOW}.cov")
def pairs(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    owner = self.fields["~of"]
    assert isinstance(owner, Instance)
    frame = frame_of(cx, owner)
    if frame.flat:
        return wrapped(frame.each(lambda one: Column(one.name, "float64")))
    return cx.unknown("the moving correlation of a frame")


@rule(f"{WINDOW}.agg", f"{WINDOW}.aggregate")
def agg(cx: Context, self: Instance, func: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    owner = self.fields["~of"]
    assert isinstance(owner, Instance)
    frame = frame_of(cx, owner)
    if isinstance(func, (Const, Function, BoundMethod, LibraryRef)):
        return _result(cx, self, 0)  # one function: the columns stay
    if isinstance(func, Unknown) and frame.flat:
        return cx.unknown("what a moving window is reduced with is not known")
    return wrapped(Frame(frame.rows, (), "DataFrame", frame.index, cx.fresh(lo=0), False))
