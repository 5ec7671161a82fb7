"""Functions that are called with every element of a column, where all elements are known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.contents import Contents
from foreshape.domain.values import Array, BoundMethod, Const, Function, Sequence, Value
from foreshape.semantics.pandas.construct import column_of
from foreshape.semantics.pandas.support import Column, Frame

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

MOST_CALLED: Final = 64


def one_by_one(cx: Context, frame: Frame, function: Value, args: tuple[Value, ...]) -> Column | None:
    """What a function makes of each element, where all are known and few."""
    one = frame.only
    if not isinstance(function, (Function, BoundMethod)) or one.data is None or one.data == () or one.data != one.data:
        return None
    plain = all(isinstance(item, (str, int, float)) and item == item for item in one.data)
    if not plain or len(one.data) > MOST_CALLED or frame.rows != len(one.data):
        return None
    results = [cx.call(function, (Const(item), *args)) for item in one.data]
    if all(isinstance(made_of, Sequence) or (isinstance(made_of, Array) and made_of.shape) for made_of in results):
        return Column(one.name, "object", items=Contents(results))
    if all(isinstance(made_of, Const) and isinstance(made_of.value, (str, int, float)) for made_of in results):
        return column_of(cx, one.name, Sequence("list", Contents(results)))[0]
    return None
