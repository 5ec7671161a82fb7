"""Batches of sequences of similar length, so that little of a batch is padding."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from foreshape.sequences.padding import Side, pad_ragged
from foreshape.sequences.ragged import read_ragged


def bucket(
    sequences: Any,
    batch_size: int = 32,
    *,
    labels: ArrayLike | None = None,
    shuffle: bool = False,
    seed: int | None = None,
    drop_last: bool = False,
    side: Side = "after",
    value: float | int = 0,
    dtype: DTypeLike | None = None,
) -> Buckets:
    """Batches by length: each is padded only to its own longest sequence.

    labels: one per sequence, handed out with their batch. shuffle: sequences of equal length change places, and batches
    come in an order of their own on every pass; the share of padding stays the same. Other arguments are those of
    :func:`foreshape.sequences.pad`.
    """
    return Buckets(sequences, batch_size, labels, shuffle, seed, drop_last, side, value, dtype)


class Buckets:
    """``len(b)`` batches; iterating gives :class:`Padded`, or (Padded, labels) where there are labels."""

    def __init__(
        self,
        sequences: Any,
        batch_size: int,
        labels: ArrayLike | None,
        shuffle: bool,
        seed: int | None,
        drop_last: bool,
        side: Side,
        value: float | int,
        dtype: DTypeLike | None,
    ) -> None:
        if batch_size < 1:
            raise ValueError(f"batch_size is {batch_size}, but it has to be 1 or more.")
        self.sequences = read_ragged(sequences)
        self.labels = None if labels is None else np.asarray(labels)
        if self.labels is not None and (self.labels.ndim == 0 or len(self.labels) != len(self.sequences)):
            raise ValueError(f"There are {len(self.sequences)} sequences, but labels is {self.labels.shape}.")
        self.batch_size = int(batch_size)
        self.drop_last = drop_last
        self._pad: dict[str, Any] = {"side": side, "value": value, "dtype": dtype}
        self._random = np.random.default_rng(seed) if shuffle else None

    def __len__(self) -> int:
        count = len(self.sequences)
        return count // self.batch_size if self.drop_last else -(-count // self.batch_size)

    def indices(self) -> Iterator[NDArray[np.int64]]:
        """The sequences of each batch of one pass."""
        lengths = self.sequences.lengths
        if self._random is None:
            order = np.argsort(lengths, kind="stable")
            numbers = np.arange(len(self))
        else:
            order = np.lexsort((self._random.random(len(lengths)), lengths))
            numbers = self._random.permutation(len(self))
        for number in numbers.tolist():
            yield order[number * self.batch_size : (number + 1) * self.batch_size]

    def __iter__(self) -> Iterator[Any]:
        for chosen in self.indices():
            batch = pad_ragged(self.sequences.take(chosen), **self._pad)
            yield batch if self.labels is None else (batch, self.labels[chosen])

    @property
    def padding_share(self) -> float:
        """The part of all cells of a pass that is padding, 0 to 1."""
        lengths = np.sort(self.sequences.lengths)[: len(self) * self.batch_size]
        cells = sum(
            int(lengths[start : start + self.batch_size].max()) * len(lengths[start : start + self.batch_size])
            for start in range(0, len(lengths), self.batch_size)
        )
        return 1.0 - float(lengths.sum()) / cells if cells else 0.0

    def __repr__(self) -> str:
        return f"<{len(self)} batches of {len(self.sequences)} sequences, {self.padding_share:.1%} padding>"
