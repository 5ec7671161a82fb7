"""What a model is fed, whatever it comes in: arrays, loaders, data sets, generators."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, Final

from numpy.typing import NDArray

from foreshape.runtime.arrays import as_array, joined

MEMORY: Final = 256 << 20
"""Bytes of batches that are looked at together."""

LABELS: Final = ("label", "labels", "y", "target", "targets")
"""What labels are called in a dict."""

DATASET_BATCH: Final = 32

UNKNOWN_LENGTH: Final = 8
"""Batches that are looked at where nobody says how many there are."""

Named = dict[str, NDArray[Any]]


Batch = tuple[Named, Named, Named]
"""Inputs, labels, and the weights of samples."""


class Chunk:
    """Some rows, all of them where they are in memory. inputs, labels, weights: by name. start: the first row. batch: how many rows
    inputs and labels have in its first batch, None where nobody has cut it into batches."""

    __slots__ = ("batch", "inputs", "labels", "start", "weights")

    def __init__(
        self,
        inputs: Named,
        labels: Named,
        start: int = 0,
        batch: tuple[int, int] | None = None,
        weights: Named | None = None,
    ) -> None:
        self.inputs = inputs
        self.labels = labels
        self.weights = weights or {}
        self.start = start
        self.batch = batch


class Feed:
    """data: what to train on afterwards, since elements taken from a generator are put back in front of it. batches: the
    number of rows of every batch that was seen, labels: of its labels. plain: arrays, not a loader. keyed: the names are the
    program's own. odd: what could not be read as arrays. complete: all of the data was seen. error: what the loader itself raised
    in place of the batch of this number. unstacked: why samples of a ``Dataset`` do not make a batch. others: what else of the
    first batch may be what the model gets. shapes: what a ``tf.data`` pipeline declares, None for a size that it leaves open."""

    __slots__ = (
        "batches", "chunks", "complete", "data", "error", "keyed", "labels", "odd", "others", "plain", "shapes", "unstacked",
    )  # fmt: skip

    def __init__(self, data: Any, chunks: list[Chunk], batches: list[int], plain: bool, keyed: bool) -> None:
        self.data = data
        self.chunks = chunks
        self.batches = batches
        self.plain = plain
        self.keyed = keyed
        self.odd: list[str] = []
        self.complete = True
        self.labels: list[int] = []
        self.error: tuple[int, Exception] | None = None
        self.unstacked: Exception | None = None
        self.others: list[Named] = []
        self.shapes: dict[str, tuple[int | None, ...]] = {}


def feed(
    x: Any,
    y: Any = None,
    batch_size: int | None = None,
    arguments: int | None = None,
    torch: bool = False,
    takes_labels: Callable[[str], bool] = lambda name: False,
) -> Feed:
    """Read what is given to ``fit``, or what a training loop goes over. batch_size: of a ``Dataset`` of PyTorch, which gives one
    sample after the other. arguments: how many inputs the model takes, where it is known. torch: the program has a loop of its own, that
    may do anything with a batch before the model gets it. takes_labels: whether the model is called with labels of this name."""
    if y is None and not _is_arrays(x) and (hasattr(x, "__iter__") or hasattr(x, "__getitem__")):
        batched = _in_batches(x, batch_size)
        made = _loader(batched, arguments, torch, takes_labels)
        if batched is not x and made.error is not None:
            made.unstacked, made.error = made.error[1], None  # the person collates in a way that is not known here
        if made.data is not x and not isinstance(made.data, Iterator):
            made.data = x
        return made
    inputs, keyed = _named(x, "x", torch)
    labels, _ = _named(y, "y", torch) if y is not None else ({}, False)
    made = Feed(x, [Chunk(inputs, labels)], [], plain=True, keyed=keyed)
    if not inputs:
        made.odd.append(type(x).__name__)
    return made


def _is_arrays(x: Any) -> bool:
    if isinstance(x, dict):
        return bool(x) and all(_is_array(each) for each in x.values())
    if isinstance(x, (list, tuple)):
        return not (x and (all(_is_batch(each) for each in x) or not any(_is_value(each) for each in x)))
    return _is_array(x)


def _is_value(x: Any) -> bool:
    """A number, a text, an array or a sequence, as rows are made of; not an object of the program's own."""
    return x is None or isinstance(x, (int, float, complex, str, bytes, list, tuple)) or _is_array(x)


def _is_batch(x: Any) -> bool:
    """(inputs, labels) as arrays, or a dict of arrays."""
    if isinstance(x, dict):
        return _is_arrays(x)
    if not isinstance(x, tuple) or not all(_is_array(each) or _is_batch(each) or _text(each) for each in x):
        return False
    return any(not _text(each) for each in x)


def _is_array(x: Any) -> bool:
    return (hasattr(x, "shape") and hasattr(x, "dtype")) or hasattr(x, "to_numpy")


def _named(value: Any, name: str, samples: bool) -> tuple[Named, bool]:
    """The arrays of a structure by name: "x", "x[0]", or the keys of a dict. None of them where one cannot be read. samples: a long
    list may hold samples; in Keras it is always one array for each input."""
    if isinstance(value, dict):
        named = {str(key): array for key, each in value.items() if (array := as_array(each)) is not None}
        return (named if len(named) == len(value) else {}), True
    if isinstance(value, (list, tuple)) and value and any(_is_array(each) for each in value):
        several = [array for each in value if (array := as_array(each)) is not None]
        if len(several) < len(value):
            return {}, False
        if len(several) > 1 and samples and isinstance(value, list) and _are_samples(several):
            array = as_array(value)  # a list of samples, as an array of them would be
            return ({} if array is None else {name: array}), False
        return {f"{name}[{i}]" if len(several) > 1 else name: array for i, array in enumerate(several)}, False
    array = as_array(value)
    return ({} if array is None else {name: array}), False


def _are_samples(arrays: list[NDArray[Any]]) -> bool:
    """Whether a list holds samples rather than the inputs of a model with several: then there are many, and none has rows."""
    return len(arrays) > 4 or any(each.ndim == 0 for each in arrays)


def _in_batches(x: Any, batch_size: int | None) -> Any:
    """A ``Dataset`` of PyTorch as a loader makes batches of it; anything else as it is."""
    torch = sys.modules.get("torch")
    if torch is None or not isinstance(x, torch.utils.data.Dataset):
        return x
    return torch.utils.data.DataLoader(x, batch_size=batch_size or DATASET_BATCH)


def _loader(loader: Any, arguments: int | None, torch: bool, takes_labels: Callable[[str], bool]) -> Feed:
    """Batch by batch: all of them where their number is known, the first ones elsewhere."""
    iterator: Iterator[Any] = iter(loader) if hasattr(loader, "__iter__") else (loader[i] for i in range(len(loader)))
    once = iterator is loader or _draws_from_one_iterator(loader)
    known = _length(loader) if iterator is not loader else None
    taken: list[Any] = []
    made = Feed(loader, [], [], plain=False, keyed=False)
    if once:
        made.data = _again(taken, iterator, made)
    made.complete = known is not None
    made.shapes = _declared(getattr(loader, "element_spec", None))
    pending: list[Batch] = []
    size, start = 0, 0
    for batch in _until_odd(islice(iterator, UNKNOWN_LENGTH if known is None else known), made):
        if once:
            taken.append(batch)
        if torch:
            batch = _without_text(batch)
        (inputs, labels, weights), made.keyed = _batch(batch, arguments, torch, takes_labels)
        if torch and any(array.dtype == object for array in inputs.values()):
            inputs = {}  # a list of samples, which the loop or the model puts together
        if not made.batches and arguments and isinstance(batch, (list, tuple)):
            made.others = _others(batch, arguments)
        if not made.batches and torch and made.keyed and labels:
            made.others = [{**inputs, **labels}]  # a module that comes with its loss
        if not inputs:
            made.odd.append(type(batch).__name__)
            continue
        made.batches.append(_rows(inputs))
        made.labels.append(_rows(labels) if labels else made.batches[-1])
        pending.append((inputs, labels, weights))
        size += sum(array.nbytes for array in (*inputs.values(), *labels.values()))
        if size > MEMORY:
            start = _flush(made, pending, start)
            size = 0
    _flush(made, pending, start)
    return made


def _until_odd(batches: Iterator[Any], made: Feed) -> Iterator[Any]:
    """Batches up to the first that cannot be made, such as samples of different lengths without a function that collates them."""
    number = 0
    try:
        for batch in batches:
            yield batch
            number += 1
    except Exception as error:
        made.odd.append(type(error).__name__)
        made.error = number, error
        made.complete = False


def _again(taken: list[Any], rest: Iterator[Any], made: Feed) -> Iterator[Any]:
    """A generator, as ``fit`` asks for one, of what was taken and what comes after, the error that ended it included."""
    while taken:
        yield taken.pop(0)
    if made.error is not None:
        raise made.error[1]
    yield from rest


def _declared(spec: Any) -> dict[str, tuple[int | None, ...]]:
    """The shapes of the inputs by name, as an ``element_spec`` has them; nothing where one is not known."""
    part = spec[0] if isinstance(spec, (tuple, list)) and spec else spec
    if isinstance(part, dict):
        named = {str(name): each for name, each in part.items()}
    elif isinstance(part, (tuple, list)):
        named = {f"x[{i}]" if len(part) > 1 else "x": each for i, each in enumerate(part)}
    else:
        named = {"x": part}
    found: dict[str, tuple[int | None, ...]] = {}
    for name, each in named.items():
        shape = getattr(each, "shape", None)
        if getattr(shape, "rank", None) is None:
            return {}
        assert shape is not None
        found[name] = tuple(shape)
    return found


def _draws_from_one_iterator(loader: Any) -> bool:
    """Whether what a loader gives is gone then: its data set hands out the same iterator every time."""
    dataset = getattr(loader, "dataset", None)
    torch = sys.modules.get("torch")
    if torch is None or not isinstance(dataset, torch.utils.data.IterableDataset):
        return False
    return iter(dataset) is iter(dataset)


def _rows(arrays: Named) -> int:
    return next((len(array) for array in arrays.values() if array.ndim), 1)


def _flush(made: Feed, pending: list[Batch], start: int) -> int:
    """Batches of equal form as one chunk; a batch of another form starts a chunk of its own."""
    while pending:
        first = pending[0]
        same = 1
        while same < len(pending) and _alike(first, pending[same]):
            same += 1
        inputs, labels, weights = (
            {name: joined([batch[k][name] for batch in pending[:same]]) for name in first[k]} for k in (0, 1, 2)
        )
        batch = _rows(first[0]), _rows(first[1]) if first[1] else _rows(first[0])
        made.chunks.append(Chunk(inputs, labels, start, batch, weights))
        start += _rows(inputs)
        del pending[:same]
    return start


def _alike(one: Batch, other: Batch) -> bool:
    """Whether two batches make one longer one: a row of every array is a sample, and the samples are of one form."""
    return all(
        len({len(each) for part in batch for each in part.values() if each.ndim}) < 2 for batch in (one, other)
    ) and all(
        list(a) == list(b) and all(a[name].shape[1:] == b[name].shape[1:] and a[name].ndim for name in a)
        for a, b in zip(one, other)
    )


def _batch(batch: Any, arguments: int | None, torch: bool, takes_labels: Callable[[str], bool]) -> tuple[Batch, bool]:
    """What a loader gives: ``(x, y)``, ``(x, y, weights)``, ``((a, b), y)``, a dict, or inputs alone, and whether the names are
    the program's. A module of PyTorch that takes several gets the first ones: ``(x, lengths, y)``. Labels are those that certainly
    are."""
    if isinstance(batch, (list, tuple)) and len(batch) > 1 and arguments is not None and not _nested(batch[0]):
        inputs, keyed = _named(tuple(batch[:arguments]), "x", torch)
        labels, _ = _named(batch[arguments], "y", torch) if len(batch) == arguments + 1 else ({}, False)
        return (inputs, labels, {}), keyed
    if isinstance(batch, (list, tuple)) and len(batch) > 2 and torch and arguments is None:
        return ({}, {}, {}), False  # a module that takes any number: where the labels begin, nobody knows
    if isinstance(batch, (list, tuple)) and len(batch) > 1:
        inputs, keyed = _named(batch[0], "x", torch)
        labels, _ = _named(batch[1], "y", torch)
        weights, _ = _named(batch[2], "sample_weight", torch) if len(batch) == 3 and not torch else ({}, False)
        return (inputs, labels, weights), keyed
    if isinstance(batch, (list, tuple)) and len(batch) == 1:
        batch = batch[0]
    inputs, keyed = _named(batch, "x", torch)
    if keyed:
        labels = {name: inputs.pop(name) for name in LABELS if name in inputs and not takes_labels(name)}
        return (inputs, labels, {}), keyed
    return (inputs, {}, {}), keyed


def _without_text(batch: Any) -> Any:
    """Names and texts stay on the way: no module takes them as tensors."""
    if isinstance(batch, dict):
        return {name: each for name, each in batch.items() if not _text(each)}
    if isinstance(batch, (list, tuple)) and any(map(_text, batch)):
        return [each for each in batch if not _text(each)]
    return batch


def _text(value: Any) -> bool:
    return isinstance(value, (str, bytes)) or (
        isinstance(value, (list, tuple)) and bool(value) and all(isinstance(each, (str, bytes)) for each in value)
    )


def _others(batch: Any, arguments: int) -> list[Named]:
    """What comes later in a batch, as the inputs."""
    found = (_named(tuple(batch[i : i + arguments]), "x", True)[0] for i in range(1, len(batch) - arguments + 1))
    return [each for each in found if each]


def _nested(value: Any) -> bool:
    return isinstance(value, (list, tuple, dict))


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
