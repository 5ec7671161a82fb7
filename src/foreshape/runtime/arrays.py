"""Arrays of any library, seen as NumPy sees them, and what their values say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foreshape.runtime.facts import FIRST, Fact, Place

CHUNK = 1 << 22
"""Values that are looked at in one go where every one has to be."""


OF_LISTS = np.dtype("O", metadata={"of": "list"})
"""Rows of a list, which no array has been made of yet."""

BFLOAT16 = np.dtype("float32", metadata={"torch": "bfloat16"})
"""Numbers that were bfloat16, which NumPy does not have."""


def joined(arrays: list[NDArray[Any]]) -> NDArray[Any]:
    """One after the other, of the dtype that they have."""
    return np.concatenate(arrays).view(arrays[0].dtype) if arrays[0].dtype.metadata else np.concatenate(arrays)


def as_array(value: Any) -> NDArray[Any] | None:
    """The array of a NumPy array, a tensor, a data frame or a list of numbers, without a copy where that is possible; None
    for what is none. A ragged list comes as an object array."""
    if isinstance(value, np.ndarray):
        return value
    if hasattr(value, "detach") and hasattr(value, "cpu"):
        plain = value.detach().cpu()
        if str(plain.dtype) == "torch.bfloat16":
            return plain.float().numpy().view(BFLOAT16)
        found: NDArray[Any] = plain.numpy()
        return found
    if hasattr(value, "to_numpy"):
        plain = np.asarray(value.to_numpy())
        return plain.astype(str) if str(getattr(value, "dtype", "")) == "str" else plain  # the text of pandas 3
    if hasattr(value, "row_lengths") or hasattr(value, "dense_shape"):
        return None  # ragged and sparse tensors: the model decides what it makes of them
    if hasattr(value, "numpy") and hasattr(value, "shape"):
        return np.asarray(value.numpy())
    if isinstance(value, (int, float, complex, np.generic)):
        return np.asarray(value)
    if isinstance(value, (list, tuple)) and value:
        try:
            found = np.asarray(value)
            # lists of Python's own floats become float32 tensors in every framework
            return found.astype(np.float32) if found.dtype == np.float64 and _python_float(value) else found
        except ValueError:
            made: NDArray[Any] = np.empty(len(value), dtype=OF_LISTS)
            made[:] = list(value)
            return made
    return None


def _python_float(value: Any) -> bool:
    while isinstance(value, (list, tuple)) and value:
        value = value[0]
    return type(value) in (float, int)


def blocks(array: NDArray[Any]) -> Iterator[tuple[int, NDArray[Any]]]:
    """Rows in blocks of a few million values, with the number of the first row."""
    per = max(1, CHUNK // max(array[:1].size, 1))
    for start in range(0, len(array), per):
        yield start, array[start : start + per]


def not_finite(name: str, array: NDArray[Any]) -> Fact | None:
    """NaN and infinities. A finite sum says that there are none, in a single pass."""
    if array.dtype.kind not in "fc" or array.size == 0:
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        if np.isfinite(array.sum(dtype=array.dtype if array.dtype.itemsize >= 4 else np.float32)):
            return None
    found = offenders(name, array, lambda block: ~np.isfinite(block))
    if found is None:
        return None
    count, first = found
    return Fact(
        "not-finite",
        lambda count: (
            f"{count:,} value{'' if count == 1 else 's'} of {name} {'is' if count == 1 else 'are'} NaN or infinite, so the "
            "loss becomes NaN"
        ),
        count=count,
        first=first,
        change="Fill or drop them before training: np.nan_to_num, dropna, or a mask.",
    )


def out_of_range(array: NDArray[Any], low: float | None, high: float | None) -> bool:
    """Whether a number lies outside, by the smallest and the largest alone."""
    if array.size == 0:
        return False
    return (low is not None and bool(array.min() < low)) or (high is not None and bool(array.max() > high))


def offenders(name: str, array: NDArray[Any], bad: Any, limit: str = "") -> tuple[int, list[Place]] | None:
    """How many values are bad, and the first of them. bad: a block of rows to a mask of its shape."""
    count = 0
    first: list[Place] = []
    for start, block in blocks(array):
        mask = bad(block)
        here = int(np.count_nonzero(mask))
        count += here
        if here and len(first) < FIRST:
            for place in np.argwhere(mask)[: FIRST - len(first)].tolist():
                value = block[tuple(place)]
                first.append(Place(name, start + place[0], tuple(place[1:]), str(value), limit))
    return (count, first) if count else None


def fractions(name: str, array: NDArray[Any]) -> tuple[int, list[Place]] | None:
    """How many floats are no whole numbers, and the first of them."""
    return offenders(name, array, lambda block: np.isfinite(block) & (block != np.floor(block)), "a whole number")


def is_text(array: NDArray[Any]) -> bool:
    """Strings or bytes, as NumPy keeps them or as objects."""
    return array.dtype.kind in "US" or (
        array.dtype == object and array.size > 0 and isinstance(array.ravel()[0], (str, bytes))
    )


def ragged(name: str, array: NDArray[Any], library: str) -> Fact | None:
    """An object array: what stands in it, and the first row of another length. Text is none."""
    if array.dtype != object or is_text(array):
        return None
    raised = "TypeError" if library == "torch" else "ValueError"  # of torch.as_tensor, and of fit
    if array.size and hasattr(array.ravel()[0], "detach"):
        raised = "RuntimeError"  # of torch.stack
    elif (array.dtype.metadata or {}).get("of") == "list":
        raised = "ValueError"  # of torch.tensor
    lengths = [
        len(each) if hasattr(each, "__len__") and not isinstance(each, str) else None
        for each in array.ravel()[:100_000]
    ]
    usual = max(set(lengths), key=lengths.count) if lengths else None
    odd = [row for row, length in enumerate(lengths) if length != usual]
    if usual is None or not odd:
        kind = type(array.ravel()[0]).__name__ if array.size else "nothing"
        return Fact(
            "ragged-array",
            f"{name} has dtype object: every element is a Python {kind}, not a number",
            exception=raised,
            change="Convert it: np.array(x, dtype='float32'), or np.stack for a list of equal arrays.",
        )
    first = [Place(name, row, (), f"{lengths[row]} long", f"{usual}") for row in odd[:FIRST]]
    return Fact(
        "ragged-array",
        f"{name} is ragged: most rows are {usual} long, {len(odd):,} {'is' if len(odd) == 1 else 'are'} not",
        exception=raised,
        count=len(odd),
        first=first,
        change="Pad the rows to one length: foreshape.sequences.pad, or pad_sequences.",
    )
