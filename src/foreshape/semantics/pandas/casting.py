"""``astype`` of frames and series.

https://pandas.pydata.org/docs/reference/api/pandas.DataFrame.astype.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import Array, Bound, DictValue, Instance, Value
from foreshape.faults.base import Fault, Raises
from foreshape.semantics.numpy.dtypes import kind_of
from foreshape.semantics.numpy.support import given
from foreshape.semantics.pandas.construct import as_dtype
from foreshape.semantics.pandas.support import NDFRAME, Column, frame_of, is_numeric, refuse_absent, wrapped
from foreshape.semantics.registry import rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


@rule(f"{NDFRAME}.astype")
def astype(cx: Context, self: Instance, dtype: Value, copy: Value | None = None, errors: Value | None = None) -> Value:
    """The same shape in another dtype."""
    frame = frame_of(cx, self)
    if isinstance(dtype, DictValue):
        changes = {key: as_dtype(cx, value) for key, value in dtype.entries.items()}
        text = "Only a column name can be used for the key in a dtype mappings argument. {0} not found in columns."
        refuse_absent(frame, changes, self, text, wrapped(frame))
        made_ = frame.each(lambda one: _cast(one, changes[one.name]) if one.name in changes else one)
        if not given(errors):
            _refuse_values(
                self, [(one, changes[one.name]) for one in frame.columns if one.name in changes], wrapped(made_)
            )
        return wrapped(made_)
    wanted = as_dtype(cx, dtype)
    made_ = frame.each(lambda one: _cast(one, wanted))
    if not given(errors):
        _refuse_values(self, [(one, wanted) for one in frame.columns], wrapped(made_))
    return wrapped(made_)


def _refuse_values(self: Instance, columns: list[tuple[Column, str | None]], recover: Value) -> None:
    """ValueError for a text that is no number, or for NaN among integers, where one is certainly there."""
    for one, dtype in columns:
        whole = kind_of(dtype) in ("i", "u")
        if whole and kind_of(one.dtype) == "f" and (one.missing or any(item != item for item in one.data or ())):
            text = (
                "Cannot convert non-finite values (NA or inf) to integer. Replace or remove non-finite values or cast to an "
                "integer type that supports these values (e.g. 'Int64')"
            )
            raise _refused("IntCastingNaNError", text, self, "NaN", dtype or "int64", recover)
        for item in one.data or () if is_numeric(dtype) and kind_of(dtype) not in ("b", "c") else ():
            if not isinstance(item, str):
                continue
            try:
                int(item) if whole else float(item)
            except ValueError as error:
                raise _refused("ValueError", str(error), self, repr(item), dtype or "float64", recover) from None


def _refused(exception: str, text: str, owner: Instance, value: str, wanted: str, recover: Value) -> Fault:
    from foreshape.faults.value_conversion import ValueConversion

    raises = Raises(exception, text, by="pandas")
    return ValueConversion(raises, values=(owner,), recover=recover, value=value, wanted=wanted)


def _cast(one: Column, dtype: str | None) -> Column:
    if dtype == one.dtype and dtype is not None:
        return one
    if is_numeric(dtype) and is_numeric(one.dtype):
        from foreshape.semantics.numpy.support import made

        cut = made((), one.dtype, one.lo, one.hi)
        lo: Bound = None
        hi: Bound = None
        if one.lo is not None and one.hi is not None:
            lo, hi = _cast_bounds(cut, dtype)
        return Column(one.name, dtype, lo, hi, None, one.missing if kind_of(dtype) == "f" else None)
    return Column(one.name, dtype, missing=0 if one.missing == 0 else None)


def _cast_bounds(array: Array, dtype: str | None) -> tuple[Bound, Bound]:
    from foreshape.semantics.numpy.conversion import _cut

    if kind_of(dtype) in ("i", "u"):
        lo, hi, _ = _cut(array, dtype, kind_of(array.dtype))
        return lo, hi
    return array.lo, array.hi
