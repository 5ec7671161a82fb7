"""What a model is fed, whatever it comes in: arrays, loaders, data sets, generators."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from foreshape.runtime.arrays import as_array

MEMORY: Final = 256 << 20
"""Bytes of batches that are looked at together."""

UNKNOWN_LENGTH: Final = 8
"""Batches that are looked at where nobody says how many there are."""

Named = dict[str, NDArray[Any]]


class Chunk:
    """Some rows, all of them where they are in memory. inputs, labels: by name. start: the first row."""

    __slots__ = ("inputs", "labels", "start")

    def __init__(self, inputs: Named, labels: Named, start: int = 0) -> None:
        self.inputs = inputs
        self.labels = labels
        self.start = start


class Feed:
    """data: what to train on afterwards, since elements taken from a generator are put back in front of it. batches: the
    number of rows of every batch that was seen. plain: arrays, not a loader. keyed: the names are the program's own.
    odd: what could not be read as arrays. complete: all of the data was seen."""

    __slots__ = ("batches", "chunks", "complete", "data", "keyed", "odd", "plain")

    def __init__(self, data: Any, chunks: list[Chunk], batches: list[int], plain: bool, keyed: bool) -> None:
        self.data = data
        self.chunks = chunks
        self.batches = batches
        self.plain = plain
        self.keyed = keyed
        self.odd: list[str] = []
        self.complete = True


def feed(x: Any, y: Any = None) -> Feed:
    """Read what is given to ``fit``, or what a training loop goes over."""
    if y is None and not _is_arrays(x) and (hasattr(x, "__iter__") or hasattr(x, "__getitem__")):
        return _loader(x)
    inputs, keyed = _named(x, "x")
    labels, _ = _named(y, "y") if y is not None else ({}, False)
    return Feed(x, [Chunk(inputs, labels)], [], plain=True, keyed=keyed)


def _is_arrays(x: Any) -> bool:
    if isinstance(x, dict):
        return bool(x) and all(_is_array(each) for each in x.values())
    if isinstance(x, (list, tuple)):
        return True
    return _is_array(x)


def _is_array(x: Any) -> bool:
    return (hasattr(x, "shape") and hasattr(x, "dtype")) or hasattr(x, "to_numpy")


def _named(value: Any, name: str) -> tuple[Named, bool]:
    """The arrays of a structure by name: "x", "x[0]", or the keys of a dict."""
    if isinstance(value, dict):
        return {str(key): array for key, each in value.items() if (array := as_array(each)) is not None}, True
    if isinstance(value, (list, tuple)) and value and any(_is_array(each) for each in value):
        several = [array for each in value if (array := as_array(each)) is not None]
        if len(several) > 1 and isinstance(value, list) and _are_samples(several):
            array = as_array(value)  # a list of samples, as an array of them would be
            return ({} if array is None else {name: array}), False
        return {f"{name}[{i}]" if len(several) > 1 else name: array for i, array in enumerate(several)}, False
    array = as_array(value)
    return ({} if array is None else {name: array}), False


def _are_samples(arrays: list[NDArray[Any]]) -> bool:
    """Whether a list holds samples rather than the inputs of a model with several: then there are many, and none has rows."""
    return len(arrays) > 4 or any(each.ndim == 0 for each in arrays)


def _loader(loader: Any) -> Feed:
    """Batch by batch: all of them where their number is known, the first ones elsewhere."""
    once = iter(loader) is loader if hasattr(loader, "__iter__") else False
    iterator: Iterator[Any] = iter(loader) if hasattr(loader, "__iter__") else (loader[i] for i in range(len(loader)))
    known = _length(loader)
    taken = list(islice(iterator, UNKNOWN_LENGTH)) if known is None else []
    made = Feed(chain(taken, iterator) if once else loader, [], [], plain=False, keyed=False)
    made.complete = known is not None
    pending: list[tuple[Named, Named]] = []
    size, start = 0, 0
    for batch in taken if known is None else islice(iterator, known):
        inputs, labels, made.keyed = _batch(batch)
        if not inputs:
            made.odd.append(type(batch).__name__)
            continue
        made.batches.append(_rows(inputs))
        pending.append((inputs, labels))
        size += sum(array.nbytes for array in (*inputs.values(), *labels.values()))
        if size > MEMORY:
            start = _flush(made, pending, start)
            size = 0
    _flush(made, pending, start)
    return made


def _rows(arrays: Named) -> int:
    return next((len(array) for array in arrays.values() if array.ndim), 1)


def _flush(made: Feed, pending: list[tuple[Named, Named]], start: int) -> int:
    """Batches of equal form as one chunk; a batch of another form starts a chunk of its own."""
    while pending:
        first = pending[0]
        same = 1
        while same < len(pending) and _alike(first, pending[same]):
            same += 1
        inputs, labels = (
            {name: np.concatenate([batch[k][name] for batch in pending[:same]]) for name in first[k]} for k in (0, 1)
        )
        made.chunks.append(Chunk(inputs, labels, start))
        start += _rows(inputs)
        del pending[:same]
    return start


def _alike(one: tuple[Named, Named], other: tuple[Named, Named]) -> bool:
    return all(
        list(a) == list(b) and all(a[name].shape[1:] == b[name].shape[1:] and a[name].ndim for name in a)
        for a, b in zip(one, other)
    )


def _batch(batch: Any) -> tuple[Named, Named, bool]:
    """(inputs, labels) of what a loader gives: ``(x, y)``, ``(x, y, weights)``, ``((a, b), y)``, a dict, or inputs alone."""
    if isinstance(batch, (list, tuple)) and len(batch) > 1:
        inputs, keyed = _named(batch[0], "x")
        labels, _ = _named(batch[1], "y")
        return inputs, labels, keyed
    if isinstance(batch, (list, tuple)) and len(batch) == 1:
        batch = batch[0]
    inputs, keyed = _named(batch, "x")
    if keyed:
        labels = {name: inputs.pop(name) for name in ("label", "labels", "y", "target", "targets") if name in inputs}
        return inputs, labels, keyed
    return inputs, {}, keyed


def _length(loader: Any) -> int | None:
    """The number of batches; None where nobody says, or where there is no end."""
    try:
        return len(loader)
    except TypeError:
        pass
    cardinality = getattr(loader, "cardinality", None)
    if callable(cardinality):
        count = int(cardinality())
        return count if count >= 0 else None
    return None
