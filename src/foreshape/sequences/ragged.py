"""Sequences of different lengths, read once into one flat array and their lengths."""

from __future__ import annotations

from array import array as memory
from collections.abc import Sequence
from itertools import chain
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Ragged:
    """lengths: (n,). flat: the elements of all sequences, one after the other, (elements,) or (elements, features). parts:
    the sequences as arrays of one dtype, where they came so; ``flat`` is then made when it is asked for."""

    def __init__(
        self,
        lengths: NDArray[np.int64],
        flat: NDArray[Any] | None = None,
        parts: Sequence[NDArray[Any]] | None = None,
    ) -> None:
        self.lengths = lengths
        self.parts = parts
        self._flat = flat

    @property
    def flat(self) -> NDArray[Any]:
        """Every element, in order."""
        if self._flat is None:
            assert self.parts
            self._flat = np.concatenate(self.parts)
        return self._flat

    @property
    def dtype(self) -> np.dtype[Any]:
        """Of the elements."""
        found: np.dtype[Any] = self.parts[0].dtype if self.parts else self.flat.dtype
        return found

    @property
    def step(self) -> tuple[int, ...]:
        """The shape of one step: () for numbers, (features,) for vectors."""
        found: tuple[int, ...] = (self.parts[0] if self.parts else self.flat).shape[1:]
        return found

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
        return Ragged(lengths, self.flat[np.repeat(self.starts[chosen], lengths) + within])


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
        return Ragged(lengths, _numbers(sequences.reshape(-1, *sequences.shape[2:])))
    listed = list(sequences)
    if not listed:
        raise ValueError("There is no sequence to pad.")
    if set(map(type, listed)) == {np.ndarray} or all(isinstance(each, np.ndarray) for each in listed):
        return _from_arrays(listed)
    return _from_lists(listed)


def _from_arrays(arrays: Sequence[NDArray[Any]]) -> Ragged:
    ranks = set(map(attrgetter("ndim"), arrays))
    first = arrays[0].shape[1:]
    if ranks != {1}:
        _same_steps(arrays, first)
    lengths: NDArray[np.int64] = np.fromiter(map(len, arrays), dtype=np.int64, count=len(arrays))
    if len(set(map(attrgetter("dtype"), arrays))) == 1:
        _numbers(arrays[0])
        return Ragged(lengths, parts=arrays)
    filled = [each for each in arrays if len(each)] or list(arrays[:1])  # an empty float64 array says nothing of dtype
    return Ragged(lengths, _numbers(np.concatenate(filled)))


def _same_steps(arrays: Sequence[NDArray[Any]], first: tuple[int, ...]) -> None:
    for number, each in enumerate(arrays):
        if each.ndim == 0:
            raise TypeError(f"Sequence {number} is the single number {each}. Give a sequence of sequences.")
        if each.shape[1:] != first:
            raise ValueError(
                f"Sequence {number} has steps of shape {each.shape[1:]}, but sequence 0 has steps of shape {first}. Every "
                "step needs the same number of features."
            )


def _from_lists(sequences: Sequence[Any]) -> Ragged:
    try:
        lengths: NDArray[np.int64] = np.fromiter(map(len, sequences), dtype=np.int64, count=len(sequences))
    except TypeError:
        number = next(i for i, each in enumerate(sequences) if not hasattr(each, "__len__"))
        shown = repr(sequences[number])[:40]
        raise TypeError(f"Sequence {number} is {shown}, which has no length. Give a sequence of sequences.") from None
    flat = _flat_numbers(sequences)
    if flat is not None:
        return Ragged(lengths, flat)
    if any(isinstance(each, str) for each in sequences):
        number = next(i for i, each in enumerate(sequences) if isinstance(each, str))
        raise TypeError(f"Sequence {number} is a str. Turn words or letters into numbers first, then pad.")
    elements = list(chain.from_iterable(sequences))
    try:
        flat = np.array(elements)
    except ValueError:
        flat = None
    if flat is None or flat.dtype == object:
        _explain_steps(elements, Ragged(lengths, np.empty(0)))
        raise ValueError("The steps of these sequences are no numbers, and no vectors of numbers of one size.")
    return Ragged(lengths, _numbers(flat))


def _flat_numbers(sequences: Sequence[Any]) -> NDArray[Any] | None:
    """Lists of Python ints, or of Python floats, without a list of all their elements; None for everything else. The
    dtype is the one that NumPy gives them."""
    first = next((each[0] for each in sequences if isinstance(each, list) and each), None)
    code = {int: "q", float: "d"}.get(type(first))
    if code is None:
        return None
    found = memory(code)
    try:
        for each in sequences:
            found.fromlist(each)
    except (TypeError, OverflowError):
        return None
    return np.frombuffer(found, dtype=np.int64 if code == "q" else np.float64)


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
    return Ragged(lengths, _numbers(flat.reshape(-1, *inner) if inner else flat))
