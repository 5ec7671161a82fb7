"""Splits that cannot leak: parts of a series whose windows share no row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from foreshape.sequences.windowing import Windows

Runs = list[tuple[int, int]]


def by_time(windows: Windows, fractions: Sequence[float], gap: int = 0) -> tuple[Windows, ...]:
    """Parts one after the other in time. The rows of every run are cut, so windows that would cross a cut are left out.
    Raises ValueError where a part has no window."""
    _check(fractions)
    if gap < 0:
        raise ValueError(f"gap is {gap}, but it is a number of rows to leave out: 0 or more.")
    edges = np.cumsum([0.0, *fractions])
    edges = np.where(np.isclose(edges, 1.0), 1.0, edges)
    parts: list[Runs] = [[] for _ in fractions]
    for start, stop in windows.runs:
        cuts = [start + int(edge * (stop - start)) for edge in edges]
        for number, part in enumerate(parts):
            first = cuts[number] + (gap if number else 0)
            if first < cuts[number + 1]:
                part.append((first, cuts[number + 1]))
    return _parts(windows, parts)


def by_group(windows: Windows, fractions: Sequence[float], seed: int | None = None) -> tuple[Windows, ...]:
    """Parts of whole runs, drawn by the seed. Raises ValueError where there are fewer groups than parts."""
    _check(fractions)
    if len(windows.runs) < len(fractions):
        raise ValueError(
            f"{len(windows.runs)} groups cannot make {len(fractions)} parts. Give groups=, or use split()."
        )
    order = np.random.default_rng(seed).permutation(len(windows.runs))
    edges = np.round(np.cumsum([0.0, *fractions]) * len(order)).astype(int)
    parts = [[windows.runs[i] for i in sorted(order[a:b])] for a, b in pairwise(edges.tolist())]
    return _parts(windows, parts)


def block_folds(windows: Windows, folds: int = 5, gap: int = 0) -> Iterator[tuple[Windows, Windows]]:
    """``folds`` pairs (train, test): the test part is one block of time, the training part is all that lies before and
    after it, without the windows that would reach into it. gap: rows left out on both sides of the block."""
    if folds < 2:
        raise ValueError(f"folds is {folds}, but a part to test on and a part to train on need 2 or more.")
    for fold in range(folds):
        train: Runs = []
        test: Runs = []
        for start, stop in windows.runs:
            first = start + (stop - start) * fold // folds
            last = start + (stop - start) * (fold + 1) // folds
            test.append((first, last))
            train += [(a, b) for a, b in ((start, first - gap), (last + gap, stop)) if a < b]
        made = _parts(windows, [train, test])
        yield made[0], made[1]


def _check(fractions: Sequence[float]) -> None:
    if len(fractions) < 2 or min(fractions, default=0) <= 0 or sum(fractions) > 1 + 1e-9:
        raise ValueError(f"{tuple(fractions)} has to be two or more positive fractions whose sum is at most 1.")


def _parts(windows: Windows, parts: Sequence[Runs]) -> tuple[Windows, ...]:
    made = tuple(windows.over(part) for part in parts)
    for number, part in enumerate(made):
        if not len(part):
            rows = max((stop - start for start, stop in part.runs), default=0)
            raise ValueError(
                f"Part {number + 1} has no window: its longest run has {rows} rows, and a window with its target needs "
                f"{windows.reach}. Make the part larger, or the windows shorter."
            )
    return made
