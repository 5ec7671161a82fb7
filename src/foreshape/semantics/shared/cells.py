"""What a table of objects holds beside numbers: a date or a text, which no cast makes a number.

It is kept in ``meta`` of the array with the width of the table it was seen in, so that a choice of columns forgets it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from foreshape.domain import compare
from foreshape.faults.base import Raises
from foreshape.faults.value_conversion import ValueConversion

if TYPE_CHECKING:
    from collections.abc import Iterable

    from foreshape.domain.values import Array, Value
    from foreshape.faults.base import Fault
    from foreshape.semantics.protocol import Context

CELL: Final = "no number"
DATES: Final = {"datetime": "Timestamp", "timedelta": "Timedelta"}


def is_no_number(item: Any) -> bool:
    """Whether a text is none that ``float`` reads."""
    if not isinstance(item, str):
        return False
    try:
        float(item)
    except ValueError:
        return True
    return False


def first_cell(columns: Iterable[tuple[str | None, tuple[Any, ...] | None]]) -> str | None:
    """What the first column that is none of numbers holds, as ``(dtype, elements)`` of each say; None where that is open."""
    for dtype, data in columns:
        kind = (dtype or "").partition("64")[0]
        if kind in DATES:
            return DATES[kind]
        if data and is_no_number(data[0]):
            return repr(data[0])
        if not (dtype or "").startswith(("int", "uint", "float", "bool")):
            return None
    return None


def cell_of(cx: Context, array: Array) -> str | None:
    """What is in a table of objects beside numbers: "Timestamp", "Timedelta", or a text with its quotes."""
    held = array.meta.get(CELL)
    if held is None or array.dtype != "object" or array.shape is None or len(array.shape) != 2:
        return None
    word, width = held
    same = compare.eq(array.shape[1], width, cx.facts).is_yes and compare.ge(array.shape[0], 1, cx.facts).is_yes
    return str(word) if same else None


def refused(word: str, wanted: str, *values: Value, by: str = "numpy") -> Fault:
    """What a cast of such a table raises: TypeError for a date, ValueError for a text."""
    if word.startswith(("'", '"')):
        raises = Raises("ValueError", f"could not convert string to float: {word}", by=by)
        return ValueConversion(raises, values=values, value=word, wanted=wanted)
    function, more = ("int", ", a bytes-like object") if wanted.startswith(("int", "uint")) else ("float", "")
    text = f"{function}() argument must be a string{more} or a real number, not '{word}'"
    return ValueConversion(Raises("TypeError", text, by=by), values=values, value=f"a date ({word})", wanted=wanted)
