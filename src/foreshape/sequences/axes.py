"""Axes moved and labels turned by name. Every function says what it expects and what it got."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def image_rows(images: ArrayLike) -> NDArray[Any]:
    """(batch, height, width) or (batch, height, width, channels) to (batch, height, width x channels): every row of an
    image is a timestep. One image has to be ``image[None]``."""
    array = _array(images, "images", (3, 4), "(batch, height, width) or (batch, height, width, channels)")
    if array.ndim == 4 and array.shape[1] in (1, 3) and array.shape[3] > 4:
        raise ValueError(
            f"images is {array.shape}, which looks like (batch, channels, height, width). Use channels_last() first."
        )
    return array.reshape(array.shape[0], array.shape[1], -1)


def channels_last(array: ArrayLike) -> NDArray[Any]:
    """(batch, channels, ...) to (batch, ..., channels), as Keras reads images and series."""
    return np.moveaxis(_array(array, "array", (3, 4, 5), "(batch, channels, ...)"), 1, -1)


def channels_first(array: ArrayLike) -> NDArray[Any]:
    """(batch, ..., channels) to (batch, channels, ...), as PyTorch's convolutions read them."""
    return np.moveaxis(_array(array, "array", (3, 4, 5), "(batch, ..., channels)"), -1, 1)


def time_first(array: ArrayLike) -> NDArray[Any]:
    """(batch, time, ...) to (time, batch, ...), as PyTorch's recurrent modules read it without ``batch_first``."""
    return np.swapaxes(_array(array, "array", (2, 3, 4, 5), "(batch, time, ...)"), 0, 1)


def batch_first(array: ArrayLike) -> NDArray[Any]:
    """(time, batch, ...) to (batch, time, ...)."""
    return np.swapaxes(_array(array, "array", (2, 3, 4, 5), "(time, batch, ...)"), 0, 1)


def one_hot(labels: ArrayLike, classes: int | None = None, dtype: Any = "float32") -> NDArray[Any]:
    """Class indices (...) to (..., classes), for ``categorical_crossentropy``. classes: None takes the largest plus 1.

    Raises ValueError for a label outside [0, classes), where ``to_categorical`` wraps or fails without naming it.
    """
    indices = np.asarray(labels)
    if indices.dtype.kind not in "iub":
        raise ValueError(f"labels has dtype {indices.dtype}, but class indices are whole numbers.")
    if indices.size == 0 and classes is None:
        raise ValueError("There is no label to count classes from. Give classes=.")
    count = int(indices.max()) + 1 if classes is None else int(classes)
    bad = (indices < 0) | (indices >= count)
    if bad.any():
        place = np.unravel_index(int(np.argmax(bad)), indices.shape)
        shown = ", ".join(str(int(each)) for each in place)
        raise ValueError(f"labels[{shown}] is {indices[place]}, but {count} classes have the indices 0 to {count - 1}.")
    out = np.zeros((*indices.shape, count), dtype=dtype)
    np.put_along_axis(out, indices[..., None].astype(np.intp), 1, axis=-1)
    return out


def class_indices(one_hot_labels: ArrayLike) -> NDArray[np.int64]:
    """(..., classes) of zeros and a single one to (...), for ``sparse_categorical_crossentropy`` and torch's losses.

    Raises ValueError where a row is not one-hot, for which ``argmax`` would make something up.
    """
    array = np.asarray(one_hot_labels)
    if array.ndim < 2:
        raise ValueError(f"The labels are {array.shape}: they have no class axis, so they may be indices already.")
    right = ((array == 0) | (array == 1)).all(axis=-1) & (array.sum(axis=-1) == 1)
    if not right.all():
        place = np.unravel_index(int(np.argmax(~right)), right.shape)
        shown = ", ".join(str(int(each)) for each in place)
        raise ValueError(f"Row [{shown}] is {array[place].tolist()}, not one-hot: it needs a single 1 among zeros.")
    found: NDArray[np.int64] = array.argmax(axis=-1)
    return found


def _array(given: ArrayLike, name: str, ranks: tuple[int, ...], expected: str) -> NDArray[Any]:
    array = np.asarray(given)
    if array.ndim not in ranks:
        raise ValueError(f"{name} is {array.shape}, but {expected} is expected.")
    return array
