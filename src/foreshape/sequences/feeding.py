"""Windows as the frameworks want to be fed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from foreshape.sequences.windowing import Batch, Windows


class Loader:
    """Batches of windows. ``len(loader)`` of them in one pass; ``loader[i]`` is one; iterating is one pass, and each
    pass with ``shuffle`` has an order of its own, told by the seed and the number of the pass."""

    def __init__(
        self, windows: Windows, batch_size: int, shuffle: bool = False, seed: int | None = None, drop_last: bool = False
    ) -> None:
        if not isinstance(batch_size, (int, np.integer)) or batch_size < 1:
            raise ValueError(f"batch_size is {batch_size!r}, but it has to be a whole number, 1 or more.")
        if drop_last and len(windows) < batch_size:
            raise ValueError(f"drop_last leaves nothing: {len(windows)} windows do not fill one batch of {batch_size}.")
        self.windows = windows
        self.batch_size = int(batch_size)
        self.drop_last = drop_last
        self._random = np.random.default_rng(seed) if shuffle else None
        self._order: NDArray[np.integer[Any]] | None = None
        self._size = len(windows)
        self._count = windows.batch_count(self.batch_size, drop_last)
        self.reorder()

    def __len__(self) -> int:
        return self._count

    def reorder(self) -> None:
        """Draw the order of the next pass."""
        if self._random is None:
            return
        if self._order is None:  # four bytes for an index wherever they are enough
            kind = np.int32 if len(self.windows) < 2**31 else np.int64
            self._order = np.arange(len(self.windows), dtype=kind)
        self._random.shuffle(self._order)

    def __getitem__(self, index: int) -> Batch:
        if not 0 <= index < self._count:
            raise IndexError(f"There is no batch {index}: they are 0 to {self._count - 1}.")
        start = index * self.batch_size
        stop = min(start + self.batch_size, self._size)
        return self.windows.span(start, stop) if self._order is None else self.windows.take(self._order[start:stop])

    def __iter__(self) -> Iterator[Batch]:
        self.reorder()
        for index in range(len(self)):
            yield self[index]


def keras_dataset(loader: Loader) -> Any:
    """A ``keras.utils.PyDataset`` (``keras.utils.Sequence`` of Keras 2) over the batches, for every Keras that the
    program has imported; Keras 3 where it has none yet."""
    import sys

    found = [sys.modules[name] for name in ("keras", "tf_keras") if name in sys.modules]
    if not found:
        import keras

        found = [keras]
    bases = tuple(getattr(each.utils, "PyDataset", None) or each.utils.Sequence for each in found)

    class WindowDataset(*bases):  # type: ignore[misc]
        def __len__(self) -> int:
            return len(loader)

        def __getitem__(self, index: int) -> Batch:
            return loader[index]

        def __iter__(self) -> Iterator[Batch]:
            return (loader[index] for index in range(len(loader)))

        def on_epoch_end(self) -> None:
            loader.reorder()

    return WindowDataset()


def torch_loader(loader: Loader) -> Any:
    """A ``DataLoader`` whose items are whole batches: sampling, stacking and collating sample by sample are not needed."""
    from torch.utils.data import DataLoader, IterableDataset

    class WindowBatches(IterableDataset):  # type: ignore[misc]
        def __len__(self) -> int:
            return len(loader)

        def __iter__(self) -> Iterator[Any]:
            for batch in loader:
                yield as_tensors(batch)

    return DataLoader(WindowBatches(), batch_size=None)


class Items(list[Any]):
    """The windows of a batch one by one: tensors, or (inputs, target). tensors: all of them together, as they were taken."""

    def __init__(self, batch: Batch) -> None:
        self.tensors = as_tensors(batch)
        several = isinstance(self.tensors, tuple)
        super().__init__(zip(*self.tensors) if several else self.tensors)


def as_tensors(batch: Batch) -> Any:
    """Arrays as torch tensors, floating ones in torch's default dtype, which the weights of a new module have; memory is
    shared where the dtype is already right."""
    import torch

    def tensor(array: NDArray[Any]) -> Any:
        made = torch.from_numpy(array)
        return made.to(torch.get_default_dtype()) if made.is_floating_point() else made

    return tuple(tensor(each) for each in batch) if isinstance(batch, tuple) else tensor(batch)


def tf_dataset(loader: Loader) -> Any:
    """A ``tf.data.Dataset`` of batches. The batch axis is not known to it where the last batch is shorter."""
    import tensorflow as tf

    windows = loader.windows
    full = loader.drop_last or len(windows) % loader.batch_size == 0
    batch = loader.batch_size if full else None
    signature: Any = tf.TensorSpec((batch, *windows.shape[1:]), windows.dtype)
    if windows.target is not None:
        signature = (signature, tf.TensorSpec((batch, *windows.target.shape), windows.target_dtype))
    dataset = tf.data.Dataset.from_generator(lambda: iter(loader), output_signature=signature)
    return dataset.apply(tf.data.experimental.assert_cardinality(len(loader)))
