"""Gaps that are filled from their neighbours.

https://pandas.pydata.org/docs/user_guide/missing_data.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import Instance, Value
from foreshape.semantics.pandas.support import NDFRAME, Column, finish, frame_of
from foreshape.semantics.registry import rule

if TYPE_CHECKING:
    from foreshape.domain.dim import DimLike
    from foreshape.semantics.protocol import Context


@rule(f"{NDFRAME}.bfill", f"{NDFRAME}.backfill")
def back_filled(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Gaps get what stands below them: where all are at the start, none is left."""
    frame = frame_of(cx, self)
    plain = not args and set(kwargs) <= {"inplace"}

    def each(one: Column) -> Column:
        whole = plain and one.missing is not None and lower_than(one.missing, frame.rows)
        return Column(one.name, one.dtype, one.lo, one.hi, None, 0 if whole else None)

    return finish(cx, self, frame.each(each), kwargs.get("inplace"))


def lower_than(count: int, rows: DimLike) -> bool:
    return isinstance(rows, int) and count < rows


@rule(f"{NDFRAME}.ffill", f"{NDFRAME}.interpolate")
def filled(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    frame = frame_of(cx, self)
    return finish(
        cx,
        self,
        frame.each(
            lambda one: Column(
                one.name, one.dtype, one.lo, one.hi, None, one.missing if not args and not kwargs else None
            )
        ),
        kwargs.get("inplace"),
    )
