"""What ``tf.data.Dataset.from_generator`` will meet: the elements that a generator of the program yields.

The generator runs when the dataset does, so what does not fit the signature is kept with the dataset and told where it is
iterated over or trained on. https://www.tensorflow.org/api_docs/python/tf/data/Dataset#from_generator
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from foreshape.domain import compare
from foreshape.domain.contents import Run
from foreshape.domain.values import (
    Array,
    BoundMethod,
    Const,
    DictValue,
    Function,
    Instance,
    Sequence,
    Shape,
    Unknown,
    Value,
    as_str,
)
from foreshape.faults.base import Fault
from foreshape.semantics.tensorflow.support import failed, may_be, tuple_text

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

BROKEN: Final = "~broken"
UNEVEN: Final = "~uneven"
MOST: Final = 32


def peek(cx: Context, generator: Value, element: Value) -> dict[str, Any]:
    """Fields of a dataset: a fault that its first element meets, or that no two elements are of one length."""
    if not isinstance(generator, (Function, BoundMethod)):
        return {}
    with cx.quiet():
        contents = cx.iterate(cx.call(generator, (), {}))
        if contents is None or not contents.segments:
            return {}
        first = contents.segments[0]
        if isinstance(first, Run):
            if not compare.ge(first.length, 1, cx.facts).is_yes:
                return {}
            first = first.element
        fault = _held_against(cx, element, first)
        if fault is not None:
            return {BROKEN: fault}
        parts = contents.items(MOST)
        if parts is None or len(parts) < 2:
            return {}
        lengths = [_leaf_shapes(cx, part) for part in parts]
    for leaf in range(min(len(one) for one in lengths)):
        sizes = [one[leaf] for one in lengths]
        if all(size is not None and all(isinstance(dim, int) for dim in size) for size in sizes) and len(
            set(sizes)
        ) == len(sizes):
            return {UNEVEN: (sizes[0], sizes[1])}
    return {}


def _leaf_shapes(cx: Context, value: Value) -> list[Shape | None]:
    parts = value.contents.items(16) if isinstance(value, Sequence) and value.kind == "tuple" else None
    return [_shape(cx, part) for part in (parts if parts is not None else (value,))]


def _shape(cx: Context, value: Value) -> Shape | None:
    """The shape of what is yielded, as an array."""
    if isinstance(value, Array):
        return None if value.tainted or value.shape is None else tuple(cx.resolve(size) for size in value.shape)
    if isinstance(value, Const) and isinstance(value.value, (int, float, bool)):
        return ()
    if isinstance(value, Sequence) and value.kind in ("list", "tuple"):
        try:
            made = cx.rule("numpy.array", value)
        except Fault:
            return None
        return made.shape if isinstance(made, Array) and made.dtype not in (None, "object") else None
    return None


def _held_against(cx: Context, element: Value, given: Value) -> Fault | None:
    """The fault of one yielded element, where the signature is certainly another."""
    if isinstance(given, Unknown) or given.tainted:
        return None
    if isinstance(element, Sequence):
        wanted = element.contents.items(16)
        if wanted is None:
            return None
        if isinstance(given, Sequence) and given.kind == "tuple":
            parts = given.contents.items(16)
            if parts is None:
                return None
            if len(parts) == len(wanted):
                found = (_held_against(cx, one, part) for one, part in zip(wanted, parts))
                return next((fault for fault in found if fault is not None), None)
            return _structure(given, f"{len(parts)} parts", f"{len(wanted)}")
        if isinstance(given, (Array, DictValue)) or (isinstance(given, Sequence) and given.kind == "list"):
            what = "one array" if isinstance(given, Array) else "a dict" if isinstance(given, DictValue) else "a list"
            return _structure(given, what, f"a tuple of {len(wanted)}")
        return None
    if isinstance(element, DictValue):
        if isinstance(given, (Array, Sequence)):
            return _structure(given, "no dict", "a dict")
        if not isinstance(given, DictValue) or given.rest is not None or element.rest is not None:
            return None
        if set(given.entries) != set(element.entries):
            keys = [", ".join(str(key) for key in each.entries) for each in (given, element)]
            return _structure(given, f"the keys {keys[0]}", keys[1])
        pairs = ((element.entries[key], given.entries[key]) for key in element.entries)
        return next((fault for fault in (_held_against(cx, *pair) for pair in pairs) if fault is not None), None)
    return _one(cx, element, given) if isinstance(element, Array) else None


def _structure(value: Value, given: str, wanted: str) -> Fault:
    from foreshape.faults.unsupported_data import UnsupportedData

    text = "TypeError: `generator` yielded an element that did not match the expected structure."
    return UnsupportedData(
        failed("InvalidArgumentError", text), values=(value,), taker="from_generator",
        given=f"{given}, where the signature has {wanted}",
    )  # fmt: skip


def _one(cx: Context, element: Array, given: Value) -> Fault | None:
    from foreshape.faults.unsupported_data import UnsupportedData

    if as_str(given) is not None and element.dtype not in (None, "string"):
        text = (
            "TypeError: `generator` yielded an element that could not be converted to the expected type. The expected "
            f"type was {element.dtype}, but the yielded element was {as_str(given)}."
        )
        return UnsupportedData(
            failed("InvalidArgumentError", text), values=(given,), taker="from_generator",
            given=f"a text, where the signature has {element.dtype}",
        )  # fmt: skip
    shape = _shape(cx, given)
    if shape is None or element.shape is None:
        return None
    if may_be(cx, shape, element.shape):
        return None
    has, says = tuple_text(shape), tuple_text(element.shape)
    text = f"TypeError: `generator` yielded an element of shape {has} where an element of shape {says} was expected."
    return UnsupportedData(
        failed("InvalidArgumentError", text), values=(given,), taker="from_generator",
        given=f"an element of shape {has}, where the signature has {says}",
    )  # fmt: skip


def started(cx: Context, self: Instance, to_end: bool = False) -> None:
    """The dataset runs: raise what its generator or its batches fail with. to_end: until there is nothing left, so that the
    shorter windows at the end are met, too."""
    fault = self.fields.get(BROKEN)
    if isinstance(fault, Fault):
        raise fault
    sizes = self.fields.get("~unequal")
    if isinstance(sizes, tuple) or (sizes and to_end):
        from foreshape.faults.unsupported_data import UnsupportedData

        text, given = "Cannot batch tensors with different shapes in component 0.", "windows of different lengths"
        if isinstance(sizes, tuple):
            shown = [str(list(size)) for size in sizes]
            text += (
                f" First element had shape {shown[0]} and element 1 had shape {shown[1]}. [Op:IteratorGetNext] name: "
            )
            given = f"elements of {tuple_text(sizes[0])} and {tuple_text(sizes[1])}"
        raise UnsupportedData(failed("InvalidArgumentError", text), values=(self,), taker="batch", given=given)
