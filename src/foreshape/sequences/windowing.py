"""Windows of a series, indexed without being made: item ``i`` is (inputs, target)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from foreshape.semantics.shared.windows import batch_count, window_count
from foreshape.sequences.gather import Rows
from foreshape.sequences.sources import Columns, read_series
from foreshape.sequences.targets import Target, read_target

if TYPE_CHECKING:
    from foreshape.sequences.feeding import Loader

Batch = Any  # an array of inputs, or (inputs, targets)


def windows(
    series: Any,
    length: int,
    horizon: int | Sequence[int] = 1,
    stride: int = 1,
    *,
    target: Any = None,
    groups: ArrayLike | None = None,
    columns: Sequence[str] | None = None,
    dtype: Any = None,
) -> Windows:
    """Windows of ``length`` rows of a series, each with the rows that follow it as target. Nothing is copied until a
    batch is taken.

    series: (rows,) or (rows, features): an array, a data frame, a ``.npy`` or Parquet path (``columns`` chooses).
        Inputs are (batch, length, features); a series of one axis has one feature.
    horizon: how many rows after the window are predicted; a list names the steps (``[6]`` is only the sixth row after
        it); 0 takes the target from the last row of the window itself, and without ``target`` gives inputs alone.
    stride: rows from one window to the next.
    target: the columns to predict, by index or name, one or several; None for all; or an array of its own with as many
        rows as the series. Targets are (batch, steps, columns), where a single step or a single column is left out as
        long as two axes remain: one step of one column is (batch, 1), as a ``Dense(1)`` gives it.
    groups: an id per row. Rows of a group stand together, and no window crosses from one group into another.
    dtype: of the batches, floating targets included; None keeps that of the data.

    Raises ValueError where not one window fits, and where the arguments contradict each other.
    """
    array, names = read_series(series, columns)
    for name, value, least in (("length", length, 1), ("stride", stride, 1)):
        if not isinstance(value, (int, np.integer)) or value < least:
            raise ValueError(f"{name} is {value!r}, but it has to be a whole number of rows, {least} or more.")
    steps = _steps(horizon)
    read = read_target(array, names, target, steps, int(length))
    runs = _runs(groups, len(array))
    made = Windows(array, names, int(length), int(stride), read, runs, dtype)
    if not len(made):
        longest = max((stop - start for start, stop in runs), default=0)
        where = "rows in the series" if groups is None else "rows in the longest group"
        raise ValueError(
            f"No window fits: length {length} and {made.reach - length} rows of horizon need {made.reach} rows, but "
            f"there are {longest} {where}."
        )
    return made


def _steps(horizon: int | Sequence[int]) -> tuple[int, ...]:
    """The rows to predict, counted from the end of the window: 1 is the first row after it, 0 the last one in it."""
    if isinstance(horizon, (int, np.integer)):
        if horizon < 0:
            raise ValueError(f"horizon is {horizon}, but a target before the end of the window would leak into it.")
        return tuple(range(1, int(horizon) + 1)) or (0,)
    steps = tuple(int(step) for step in horizon)
    if not steps or min(steps) < 0 or len(set(steps)) < len(steps):
        raise ValueError(f"horizon={list(horizon)} has to name one or more different steps, 0 or later.")
    return steps


def _runs(groups: ArrayLike | None, rows: int) -> list[tuple[int, int]]:
    """Where each group starts and ends. Raises ValueError where a group comes back after another one."""
    if groups is None:
        return [(0, rows)]
    ids = np.asarray(groups)
    if ids.shape != (rows,):
        raise ValueError(f"groups is {ids.shape}, but it needs one id per row: ({rows},).")
    if rows == 0:
        return []
    starts = np.concatenate([[0], np.flatnonzero(ids[1:] != ids[:-1]) + 1])
    seen: dict[Any, int] = {}
    for start in starts.tolist():
        name = ids[start].item() if isinstance(ids[start], np.generic) else ids[start]
        if name in seen:
            raise ValueError(
                f"Group {name!r} starts at row {seen[name]} and again at row {start}. Sort the rows by group, then by "
                "time, so that the rows of a group stand together."
            )
        seen[name] = start
    return list(zip(starts.tolist(), [*starts[1:].tolist(), rows]))


class Windows:
    """Windows over runs of rows. ``len(w)`` windows; ``w[i]`` is one (inputs, target), ``w[a:b]`` or ``w[indices]`` a
    batch of them. Made by :func:`windows`, and by the splits.

    length, stride: in rows. reach: rows that one window needs, its target included. shape: of the inputs of all windows,
    (windows, length, features). target_shape: of all targets, None without.
    """

    def __init__(
        self,
        series: NDArray[Any],
        names: Columns,
        length: int,
        stride: int,
        target: Target | None,
        runs: Sequence[tuple[int, int]],
        dtype: Any = None,
    ) -> None:
        self.series = series
        self.columns = names
        self.length = length
        self.stride = stride
        self.target = target
        self.runs = tuple(runs)
        self.reach = length + (max(target.steps) if target is not None else 0)
        self.dtype = np.dtype(series.dtype if dtype is None else dtype)
        self._rows = Rows(series, length)
        counts = [_whole(window_count(stop - start, self.reach, stride)) for start, stop in runs]
        self._first = np.array([start for start, _ in runs], dtype=np.int64)
        self._plain = len(runs) == 1 and runs[0][0] == 0 and stride == 1  # window i starts at row i
        self._before = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])

    def __len__(self) -> int:
        return int(self._before[-1])

    @property
    def features(self) -> int:
        """Columns of the inputs."""
        return self._rows.features

    @property
    def shape(self) -> tuple[int, int, int]:
        """(windows, length, features)"""
        return len(self), self.length, self.features

    @property
    def target_shape(self) -> tuple[int, ...] | None:
        """(windows, ...) of the targets; None where there are none."""
        return None if self.target is None else (len(self), *self.target.shape)

    @property
    def target_dtype(self) -> np.dtype[Any] | None:
        """Of the targets: that of the inputs where both are floating, else their own; None where there are none."""
        if self.target is None:
            return None
        own: np.dtype[Any] = self.target.values.dtype
        return self.dtype if own.kind == "f" and self.dtype.kind == "f" else own

    @property
    def dropped(self) -> int:
        """Rows at the ends of the runs that are in no window and no target."""
        used = 0
        for (start, stop), count in zip(self.runs, np.diff(self._before).tolist()):
            used += min(stop - start, (count - 1) * self.stride + self.reach) if count else 0
        return sum(stop - start for start, stop in self.runs) - used

    def starts(self, indices: NDArray[np.integer[Any]]) -> NDArray[np.integer[Any]]:
        """The first row of each of these windows."""
        if self._plain:
            return indices
        if len(self._first) == 1:
            return self._first[0] + indices.astype(np.int64, copy=False) * self.stride
        run = np.searchsorted(self._before, indices, side="right") - 1
        starts: NDArray[np.int64] = self._first[run] + (indices - self._before[run]) * self.stride
        return starts

    @overload
    def __getitem__(self, index: int) -> Batch: ...
    @overload
    def __getitem__(self, index: slice | ArrayLike) -> Batch: ...
    def __getitem__(self, index: Any) -> Batch:
        if isinstance(index, (int, np.integer)):
            batch = self.take(np.array([self._checked(int(index))]))
            return batch[0] if self.target is None else (batch[0][0], batch[1][0])
        if isinstance(index, slice):
            return self.take(np.arange(*index.indices(len(self))))
        chosen = np.asarray(index)
        if chosen.dtype == bool:
            if chosen.shape != (len(self),):
                raise IndexError(f"The mask is {chosen.shape}, but there are {len(self)} windows.")
            chosen = np.flatnonzero(chosen)
        if chosen.ndim != 1 or chosen.dtype.kind not in "iu":
            raise IndexError(f"Windows are chosen by whole numbers on one axis, not by {chosen.dtype} {chosen.shape}.")
        if len(chosen):
            self._checked(int(chosen.max()))
            self._checked(int(chosen.min()))
        return self.take(np.where(chosen < 0, chosen + len(self), chosen) if chosen.dtype.kind == "i" else chosen)

    def _checked(self, index: int) -> int:
        if not -len(self) <= index < len(self):
            raise IndexError(f"There is no window {index}: they are 0 to {len(self) - 1}.")
        return index + len(self) if index < 0 else index

    def take(self, indices: NDArray[np.integer[Any]]) -> Batch:
        """A batch: (batch, length, features), with its targets where there are any. Indices are taken as valid."""
        starts = self.starts(indices)
        return self._with_targets(self._rows.take(starts), starts)

    def span(self, start: int, stop: int) -> Batch:
        """``take`` of the windows from ``start`` up to ``stop``."""
        if len(self._first) > 1:
            return self.take(np.arange(start, stop))
        row = int(self._first[0]) + start * self.stride
        starts: NDArray[np.int64] | None = None
        if self.target is not None:
            starts = row + np.arange(stop - start) * self.stride
        return self._with_targets(self._rows.span(row, stop - start, self.stride), starts)

    def _with_targets(self, rows: NDArray[Any], starts: NDArray[np.integer[Any]] | None) -> Batch:
        inputs = rows if rows.dtype == self.dtype else rows.astype(self.dtype)
        if self.target is None or starts is None:
            return inputs
        targets = self.target.take(starts.astype(np.int64, copy=False) + (self.length - 1))
        return inputs, targets.astype(self.target_dtype, copy=False)

    def __iter__(self) -> Iterator[Batch]:
        for index in range(len(self)):
            yield self[index]

    def arrays(self) -> Batch:
        """Every window at once: (windows, length, features), with the targets. Needs the memory for all of them."""
        return self.take(np.arange(len(self)))

    # -- feeding ------------------------------------------------------------------------------------------------------
    def batches(
        self, batch_size: int = 32, *, shuffle: bool = False, seed: int | None = None, drop_last: bool = False
    ) -> Loader:
        """Plain iteration over batches; every pass with ``shuffle`` has an order of its own, told by the seed."""
        from foreshape.sequences.feeding import Loader

        return Loader(self, batch_size, shuffle, seed, drop_last)

    def keras(
        self, batch_size: int = 32, *, shuffle: bool = False, seed: int | None = None, drop_last: bool = False
    ) -> Any:
        """A ``keras.utils.PyDataset`` (``Sequence`` before Keras 3) for ``fit``, ``evaluate`` and ``predict``."""
        from foreshape.sequences.feeding import keras_dataset

        return keras_dataset(self.batches(batch_size, shuffle=shuffle, seed=seed, drop_last=drop_last))

    def torch(
        self, batch_size: int = 32, *, shuffle: bool = False, seed: int | None = None, drop_last: bool = False
    ) -> Any:
        """A ``torch.utils.data.DataLoader`` that takes whole batches."""
        from foreshape.sequences.feeding import torch_loader

        return torch_loader(self.batches(batch_size, shuffle=shuffle, seed=seed, drop_last=drop_last))

    def tf(
        self, batch_size: int = 32, *, shuffle: bool = False, seed: int | None = None, drop_last: bool = False
    ) -> Any:
        """A ``tf.data.Dataset`` of batches, with its element_spec."""
        from foreshape.sequences.feeding import tf_dataset

        return tf_dataset(self.batches(batch_size, shuffle=shuffle, seed=seed, drop_last=drop_last))

    def __getitems__(self, indices: Sequence[int]) -> list[Any]:
        """What a ``DataLoader`` calls with the indices of a batch: its windows one by one, as tensors. ``collate_fn=windows.collate``
        saves stacking them again."""
        from foreshape.sequences.feeding import Items

        return Items(self[np.asarray(indices)])

    @staticmethod
    def collate(batch: Batch) -> Any:
        """The tensors of a batch as it was taken: the ``collate_fn`` for a ``DataLoader`` over windows."""
        from foreshape.sequences.feeding import Items, as_tensors

        return batch.tensors if isinstance(batch, Items) else as_tensors(batch)

    # -- splitting ----------------------------------------------------------------------------------------------------
    def split(self, *fractions: float, gap: int = 0) -> tuple[Windows, ...]:
        """Parts in the order of time, ``split(0.7, 0.15, 0.15)``: no row of one part, input or target, is seen by
        another. Every group is cut in the same proportion. gap: rows left out between two parts."""
        from foreshape.sequences.splitting import by_time

        return by_time(self, fractions, gap)

    def split_groups(self, *fractions: float, seed: int | None = None) -> tuple[Windows, ...]:
        """Parts made of whole groups, drawn by the seed."""
        from foreshape.sequences.splitting import by_group

        return by_group(self, fractions, seed)

    def over(self, runs: Sequence[tuple[int, int]]) -> Windows:
        """The same windows over other runs of rows."""
        return Windows(self.series, self.columns, self.length, self.stride, self.target, runs, self.dtype)

    def rows(self) -> NDArray[Any]:
        """The rows that these windows may see, to fit a scaler on: (rows, features), or (rows,)."""
        return np.concatenate([self.series[start:stop] for start, stop in self.runs])

    def summary(self) -> str:
        """What there is, in a sentence or two."""
        rows = sum(stop - start for start, stop in self.runs)
        several = f" in {len(self.runs)} groups" if len(self.runs) > 1 else ""
        text = f"{len(self)} windows of ({self.length}, {self.features}) from {rows} rows{several}"
        if self.target is not None:
            text += f", targets {self.target.shape}"
        short = int((np.diff(self._before) == 0).sum())
        if short:
            text += f"; {short} {'group is' if short == 1 else 'groups are'} shorter than {self.reach} rows"
        if self.dropped:
            text += f"; {self.dropped} rows are in no window"
        return text + "."

    def __repr__(self) -> str:
        return f"<{self.summary()}>"

    def batch_count(self, batch_size: int, drop_last: bool = False) -> int:
        """Batches in one pass."""
        return _whole(batch_count(len(self), batch_size, drop_last))


def _whole(count: object) -> int:
    """A formula of the checker, whose sizes may be symbolic there, has given a number here."""
    assert isinstance(count, int)
    return count
