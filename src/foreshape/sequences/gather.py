"""Runs of rows out of a series, as fast as memory gives them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


class Rows:
    """``take(starts)`` gives the ``length`` rows from each start on, as one new array (starts, length, features).

    The rows of a window lie one after the other in memory. Seen as one item of that many bytes at every row (items
    overlap), a batch of windows is a single one-dimensional gather, one block copy per window. Of a file that holds its columns one after
    the other, the rows are picked one by one.
    """

    def __init__(self, series: NDArray[Any], length: int) -> None:
        self.length = length
        self.features = 1 if series.ndim == 1 else series.shape[1]
        self.dtype = series.dtype
        self._scattered = None if series.flags.c_contiguous else series
        row = self.features * series.dtype.itemsize
        count = max(len(series) - length + 1, 0)
        if count and row and self._scattered is None:
            window = np.dtype((np.void, row * length))
            self._windows = np.ndarray((count,), dtype=window, buffer=series, strides=(row,))
        else:
            self._windows = np.empty((0,), dtype=np.dtype((np.void, max(row * length, 1))))

    def take(self, starts: NDArray[np.integer[Any]]) -> NDArray[Any]:
        """(starts, length, features) of the dtype of the series. A start past the end is an IndexError."""
        if not len(starts):
            return np.empty((0, self.length, self.features), dtype=self.dtype)
        if self._scattered is not None:
            if int(starts.max()) + self.length > len(self._scattered):
                raise IndexError(f"A window of {self.length} rows from row {starts.max()} on passes the end.")
            found = self._scattered[starts[:, None] + np.arange(self.length)]
            return np.asarray(found).reshape(len(starts), self.length, self.features)
        return self._windows[starts].view(self.dtype).reshape(len(starts), self.length, self.features)

    def span(self, start: int, count: int, stride: int) -> NDArray[Any]:
        """``take`` of ``count`` starts that lie ``stride`` rows apart."""
        if not count:
            return np.empty((0, self.length, self.features), dtype=self.dtype)
        if self._scattered is not None:
            return self.take(start + np.arange(count, dtype=np.int64) * stride)
        chosen = self._windows[start : start + (count - 1) * stride + 1 : stride]
        return chosen.copy().view(self.dtype).reshape(count, self.length, self.features)
