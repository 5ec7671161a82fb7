"""Windows of a series whose target is one of their own steps.

A window ``data[a:b]`` and a target ``data[p]`` of the same loop step leak where ``p`` is ``b - 1``. They are found by where the arrays
come from: one run of slices, one run of elements, of one and the same array.
"""

from __future__ import annotations

import ast
from typing import Final

from foreshape.domain.compare import eq
from foreshape.domain.contents import Run, substitute_value
from foreshape.domain.dim import DimLike, of_atom
from foreshape.domain.facts import Facts
from foreshape.domain.values import Array, Sequence, SliceValue, Value, as_dim, as_int, is_none

MOST_STEPS: Final = 12
"""How far back the list of an array is looked for."""


def leaked(x: Value | None, y: Value | None, facts: Facts) -> tuple[Value, DimLike] | None:
    """The target of a window and the last step of the window, where they are certainly the same number of the same array."""
    window, target = _run(x), _run(y)
    if window is None or target is None or window.index is None or target.index is None:
        return None
    series, index = _taken(window.element)
    other, place = _taken(target.element)
    if series is None or series is not other or index is None or place is None:
        return None
    cut, columns = index[0], index[1:]
    step, column = substitute_value(place[0], {target.index: of_atom(window.index)}), place[1:]
    if not isinstance(cut, SliceValue) or (not is_none(cut.step) and as_int(cut.step) != 1):
        return None
    stop, position = as_dim(cut.stop), as_dim(step)
    if stop is None or position is None or not eq(position, stop - 1, facts).is_yes or not _holds(columns, column):
        return None
    return target.element, position


def _run(value: Value | None) -> Run | None:
    """The one run that an array was made of, through what keeps its rows."""
    for _ in range(MOST_STEPS):
        if isinstance(value, Sequence):
            segments = value.contents.segments
            return segments[0] if len(segments) == 1 and isinstance(segments[0], Run) else None
        if value is None or value.origin is None:
            return None
        held = [each for each in value.origin.inputs if isinstance(each, (Array, Sequence))]
        if isinstance(value.origin.node, ast.Subscript):
            held = held[:1]  # the rest are indices
        if len(held) != 1:
            return None
        value = held[0]
    return None


def _taken(value: Value) -> tuple[Value | None, tuple[Value, ...] | None]:
    """The array and the indices of ``array[a, b]``."""
    origin = value.origin
    if origin is None or not isinstance(origin.node, ast.Subscript) or len(origin.inputs) != 2:
        return None, None
    array, index = origin.inputs
    if isinstance(index, Sequence) and index.kind == "tuple":
        return array, index.contents.items(8)
    return array, (index,)


def _holds(columns: tuple[Value, ...], column: tuple[Value, ...]) -> bool:
    """Whether the window has the column of the target: all of them, or the very same one."""
    if not columns:
        return True
    if len(columns) != 1 or len(column) != 1:
        return False
    if isinstance(columns[0], SliceValue):
        return is_none(columns[0].start) and is_none(columns[0].stop) and is_none(columns[0].step)
    one, other = as_dim(columns[0]), as_dim(column[0])
    return one is not None and one == other
