"""Tensors of indices: which dtypes they may have, and whether they stay inside of an axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Value
from foreshape.semantics.torch.support import error, wrong_dtype

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def past(cx: Context, index: Array, size: DimLike, *, negatives: bool) -> DimLike | float | None:
    """An index outside of an axis that the tensor certainly holds; None where it holds none, as far as is known.

    negatives: indices may count from the end.
    """
    from foreshape.semantics.shared.ranges import negative, reached

    if index.shape is not None and any(isinstance(side, int) and side == 0 for side in index.shape):
        return None
    size = cx.resolve(size)
    found = reached(cx, index, size)
    if found is not None:
        return found
    least = negative(index)
    if least is None or not negatives:
        return least
    if isinstance(size, int) and isinstance(least, int) and least < -size:
        return least
    return None


def inside(
    cx: Context, taker: str, x: Array, axis: int, index: Array, message: str = "", *, exception: str = "RuntimeError",
    negatives: bool = False, recover: Value | None = None, size: DimLike | None = None,
) -> None:  # fmt: skip
    """Raise index-range where an index is past the end of an axis. ``{index}``, ``{size}`` in the message are filled in."""
    from foreshape.faults.index_range import IndexRange

    if size is None:
        if x.shape is None:
            return
        size = x.shape[axis] if x.shape else 1
    found = past(cx, index, size, negatives=negatives)
    if found is None:
        return
    text = message or "index {index} is out of bounds for dimension {axis} with size {size}"
    text = text.format(index=found, size=size, axis=axis)
    number: DimLike = int(found) if isinstance(found, float) else found
    raise IndexRange(
        error(cx, exception, text), values=(x, index), recover=recover, taker=taker, index=number, size=size, axis=axis
    )


def index_dtype(
    cx: Context, message: str, taker: str, index: Array, *, exception: str = "RuntimeError",
    allowed: tuple[str, ...] = ("int64", "int32"), recover: Value | None = None,
) -> None:  # fmt: skip
    """The dtypes that an index may have."""
    if index.dtype is not None and index.dtype not in allowed:
        raise wrong_dtype(cx, exception, message, taker, index, wanted="int64", recover=recover)


def is_empty(x: Array) -> bool:
    """Whether it certainly has no elements."""
    return x.shape is not None and any(isinstance(size, int) and size == 0 for size in x.shape)
