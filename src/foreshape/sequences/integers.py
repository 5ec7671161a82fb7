"""Lists of Python's own integers, the commonest sequences there are, read many at a time.

Asking every integer for its number is what takes the time in padding. ``marshal`` writes integers of up to 32 bits, and the heads of
lists and tuples, as a letter and four bytes each: a block of sequences becomes an array of such records in one call, the
letters say that nothing else was among them, and NumPy does the rest. Nothing that marshal wrote is ever loaded.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

INTEGER: Final = ord("i")
RECORD: Final = np.dtype([("kind", "u1"), ("number", "<i4")])
FORMAT: Final = 2
"""The last format without references to what was written before."""
ROWS: Final = 500
"""Sequences in a block, which then stays near the processor."""

Block = tuple[int, NDArray[np.int64], NDArray[np.int32]]


def integer_lengths(sequences: Any) -> NDArray[np.int64] | None:
    """The lengths of lists or tuples that begin with an ``int``; None for anything else."""
    if not isinstance(sequences, (list, tuple)):
        return None
    for each in sequences:
        if not isinstance(each, (list, tuple)):
            return None
        if each:
            if type(each[0]) is not int:
                return None
            break
    else:
        return None
    try:
        return np.fromiter(map(len, sequences), dtype=np.int64, count=len(sequences))
    except TypeError:
        return None


def integer_blocks(sequences: Sequence[Any], lengths: NDArray[np.int64]) -> Iterator[Block]:
    """Blocks of sequences: the number of the first, where the elements of each begin, and numbers among which they lie. Raises
    ValueError where something is no list or tuple of integers of 32 bits, ``True`` and numbers of NumPy among that."""
    for start in range(0, len(sequences), ROWS):
        part = list(sequences[start : start + ROWS])
        written = marshal.dumps(part, FORMAT)
        sizes = lengths[start : start + ROWS]
        if len(written) != RECORD.itemsize * (1 + len(part) + int(sizes.sum())):
            raise ValueError("not only integers")
        records = np.frombuffer(written, dtype=RECORD)
        # the first thing that is no integer stands at the place of one with another letter, whatever comes after it
        other = records["kind"] != INTEGER
        heads = np.cumsum(sizes + 1) - sizes
        if np.count_nonzero(other) != len(part) + 1 or not other[heads].all():
            raise ValueError("not only integers")
        yield start, heads + 1, records["number"]
