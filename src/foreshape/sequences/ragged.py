"""Sequences of different lengths, read once into one flat array and their lengths."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Ragged:
    """flat: the elements of all sequences, one after the other, (elements,) or (elements, features). lengths: (n,)."""

    def __init__(self, flat: NDArray[Any], lengths: NDArray[np.int64]) -> None:
        self.flat = flat
        self.lengths = lengths

    def __len__(self) -> int:
        return len(self.lengths)

    @property
    def starts(self) -> NDArray[np.int64]:
        """Where each sequence begins in ``flat``."""
        starts: NDArray[np.int64] = np.concatenate([[0], np.cumsum(self.lengths)[:-1]]) if len(self) else self.lengths
        return starts

    def where(self, element: int) -> tuple[int, int]:
        """The sequence and the step of an element of ``flat``."""
        ends = np.cumsum(self.lengths)
        sequence = int(np.searchsorted(ends, element, side="right"))
        return sequence, element - int(ends[sequence] - self.lengths[sequence])

    def take(self, chosen: NDArray[np.integer[Any]]) -> Ragged:
        """Some of the sequences, in this order."""
        lengths = self.lengths[chosen]
        total = int(lengths.sum())
        within = np.arange(total) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        return Ragged(self.flat[np.repeat(self.starts[chosen], lengths) + within], lengths)


def read_ragged(sequences: Any) -> Ragged:
    """Lists, arrays or Arrow list columns of numbers; vectors per step make a second axis. Raises TypeError for what is
    no sequence of sequences, ValueError for steps that differ in size and for elements that are no numbers."""
    if isinstance(sequences, Ragged):
        return sequences
    if hasattr(sequences, "combine_chunks") or hasattr(sequences, "value_lengths"):
        return _from_arrow(sequences)
    if isinstance(sequences, np.ndarray) and sequences.dtype != object:
        if sequences.ndim < 2:
            raise TypeError(f"This is one sequence, shape {sequences.shape}. Give several: [sequence, sequence].")
        lengths: NDArray[np.int64] = np.full(len(sequences), sequences.shape[1], dtype=np.int64)
        return Ragged(_numbers(sequences.reshape(-1, *sequences.shape[2:])), lengths)
    listed = list(sequences)
    if not listed:
        raise ValueError("There is no sequence to pad.")
    if all(isinstance(each, np.ndarray) for each in listed):
        return _from_arrays(listed)
    return _from_lists(listed)


def _from_arrays(arrays: Sequence[NDArray[Any]]) -> Ragged:
    first = arrays[0].shape[1:]
    for number, each in enumerate(arrays):
        if each.ndim == 0:
            raise TypeError(f"Sequence {number} is the single number {each}. Give a sequence of sequences.")
        if each.shape[1:] != first:
            raise ValueError(
                f"Sequence {number} has steps of shape {each.shape[1:]}, but sequence 0 has steps of shape {first}. Every "
                "step needs the same number of features."
            )
    lengths: NDArray[np.int64] = np.fromiter(map(len, arrays), dtype=np.int64, count=len(arrays))
    filled = [each for each in arrays if len(each)] or list(arrays[:1])  # an empty float64 array says nothing of dtype
    return Ragged(_numbers(np.concatenate(filled)), lengths)


def _from_lists(sequences: Sequence[Any]) -> Ragged:
    try:
        lengths: NDArray[np.int64] = np.fromiter(map(len, sequences), dtype=np.int64, count=len(sequences))
    except TypeError:
        number = next(i for i, each in enumerate(sequences) if not hasattr(each, "__len__"))
        shown = repr(sequences[number])[:40]
        raise TypeError(f"Sequence {number} is {shown}, which has no length. Give a sequence of sequences.") from None
    if any(isinstance(each, str) for each in sequences):
        number = next(i for i, each in enumerate(sequences) if isinstance(each, str))
        raise TypeError(f"Sequence {number} is a str. Turn words or letters into numbers first, then pad.")
    elements = list(chain.from_iterable(sequences))
    try:
        flat = np.array(elements)
    except ValueError:
        flat = None
    ragged = Ragged(np.empty(0), lengths)
    if flat is None or flat.dtype == object:
        _explain_steps(elements, ragged)
        raise ValueError("The steps of these sequences are no numbers, and no vectors of numbers of one size.")
    return Ragged(_numbers(flat), lengths)


def _explain_steps(elements: Sequence[Any], ragged: Ragged) -> None:
    first = np.shape(elements[0])
    for position, each in enumerate(elements):
        sequence, step = ragged.where(position)
        if each is None:
            raise ValueError(f"Sequence {sequence} has None at step {step}. Fill it, or leave the step out.")
        try:
            shape = np.shape(each)
        except ValueError:
            shape = None
        if shape != first:
            raise ValueError(
                f"Step {step} of sequence {sequence} has shape {shape if shape is not None else 'ragged'}, but the first "
                f"step has shape {first}. Every step needs the same number of features."
            )


def _numbers(flat: NDArray[Any]) -> NDArray[Any]:
    if flat.dtype.kind not in "biufc":
        raise ValueError(f"The elements have dtype {flat.dtype}, but padding needs numbers. Encode them first.")
    return flat


def _from_arrow(column: Any) -> Ragged:
    """An Arrow list column. Its values are used where they lie."""
    import pyarrow as pa

    array = column.combine_chunks() if hasattr(column, "combine_chunks") else column
    if isinstance(array, pa.ChunkedArray):  # older versions keep a single chunk
        array = array.chunk(0)
    if not (
        pa.types.is_list(array.type) or pa.types.is_large_list(array.type) or pa.types.is_fixed_size_list(array.type)
    ):
        raise TypeError(f"This Arrow column is {array.type}, not a list of numbers per row.")
    if array.null_count:
        row = array.is_null().to_pylist().index(True)
        raise ValueError(f"Row {row} is null. Drop the row, or fill it with an empty list.")
    values = array.flatten()
    inner: tuple[int, ...] = ()
    while pa.types.is_fixed_size_list(values.type):
        inner += (values.type.list_size,)
        values = values.flatten()
    if values.null_count:
        raise ValueError("Some steps are null. Fill them first.")
    flat = values.to_numpy(zero_copy_only=False)
    lengths = array.value_lengths().to_numpy(zero_copy_only=False).astype(np.int64)
    return Ragged(_numbers(flat.reshape(-1, *inner) if inner else flat), lengths)
