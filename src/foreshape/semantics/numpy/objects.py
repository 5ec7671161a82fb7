"""Arrays of Python objects whose elements are known: sequences of different lengths, columns of lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.contents import Contents, objects_in
from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Sequence, SliceValue, Value, as_dim
from foreshape.faults.base import Raises
from foreshape.semantics.numpy.support import made

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

MOST_OBJECTS: Final = 512


def object_at(cx: Context, self: Array, held: Contents, index: Value) -> Value:
    """An element of an array of Python objects, or several in a row."""
    from foreshape.semantics.python.positions import sliced

    if isinstance(index, SliceValue):
        some = sliced(cx, held, index)
        return made((some.length,), "object").replace(meta={"items": some})
    place = as_dim(index)
    if isinstance(place, int) and place < 0:
        found = held.from_end(-place)
    else:
        found = None if place is None else held.at(place)
    return cx.unknown("an element of an array of Python objects") if found is None else found


def object_written(self: Array, index: Value, value: Value, loose: Array) -> Array:
    """An array of Python objects with one of them set. Other writes leave nothing known of what it holds."""
    open_meta = {key: held for key, held in self.meta.items() if key != "items"}
    size = self.shape[0] if self.shape is not None and len(self.shape) == 1 else None
    place, held = as_dim(index), objects_in(self)
    items = None if held is None or not isinstance(size, int) or size > MOST_OBJECTS else held.items()
    meta: dict[str, Any] = open_meta
    if isinstance(place, int) and items is not None and isinstance(size, int) and -size <= place < size:
        before = list(items)
        before[place] = value
        meta = {**open_meta, "items": Contents(before)}
    loose = loose.replace(meta=meta)
    loose.origin = self.origin
    return loose


def refuse_sequences(array: Array, dtype: str | None, values: tuple[Value, ...]) -> None:
    """ValueError for lists and arrays of several elements where numbers are wanted."""
    held = objects_in(array)
    sizes: list[DimLike] = []
    for item in () if held is None else held.distinct()[:64]:
        if isinstance(item, Sequence) and item.kind in ("list", "tuple"):
            sizes.append(item.contents.length)
        elif isinstance(item, Array) and item.shape and isinstance(item.shape[0], int) and item.shape[0] > 1:
            sizes.append(item.shape[0])
        else:
            return
    if sizes:
        from foreshape.faults.ragged_array import RaggedArray

        different = tuple(dict.fromkeys(sizes))[:2]
        raise RaggedArray(
            Raises("ValueError", "setting an array element with a sequence.", by="numpy"), values=values,
            recover=made(array.shape, dtype), taker="astype", detected=array.shape or (), axis=1, sizes=different,
        )  # fmt: skip
