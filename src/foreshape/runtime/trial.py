"""Numbers that a model cannot take although their shape is right: lengths of zero, ids past a table that it reaches after a
calculation, positions past their table. Found by really calling a copy of it with the rows that have the extreme values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from foreshape.runtime.arrays import offenders
from foreshape.runtime.facts import Fact
from foreshape.runtime.feed import Named
from foreshape.runtime.live import Live
from foreshape.runtime.refusal import rule_of

COLUMNS: Final = 256
"""A table with so many may mean something else in every one."""
RANK: Final = 3
"""Integers with more axes are pictures, of which any number goes."""


def refused_value(
    live: Live, inputs: Named, keyed: bool, rows: int, said: Callable[[BaseException], str]
) -> Fact | None:
    """The first integer input whose smallest or largest value raises where another value would not; None without one.

    rows: of a batch. Only what is proved is told: the same batch with that single value changed is taken.
    """
    if len({len(array) for array in inputs.values() if array.ndim}) != 1:
        return None  # a row is no sample
    for name, array in inputs.items():
        if array.dtype.kind not in "iu" or not array.size or not 0 < array.ndim <= RANK:
            continue
        columns: list[int | None] = [None]
        if array.ndim == 2 and array.shape[1] <= COLUMNS and _columns_raise(live, inputs, name, keyed, rows):
            columns += range(array.shape[1])
        for column in columns:
            for lowest in (True, False):
                fact = _extreme(live, inputs, name, keyed, rows, lowest, said, column)
                if fact is not None:
                    return fact
    return None


def _columns_raise(live: Live, inputs: Named, name: str, keyed: bool, rows: int) -> bool:
    """Whether the extremes of every column together raise; whose they are is seen in the real batches then."""
    if rows < 2 or len(inputs[name]) < 2:
        return True
    batch = {each: values[:rows] for each, values in inputs.items()}
    changed = batch[name].copy()
    changed[0], changed[1] = inputs[name].min(0), inputs[name].max(0)
    return live.tried({**batch, name: changed}, keyed) is not None


def _extreme(
    live: Live,
    inputs: Named,
    name: str,
    keyed: bool,
    rows: int,
    lowest: bool,
    said: Callable[[BaseException], str],
    column: int | None,
) -> Fact | None:
    whole = inputs[name]
    rest = () if column is None else (column,)
    array = whole if column is None else whole[:, column]
    found = np.unravel_index(array.argmin() if lowest else array.argmax(), array.shape)
    place = (*map(int, found), *rest)
    start = place[0] // rows * rows
    within = (place[0] - start, *place[1:])
    batch = {each: values[start : start + rows] for each, values in inputs.items()}
    error = live.tried(batch, keyed)
    if error is None:
        return None

    def taken(value: int) -> bool:
        changed = batch[name].copy()
        changed[within] = value
        return live.tried({**batch, name: changed}, keyed) is None

    good = _nearest(np.unique(array), lowest, taken)
    if good is None:
        return None
    past = offenders(
        name,
        array,
        lambda block: block < good if lowest else block > good,
        f"{good} or {'more' if lowest else 'less'}",
    )
    if past is None:
        return None
    count, first = past
    for each in first:
        each.step += rest
    return Fact(
        rule_of(str(error)),
        lambda count: (
            f"{count:,} value{'' if count == 1 else 's'} of {name} {'is' if count == 1 else 'are'} "
            f"{'less' if lowest else 'more'} than {good}, which the model cannot take"
        ),
        exception=type(error).__name__,
        why=said(error),
        count=count,
        first=first,
    )


def _nearest(values: NDArray[np.generic], lowest: bool, taken: Callable[[int], bool]) -> int | None:
    """Of the values that occur, the most extreme one that is taken; None where none is."""
    ordered = [int(each) for each in (values if lowest else values[::-1])]
    low, high = 0, len(ordered) - 1
    if high < 1 or not taken(ordered[(high + 1) // 2]):
        return None
    high = (high + 1) // 2
    while high - low > 1:  # ordered[low] raises, ordered[high] does not
        middle = (low + high) // 2
        low, high = (low, middle) if taken(ordered[middle]) else (middle, high)
    return ordered[high]
