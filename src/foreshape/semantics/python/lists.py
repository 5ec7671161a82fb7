"""Lists, tuples and deques: indexing, slicing, methods and operators.

Source: https://docs.python.org/3/library/stdtypes.html#sequence-types-list-tuple-range
"""

from __future__ import annotations

import operator as operators
from typing import Final

from foreshape.domain.contents import Contents, Run
from foreshape.domain.dim import DimLike
from foreshape.domain.join import scalar_kind, widen
from foreshape.domain.values import (
    Array,
    Const,
    Instance,
    IteratorValue,
    RangeValue,
    Sequence,
    SliceValue,
    Typed,
    Unknown,
    Value,
    as_dim,
    as_int,
    const,
    int_value,
    none,
)
from foreshape.semantics.protocol import Context
from foreshape.semantics.python.errors import index_error, type_error, value_error
from foreshape.semantics.python.ordering import reversed_contents, sorted_contents
from foreshape.semantics.python.positions import get, instance_index, sliced, with_item, with_slice, without
from foreshape.semantics.python.tools import (
    any_element,
    elements_or_unknown,
    known,
    lift,
    type_name,
)
from foreshape.semantics.registry import library_types, rule

library_types((
    ("builtins.list", ("builtins.object",)),
    ("builtins.tuple", ("builtins.object",)),
    ("builtins.range", ("builtins.object",)),
    ("builtins.slice", ("builtins.object",)),
    ("builtins.dict_keys", ("builtins.object",)),
    ("builtins.dict_values", ("builtins.object",)),
    ("builtins.dict_items", ("builtins.object",)),
    ("builtins.iterator", ("builtins.object",)),
    ("builtins.memoryview", ("builtins.object",)),
))  # fmt: skip

COMPARISONS: Final = {
    "==": operators.eq, "!=": operators.ne, "<": operators.lt, "<=": operators.le, ">": operators.gt,
    ">=": operators.ge,
}  # fmt: skip


def contents_of(self: Value) -> Contents:
    """The elements of a sequence value."""
    assert isinstance(self, Sequence)
    return self.contents


# -- items


@rule("builtins.list.__getitem__", "builtins.tuple.__getitem__")
def getitem(cx: Context, self: Value, index: Value) -> Value:
    """An element, or a new list of the elements that a slice selects. IndexError, TypeError."""
    assert isinstance(self, Sequence)
    if isinstance(index, SliceValue):
        return Sequence(self.kind, sliced(cx, self.contents, index))
    return get(cx, self.kind, self.contents, instance_index(cx, index), self)


@rule("builtins.range.__getitem__")
def range_getitem(cx: Context, self: Value, index: Value) -> Value:
    """An int, or the range that a slice selects."""
    real = known(self, index)
    if real is not None and isinstance(index, SliceValue):
        return lift(real[0][real[1]])
    contents = cx.iterate(self)
    if contents is None:
        return Typed("int")
    if isinstance(index, SliceValue):
        return Sequence("range", sliced(cx, contents, index))
    return get(cx, "range", contents, instance_index(cx, index), self)


@rule("builtins.dict_keys.__getitem__", "builtins.dict_values.__getitem__", "builtins.dict_items.__getitem__")
def view_getitem(cx: Context, self: Value, index: Value) -> Value:
    """Views of a dict have no positions: TypeError."""
    assert isinstance(self, Sequence)
    recover = any_element(cx, self.contents)
    raise type_error(f"'{self.kind}' object is not subscriptable", "[]", self, types=(self.kind,), recover=recover)


@rule("builtins.set.__getitem__", "builtins.frozenset.__getitem__", "builtins.iterator.__getitem__")
def not_subscriptable(cx: Context, self: Value, index: Value) -> Value:
    """Sets and iterators have no positions: TypeError."""
    shown = type_name(self) or "generator"
    recover = cx.unknown("it has no items")
    raise type_error(f"'{shown}' object is not subscriptable", "[]", self, types=(shown,), recover=recover)


@rule("builtins.list.__setitem__")
def setitem(cx: Context, self: Value, index: Value, value: Value) -> Value:
    """Replace an element or a slice."""
    assert isinstance(self, Sequence)
    if isinstance(index, SliceValue):
        new = elements_or_unknown(cx, value, "[:] =")
        cx.set(self, "contents", with_slice(cx, self.contents, index, new))
    else:
        changed = with_item(cx, self.kind, self.contents, instance_index(cx, index), value, self)
        cx.set(self, "contents", changed)
    return none()


@rule("builtins.tuple.__setitem__", "builtins.range.__setitem__", "builtins.set.__setitem__")
def no_assignment(cx: Context, self: Value, index: Value, value: Value) -> Value:
    """Tuples do not change: TypeError."""
    shown = type_name(self) or "tuple"
    raise type_error(f"'{shown}' object does not support item assignment", "[] =", self, types=(shown,), recover=none())


@rule("builtins.list.__delitem__")
def delitem(cx: Context, self: Value, index: Value) -> Value:
    """Remove an element or a slice."""
    assert isinstance(self, Sequence)
    if isinstance(index, SliceValue):
        cx.set(self, "contents", with_slice(cx, self.contents, index, Contents()))
    else:
        cx.set(self, "contents", without(cx, "list", self.contents, instance_index(cx, index), self))
    return none()


# -- methods


@rule("builtins.list.append")
def append(cx: Context, self: Value, object_: Value, /) -> Value:
    """One more element."""
    assert isinstance(self, Sequence)
    cx.set(self, "contents", self.contents.with_item(object_))
    return none()


@rule("builtins.list.extend")
def extend(cx: Context, self: Value, iterable: Value, /) -> Value:
    """The elements of an iterable at the end."""
    assert isinstance(self, Sequence)
    cx.set(self, "contents", self.contents.plus(elements_or_unknown(cx, iterable, "list.extend")))
    return none()


@rule("builtins.list.insert")
def insert(cx: Context, self: Value, index: Value, object_: Value, /) -> Value:
    """One more element before a position."""
    assert isinstance(self, Sequence)
    contents = self.contents
    position, items = as_int(index), contents.items()
    if position is not None and items is not None:
        changed = list(items)
        changed.insert(position, object_)
        made = Contents(changed)
    elif position == 0:
        made = Contents((object_, *contents.segments))
    else:
        made = Contents((Run(contents.length + 1, widen([any_element(cx, contents), object_])),))
    cx.set(self, "contents", made)
    return none()


@rule("builtins.list.pop")
def pop(cx: Context, self: Value, index: Value | None = None, /) -> Value:
    """Remove and return an element. IndexError where there is none."""
    assert isinstance(self, Sequence)
    contents = self.contents
    place = index if index is not None else const(-1)
    length = cx.resolve(contents.length)
    if not cx.at_least(length, 1):
        raise index_error("pop from empty list", "list", as_int(place) or 0, 0, self, recover=cx.unknown("it is empty"))
    position = as_dim(place)
    if isinstance(position, int) and not cx.at_least(length, position + 1 if position >= 0 else -position):
        raise index_error("pop index out of range", "list", position, length, self, recover=any_element(cx, contents))
    found = get(cx, "list", contents, place, self)
    cx.set(self, "contents", without(cx, "list", contents, place, self))
    return found


@rule("builtins.list.remove")
def remove(cx: Context, self: Value, value: Value, /) -> Value:
    """Remove the first element that equals. ValueError where none does."""
    assert isinstance(self, Sequence)
    position = _position(cx, self, value)
    if position == -1:
        raise value_error("list.remove(x): x not in list", "list.remove", self, recover=none())
    if position is None:
        cx.set(self, "contents", shuffled_less(cx, self.contents))
    else:
        cx.set(self, "contents", without(cx, "list", self.contents, const(position), self))
    return none()


def shuffled_less(cx: Context, contents: Contents) -> Contents:
    """One element fewer, it is not known which."""
    return Contents((Run(contents.length - 1, any_element(cx, contents)),))


def _position(cx: Context, self: Sequence, value: Value) -> int | None:
    """Where the first equal element is, -1 for nowhere, None for not known."""
    items = self.contents.items()
    if items is None:
        return None
    for position, item in enumerate(items):
        truth = cx.truth(cx.binary("==", item, value))
        if truth.is_yes:
            return position
        if truth.is_unknown:
            return None
    return -1


@rule("builtins.list.index", "builtins.tuple.index")
def index(cx: Context, self: Value, value: Value, start: Value | None = None, stop: Value | None = None, /) -> Value:
    """The position of the first equal element. ValueError where there is none."""
    assert isinstance(self, Sequence)
    position = _position(cx, self, value) if start is None else None
    if position is None:
        return int_value(cx.fresh(None, lo=0, hi=self.contents.length - 1))
    if position == -1:
        real = known(value)
        message = f"{real[0]!r} is not in list" if real is not None and self.kind == "list" else "x not in list"
        if self.kind == "tuple":
            message = "tuple.index(x): x not in tuple"
        raise value_error(message, f"{self.kind}.index", self, value, recover=Typed("int"))
    return const(position)


@rule("builtins.list.count", "builtins.tuple.count")
def count(cx: Context, self: Value, value: Value, /) -> Value:
    """How many elements equal."""
    assert isinstance(self, Sequence)
    items = self.contents.items()
    if items is None:
        return int_value(cx.fresh(None, lo=0, hi=self.contents.length))
    truths = [cx.truth(cx.binary("==", item, value)) for item in items]
    if any(truth.is_unknown for truth in truths):
        return int_value(cx.fresh(None, lo=0, hi=len(items)))
    return const(sum(truth.is_yes for truth in truths))


@rule("builtins.list.clear")
def clear(cx: Context, self: Value) -> Value:
    """No elements."""
    assert isinstance(self, Sequence)
    cx.set(self, "contents", Contents())
    return none()


@rule("builtins.list.copy")
def copy(cx: Context, self: Value) -> Value:
    """A new list of the same elements."""
    return Sequence("list", contents_of(self))


@rule("builtins.list.reverse")
def reverse(cx: Context, self: Value) -> Value:
    """In place; returns None."""
    assert isinstance(self, Sequence)
    cx.set(self, "contents", reversed_contents(cx, self.contents))
    return none()


@rule("builtins.list.sort")
def sort(cx: Context, self: Value, *, key: Value | None = None, reverse: Value | None = None) -> Value:
    """In place; returns None."""
    assert isinstance(self, Sequence)
    cx.set(self, "contents", sorted_contents(cx, self.contents, key, reverse, self))
    return none()


@rule("builtins.list.__iter__", "builtins.tuple.__iter__")
def iterate(cx: Context, self: Value) -> Value:
    """Its elements."""
    return IteratorValue(contents_of(self), "list_iterator")


@rule("builtins.list.__len__", "builtins.tuple.__len__", "builtins.range.__len__")
def length(cx: Context, self: Value) -> Value:
    """The number of elements."""
    found = cx.length(self)
    return Typed("int") if found is None else int_value(found)


# -- operators


@rule("builtins.list.__binary__", "builtins.tuple.__binary__")
def binary(cx: Context, self: Value, operator: Value, other: Value, reflected: Value) -> Value | None:
    """``+`` joins, ``*`` repeats, comparison goes element by element. Other types: TypeError."""
    assert isinstance(self, Sequence)
    assert isinstance(operator, Const)
    text, swapped = str(operator.value), isinstance(reflected, Const) and bool(reflected.value)
    if isinstance(other, (Array, Instance, Unknown)):
        return None
    if text in COMPARISONS:
        return compare(cx, text, self, other)
    if text in ("+", "+="):
        return concatenate(cx, self, other, swapped, text)
    if text in ("*", "*="):
        return repeat(cx, self, other)
    shown = (type_name(self), type_name(other))
    if None in shown:
        return None
    left, right = reversed(shown) if swapped else shown
    kind = f"{text}: '{left}' and '{right}'"
    if text == "%" and swapped:
        return None
    raise type_error(f"unsupported operand type(s) for {kind}", text, self, other, types=(left or "", right or ""))


def concatenate(cx: Context, self: Sequence, other: Value, swapped: bool, text: str) -> Value | None:
    """``self + other`` of the same kind."""
    if text == "+=" and self.kind == "list":
        cx.set(self, "contents", self.contents.plus(elements_or_unknown(cx, other, "+=")))
        return self
    if isinstance(other, Sequence) and other.kind == self.kind:
        parts = (other.contents, self.contents) if swapped else (self.contents, other.contents)
        return Sequence(self.kind, parts[0].plus(parts[1]))
    shown = type_name(other)
    if shown is None:
        return None
    message = f'can only concatenate {self.kind} (not "{shown}") to {self.kind}'
    if swapped:
        if isinstance(other, Sequence) and other.kind in ("list", "tuple"):
            return None
        message = f"unsupported operand type(s) for +: '{shown}' and '{self.kind}'"
        if scalar_kind(other) == "str":
            message = f'can only concatenate str (not "{self.kind}") to str'
    raise type_error(message, "+", self, other, types=(self.kind, shown), recover=Sequence(self.kind, self.contents))


def repeat(cx: Context, self: Sequence, other: Value) -> Value:
    """``self * n``."""
    times: DimLike | None = as_dim(other)
    contents = self.contents
    if times is None:
        shown = type_name(other)
        if scalar_kind(other) in ("float", "str", "complex") or isinstance(other, Sequence):
            message = f"can't multiply sequence by non-int of type '{shown}'"
            raise type_error(message, "*", self, other, types=(self.kind, shown or ""), recover=self)
        return Sequence(self.kind, Contents((Run(cx.fresh(lo=0), any_element(cx, contents)),)))
    times = cx.resolve(times)
    if isinstance(times, int):
        times = max(times, 0)
        if times * len(contents.segments) <= 4096:
            return Sequence(self.kind, Contents(contents.segments * times))
    size = contents.length
    if not contents.segments:
        return Sequence(self.kind, Contents())
    return Sequence(self.kind, Contents((Run(times * size, any_element(cx, contents)),)))


def compare(cx: Context, text: str, self: Sequence, other: Value) -> Value | None:
    """Comparison of sequences: exact where all is known; a certain difference of lengths decides equality."""
    real = known(self, other)
    if real is not None:
        try:
            return const(bool(COMPARISONS[text](*real)))
        except TypeError as error:
            raise type_error(str(error), text, self, other, recover=Typed("bool")) from None
    if not isinstance(other, Sequence):
        return None
    if text not in ("==", "!="):
        return _order(cx, text, self, other)
    if other.kind != self.kind:
        return const(text == "!=")
    return _equal_items(cx, text, self, other)


def _order(cx: Context, text: str, self: Sequence, other: Sequence) -> Value:
    """``<`` and the like: decided by the first elements that differ."""
    first, second = self.contents.items(64), other.contents.items(64)
    if first is None or second is None:
        return Typed("bool")
    for a, b in zip(first, second):
        if isinstance(a, (Array, Unknown)) or isinstance(b, (Array, Unknown)):
            return Typed("bool")
        if cx.truth(cx.binary("==", a, b)).is_yes:
            continue
        for sign in ("<", ">"):
            if cx.truth(cx.binary(sign, a, b)).is_yes:
                return const(text[0] == sign)
        return Typed("bool")
    return const(COMPARISONS[text](len(first), len(second)))


def _equal_items(cx: Context, text: str, self: Sequence, other: Sequence) -> Value:
    first, second = self.contents.items(), other.contents.items()
    if first is None or second is None:
        return Typed("bool")
    equal = len(first) == len(second)
    unknown = False
    for a, b in zip(first, second) if equal else ():
        if isinstance(a, Array) or isinstance(b, Array):
            return Typed("bool")
        truth = cx.truth(cx.binary("==", a, b))
        if truth.is_no:
            equal = False
            break
        unknown = unknown or truth.is_unknown
    if equal and unknown:
        return Typed("bool")
    return const(equal == (text == "=="))


@rule("builtins.dict_keys.__binary__", "builtins.dict_items.__binary__")
def view_binary(cx: Context, self: Value, operator: Value, other: Value, reflected: Value) -> Value | None:
    """Set operations of views."""
    assert isinstance(operator, Const)
    if operator.value not in ("&", "|", "-", "^"):
        return Typed("bool") if operator.value in COMPARISONS else None
    return cx.binary(str(operator.value), Sequence("set", contents_of(self)), cx.rule("builtins.set", other))


@rule("builtins.range.start", kind="attribute")
def range_start(cx: Context, self: Value) -> Value:
    """Where it begins."""
    return int_value(self.start) if isinstance(self, RangeValue) else Typed("int")


@rule("builtins.range.stop", kind="attribute")
def range_stop(cx: Context, self: Value) -> Value:
    """Where it ends."""
    return int_value(self.stop) if isinstance(self, RangeValue) else Typed("int")


@rule("builtins.range.step", kind="attribute")
def range_step(cx: Context, self: Value) -> Value:
    """By how much it goes up."""
    return const(self.step) if isinstance(self, RangeValue) else Typed("int")


@rule("builtins.range.index", "builtins.range.count")
def range_index(cx: Context, self: Value, value: Value, /) -> Value:
    """A position."""
    return Typed("int")


@rule("builtins.range.__contains__")
def range_contains(cx: Context, self: Value, item: Value) -> Value:
    """Whether an int is in it."""
    real = known(self, item)
    return const(real[1] in real[0]) if real is not None else Typed("bool")


@rule("builtins.slice.start", "builtins.slice.stop", "builtins.slice.step", kind="attribute")
def slice_part(cx: Context, self: Value) -> Value:
    """A part of a slice."""
    return Typed("int") if not isinstance(self, SliceValue) else cx.unknown("a part of a slice")


@rule("builtins.slice.indices")
def slice_indices(cx: Context, self: Value, length: Value, /) -> Value:
    """(start, stop, step)."""
    real = known(self, length)
    if real is not None:
        return lift(real[0].indices(real[1]))
    return Sequence("tuple", Contents((Typed("int"), Typed("int"), Typed("int"))))
