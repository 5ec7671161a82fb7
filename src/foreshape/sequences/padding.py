"""Ragged sequences as one padded array, with what Keras and torch leave silent refused."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import repeat
from operator import setitem
from typing import Any, Final, Literal, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from foreshape.sequences.integers import integer_blocks, integer_lengths
from foreshape.sequences.ragged import Ragged, read_ragged

Side = Literal["after", "before"]

TAKE_INTEGERS: Final = tuple(map(np.dtype, ("int32", "int64", "float32", "float64")))
"""What an integer of 32 bits becomes without being asked."""


class Padded(NamedTuple):
    """values: (batch, time) or (batch, time, features). mask: (batch, time), True at real steps. lengths: (batch,)."""

    values: NDArray[Any]
    mask: NDArray[np.bool_]
    lengths: NDArray[np.int64]

    @property
    def padding_share(self) -> float:
        """The part of the cells that is padding, 0 to 1."""
        cells = self.mask.size
        return 1.0 - float(self.lengths.sum()) / cells if cells else 0.0

    def pack(self) -> Any:
        """A ``torch.nn.utils.rnn.PackedSequence`` for ``batch_first`` modules. Padding must lie after the steps, and no
        sequence may be empty."""
        import torch
        from torch.nn.utils.rnn import pack_padded_sequence

        if len(self.mask) and self.mask.shape[1] and not bool(self.mask[:, 0].all()):
            row = int(np.flatnonzero(~self.mask[:, 0])[0])
            what = "is empty" if self.lengths[row] == 0 else "is padded before its steps"
            raise ValueError(
                f"Sequence {row} {what}, and torch packs sequences of one step or more, padded after them."
            )
        values = torch.from_numpy(np.ascontiguousarray(self.values))
        if values.is_floating_point():
            values = values.to(torch.get_default_dtype())
        lengths = torch.from_numpy(self.lengths)
        return pack_padded_sequence(values, lengths, batch_first=True, enforce_sorted=False)


def pad(
    sequences: Any,
    length: int | None = None,
    *,
    side: Side = "after",
    value: float | int = 0,
    dtype: DTypeLike | None = None,
    cut: Side | None = None,
) -> Padded:
    """Sequences of different lengths as one array, with mask and lengths.

    sequences: lists, arrays or an Arrow list column, of numbers or of vectors of one size.
    length: of the result; None takes the longest. side: where padding goes. value: what it is.
    dtype: of the result; None keeps that of the data. cut: from which side longer sequences lose steps; None refuses them.

    Raises ValueError where a number would not survive ``dtype`` (a fraction or NaN in an integer, a number out of its
    range, ``value`` included), where a sequence is longer than ``length`` and ``cut`` does not say what to lose.
    """
    lengths = integer_lengths(sequences)
    if lengths is not None:
        made = _pad_integers(sequences, lengths, length, side, value, np.dtype(np.int64 if dtype is None else dtype))
        if made is not None:
            return made
    padded = _pad_arrays(sequences, length, side, value, dtype)
    if padded is not None:
        return padded
    return pad_ragged(read_ragged(sequences), length, side=side, value=value, dtype=dtype, cut=cut)


def _pad_integers(
    sequences: Any,
    lengths: NDArray[np.int64],
    length: int | None,
    side: Side,
    value: float | int,
    dtype: np.dtype[Any],
) -> Padded | None:
    """:func:`pad` of lists of integers that every such dtype holds; None where something else has to be looked at."""
    longest = int(lengths.max(initial=0))
    width = longest if length is None else int(length)
    if longest > width or dtype not in TAKE_INTEGERS or not dtype.isnative:
        return None
    _check_side("side", side)
    try:
        values = _filled((len(lengths), width), _filler(value, dtype), dtype)
        cells = memoryview(values.reshape(-1))
        places = zip(*_places(lengths, width, side))
        for row, firsts, numbers in integer_blocks(sequences, lengths):
            given = memoryview(numbers.astype(dtype))
            lasts = firsts + lengths[row : row + len(firsts)]
            for first, last, (start, end) in zip(firsts.tolist(), lasts.tolist(), places):
                cells[start:end] = given[first:last]
    except ValueError:
        return None
    return Padded(values, _mask(lengths, width, side), lengths)


def _pad_arrays(
    sequences: Any, length: int | None, side: Side, value: float | int, dtype: DTypeLike | None
) -> Padded | None:
    """:func:`pad` of arrays of one number each step and of one dtype; None where something else has to be looked at.

    Going over the arrays is what takes the time, one cache miss each: here they are asked for their length, and then copied. That all
    have one axis and the dtype of the first, the copy itself says.
    """
    if not isinstance(sequences, (list, tuple)) or not sequences or not isinstance(sequences[0], np.ndarray):
        return None
    kind = sequences[0].dtype
    if kind.kind not in "iuf" or not kind.isnative or (dtype is not None and np.dtype(dtype) != kind):
        return None
    try:
        lengths: NDArray[np.int64] = np.fromiter(map(len, sequences), dtype=np.int64, count=len(sequences))
    except TypeError:
        return None
    longest = int(lengths.max())
    width = longest if length is None else int(length)
    if longest > width:
        return None
    _check_side("side", side)
    try:
        values = _filled((len(lengths), width), _filler(value, kind), kind)
        _copy(sequences, memoryview(values.reshape(-1)), lengths, width, side)
    except (TypeError, ValueError, NotImplementedError):
        return None
    return Padded(values, _mask(lengths, width, side), lengths)


def _copy(parts: Sequence[Any], cells: Any, lengths: NDArray[np.int64], width: int, side: Side) -> None:
    """Every sequence to its place among all cells. A memoryview copies numbers quicker than an array, and refuses other dtypes."""
    deque(map(setitem, repeat(cells), map(slice, *_places(lengths, width, side)), parts), maxlen=0)


def _filled(shape: tuple[int, ...], filler: Any, dtype: np.dtype[Any]) -> NDArray[Any]:
    return np.full(shape, filler, dtype=dtype) if filler else np.zeros(shape, dtype=dtype)


def _places(lengths: NDArray[np.int64], width: int, side: Side) -> tuple[list[int], list[int]]:
    """Where the steps of each sequence begin and end among all cells."""
    starts: NDArray[np.int64] = np.arange(len(lengths), dtype=np.int64) * width
    if side == "before":
        starts += width - lengths
    return starts.tolist(), (starts + lengths).tolist()


def pad_ragged(
    ragged: Ragged,
    length: int | None = None,
    *,
    side: Side = "after",
    value: float | int = 0,
    dtype: DTypeLike | None = None,
    cut: Side | None = None,
) -> Padded:
    """:func:`pad` of what is read already."""
    _check_side("side", side)
    if dtype is not None and np.dtype(dtype) != ragged.dtype:
        ragged = Ragged(ragged.lengths, _cast(ragged, np.dtype(dtype)))
    filler = _filler(value, ragged.dtype)
    longest = int(ragged.lengths.max(initial=0))
    width = longest if length is None else int(length)
    if longest > width:
        if cut is None:
            row = int(np.argmax(ragged.lengths > width))
            raise ValueError(
                f"Sequence {row} has {ragged.lengths[row]} steps, more than length={width}. Give cut='after' or "
                "cut='before' to say which end to lose, or a larger length."
            )
        _check_side("cut", cut)
        ragged = _shortened(ragged, width, cut)
    lengths = ragged.lengths
    mask = _mask(lengths, width, side)
    values = _filled((len(lengths), width, *ragged.step), filler, ragged.dtype)
    if ragged.parts is None:
        values[mask] = ragged.flat
    else:
        cells: Any = values.reshape(-1, *ragged.step)
        if not ragged.step and ragged.dtype.kind in "iuf" and ragged.dtype.isnative:
            cells = memoryview(cells)
        _copy(ragged.parts, cells, lengths, width, side)
    return Padded(values, mask, lengths)


def unpad(values: NDArray[Any], lengths: Any, *, side: Side = "after") -> list[NDArray[Any]]:
    """The sequences again, as views of ``values`` (batch, time, ...)."""
    _check_side("side", side)
    array = np.asarray(values)
    sizes = np.asarray(lengths)
    if array.ndim < 2 or sizes.shape != array.shape[:1]:
        raise ValueError(f"values is {array.shape} and lengths is {sizes.shape}: one length per row is needed.")
    width = array.shape[1]
    if len(sizes) and (sizes.max() > width or sizes.min() < 0):
        row = int(np.argmax((sizes > width) | (sizes < 0)))
        raise ValueError(f"Row {row} is to have {sizes[row]} steps, but there are {width}.")
    if side == "after":
        return [array[row, :size] for row, size in enumerate(sizes.tolist())]
    return [array[row, width - size :] for row, size in enumerate(sizes.tolist())]


def _check_side(name: str, side: object) -> None:
    if side not in ("after", "before"):
        raise ValueError(f"{name} is {side!r}, but it has to be 'after' or 'before'.")


def _mask(lengths: NDArray[np.int64], width: int, side: Side) -> NDArray[np.bool_]:
    """(batch, time), True at real steps; compared in the smallest integers that hold the width."""
    kind = np.min_scalar_type(width)
    steps = np.arange(width, dtype=kind)
    sizes = lengths.astype(kind)[:, None]
    found: NDArray[np.bool_] = steps < sizes if side == "after" else steps >= np.array(width, kind) - sizes
    return found


def _shortened(ragged: Ragged, width: int, cut: Side) -> Ragged:
    """The sequences without the steps that are cut off."""
    lengths = ragged.lengths
    within = np.arange(len(ragged.flat)) - np.repeat(ragged.starts, lengths)
    from_end = np.repeat(lengths, lengths) - within
    keep = within < width if cut == "after" else from_end <= width
    return Ragged(np.minimum(lengths, width), ragged.flat[keep])


def _filler(value: float | int, dtype: np.dtype[Any]) -> Any:
    cast = np.array(value)
    if dtype.kind in "iub" and _lossy(cast.reshape(1), dtype) is not None:
        raise ValueError(f"The padding value {value!r} is no {dtype}. Choose another value, or another dtype.")
    return cast.astype(dtype)


def _cast(ragged: Ragged, dtype: np.dtype[Any]) -> NDArray[Any]:
    """The elements in another dtype. Raises ValueError for the first that would change."""
    flat = ragged.flat
    if flat.dtype.kind == "c" and dtype.kind != "c":
        raise ValueError(f"The data is complex, and {dtype} would drop its imaginary parts.")
    if dtype.kind in "iub":
        bad = _lossy(flat, dtype)
        if bad is not None:
            element = bad // (flat[0].size if flat.ndim > 1 else 1)
            sequence, step = ragged.where(element)
            raise ValueError(
                f"Step {step} of sequence {sequence} is {flat.reshape(-1)[bad]!s}, which {dtype} cannot hold. Give "
                f"dtype='{'float32' if flat.dtype.kind == 'f' else 'int64'}', or round the data yourself."
            )
    return flat.astype(dtype)


def _lossy(values: NDArray[Any], dtype: np.dtype[Any]) -> int | None:
    """The first element, in flat order, that an integer dtype cannot hold."""
    if np.can_cast(values.dtype, dtype, casting="safe"):
        return None
    flat = values.reshape(-1)
    lowest, highest = (0, 1) if dtype.kind == "b" else (np.iinfo(dtype).min, np.iinfo(dtype).max)
    with np.errstate(over="ignore"):  # small floats have no such limits
        bad = (flat < lowest) | (flat > highest)
    if flat.dtype.kind == "f":
        bad |= ~np.isfinite(flat) | (flat != np.floor(flat))
    return int(np.argmax(bad)) if bad.any() else None
