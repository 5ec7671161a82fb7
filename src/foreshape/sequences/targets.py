"""Which numbers a window predicts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foreshape.sequences.sources import Columns


class Target:
    """The targets of windows.

    values: (rows, columns), where the target comes from. columns: which of them; None for all. steps: rows counted from
    the last row of the window. shape: of one target: (steps, columns) without the axes that are single, at least one.
    """

    def __init__(
        self, values: NDArray[Any], columns: tuple[int, ...] | None, steps: tuple[int, ...], one: bool
    ) -> None:
        self.values = values
        self.columns = columns
        self.steps = steps
        count = values.shape[1] if columns is None else len(columns)
        self.shape: tuple[int, ...]
        if len(steps) == 1:
            self.shape = (count,)
        else:
            self.shape = (len(steps),) if one and count == 1 else (len(steps), count)
        self._steps = np.array(steps, dtype=np.int64)
        self._columns = None if columns is None else np.array(columns, dtype=np.int64)

    def take(self, last: NDArray[np.int64]) -> NDArray[Any]:
        """The targets of the windows with these last rows: (windows, \\*shape)."""
        if self._columns is not None and len(self._columns) == 1:
            flat = self.values[:, self._columns[0]]
            found = flat[last + self._steps[0]] if len(self.steps) == 1 else flat[last[:, None] + self._steps]
        else:
            rows = last + self._steps[0] if len(self.steps) == 1 else last[:, None] + self._steps
            found = self.values[rows] if self._columns is None else self.values[rows[..., None], self._columns]
        return found.reshape(len(last), *self.shape)


def read_target(
    series: NDArray[Any], names: Columns, target: Any, steps: tuple[int, ...], length: int
) -> Target | None:
    """What ``windows(target=..., horizon=...)`` asks for; None where it asks for inputs alone. Raises ValueError."""
    table = series.reshape(len(series), -1) if series.ndim == 1 else series
    if target is None:
        if steps == (0,):
            return None
        _refuse_leak(steps, None)
        return Target(table, None, steps, one=series.ndim == 1)
    if _is_table(target):
        values = np.asarray(target)
        if len(values) != len(series):
            raise ValueError(
                f"target has {len(values)} rows, but the series has {len(series)}. Row i of target is what is known at row "
                "i of the series; shift with horizon=, not by cutting the array."
            )
        return Target(values.reshape(len(values), -1), None, steps, one=values.ndim == 1)
    single = isinstance(target, (int, str, np.integer))
    chosen = tuple(_column(each, names, table.shape[1]) for each in ([target] if single else target))
    if not chosen:
        raise ValueError("target is an empty list. Name a column, or give horizon=0 for inputs alone.")
    _refuse_leak(steps, length)
    return Target(table, chosen, steps, one=single)


def _is_table(target: Any) -> bool:
    """An array of its own, rather than columns of the series."""
    return hasattr(target, "shape") and len(target.shape) > 0


def _refuse_leak(steps: Sequence[int], length: int | None) -> None:
    """A column of the inputs at a step inside the window is its own answer."""
    if 0 in steps:
        raise ValueError(
            "horizon 0 takes the target from the last row of the window, which the inputs already show. Predict a later "
            "row, or give target= an array of its own."
        )


def _column(name: Any, names: Columns, count: int) -> int:
    if isinstance(name, str):
        if names is None:
            raise ValueError(f"target={name!r} is a name, but the series is an array without names. Give its index.")
        if name not in names:
            raise ValueError(f"There is no column {name!r}. There are: {', '.join(names)}.")
        return names.index(name)
    index = int(name)
    if not -count <= index < count:
        raise ValueError(f"There is no column {index}: the series has {count}, 0 to {count - 1}.")
    return index % count
