"""Which axis a method works along: 0 ("index", "rows") or 1 ("columns"); a Series has the first only.

Unlike NumPy, pandas does not count axes from the end: ``axis=-1`` is refused as ``axis=2`` is.
https://github.com/pandas-dev/pandas/blob/main/pandas/core/generic.py (``_get_axis_number``)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Const, Instance, Value, as_int, as_str
from foreshape.semantics.pandas.support import BY, frame_of

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

NUMBERS: Final = {"index": 0, "rows": 0, "columns": 1}


def number_of(axis: Value | None) -> int | None:
    """The number of an axis, whether there is one of that number or not: 0 where none is given, None where it is not known."""
    if axis is None:
        return 0
    word = as_str(axis)
    return NUMBERS.get(word) if word is not None else as_int(axis)


def along(cx: Context, self: Instance, axis: Value | None, taker: str) -> int | None:
    """``number_of`` an axis of this frame. Raises ``axis-range`` (ValueError)."""
    word, number = as_str(axis), number_of(axis)
    form = frame_of(cx, self).form
    rank = 1 if form == "Series" else 2
    known = word is not None or (isinstance(axis, Const) and number is not None)
    if form not in ("Series", "DataFrame") or not known or (number is not None and 0 <= number < rank):
        return number
    from foreshape.faults.axis_range import AxisRange
    from foreshape.faults.base import Raises

    shown = number if word is None and number is not None else word or ""
    text = f"No axis named {shown} for object type {form}"
    raise AxisRange(Raises("ValueError", text, by=BY), values=(self,), taker=taker, axis=shown, rank=rank, recover=None)
