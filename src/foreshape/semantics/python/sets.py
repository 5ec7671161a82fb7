"""Sets and frozensets. Members that are known constants are kept once each; for others the size is bounded.

Source: https://docs.python.org/3/library/stdtypes.html#set-types-set-frozenset
"""

from __future__ import annotations

from typing import Any, Final

from foreshape.domain.contents import Contents, Run
from foreshape.domain.dim import DimLike, lower
from foreshape.domain.join import same
from foreshape.domain.values import (
    Const,
    DictValue,
    Instance,
    IteratorValue,
    Sequence,
    Typed,
    Unknown,
    Value,
    as_dim,
    const,
    none,
)
from foreshape.semantics.protocol import Context
from foreshape.semantics.python.errors import key_error, type_error
from foreshape.semantics.python.lists import COMPARISONS
from foreshape.semantics.python.tools import (
    NotKnown,
    any_element,
    elements_or_unknown,
    known,
    lift,
    not_iterable,
    set_order,
    to_python,
    type_name,
)
from foreshape.semantics.registry import library_types, rule

library_types((("builtins.set", ("builtins.object",)), ("builtins.frozenset", ("builtins.object",))))

OPERATIONS: Final = {"|": "union", "&": "intersection", "-": "difference", "^": "symmetric_difference"}


def distinct(cx: Context, contents: Contents) -> Contents:
    """The members of a set made of these elements."""
    items = contents.members(4096)
    if items is None:
        return _distinct_runs(cx, contents)
    kept: list[Value] = []
    seen: set[Any] = set()
    loose: list[Value] = []
    for item in items:
        refuse_unhashable(item)
        try:
            real = to_python(item)
            if real not in seen:
                seen.add(real)
                kept.append(item)
        except (NotKnown, TypeError):
            if not any(same(item, other) for other in loose):
                loose.append(item)
    if not loose:
        return Contents(kept)
    if not kept and (len(loose) == 1 or all(isinstance(item, Instance) for item in loose)):
        return Contents(loose)
    members = kept + loose
    least = max(len(kept), 1)
    return Contents((Run(cx.fresh(None, lo=least, hi=len(members)), any_element(cx, Contents(members))),))


def refuse_unhashable(item: Value) -> None:
    """Lists, dicts and sets cannot be members: TypeError."""
    if isinstance(item, DictValue) or (isinstance(item, Sequence) and item.kind in ("list", "set")):
        shown = type_name(item) or ""
        raise type_error(f"unhashable type: '{shown}'", "set", item, types=(shown,), recover=Unknown("not hashable"))


def _distinct_runs(cx: Context, contents: Contents) -> Contents:
    element = any_element(cx, contents)
    refuse_unhashable(element)
    only = contents.segments[0] if len(contents.segments) == 1 else None
    if isinstance(only, Run) and only.index is not None and _differ(only):
        return contents
    low = lower(contents.length, cx.facts)
    least = 1 if low is not None and low >= 1 else 0
    return Contents((Run(cx.fresh(None, lo=least, hi=contents.length), element),))


def _differ(run: Run) -> bool:
    from foreshape.domain.polynomial import Dim, split_linear, variables

    dim = as_dim(run.element)
    if run.index is None or not isinstance(dim, Dim):
        return False
    parts = split_linear(dim, run.index)
    return parts is not None and isinstance(parts[0], int) and parts[0] != 0 and run.index not in variables(parts[1])


def make(cx: Context, kind: str, iterable: Value | None) -> Value:
    """``set(iterable)``."""
    if iterable is None:
        return Sequence(kind, Contents())
    not_iterable(cx, iterable)
    raw = iterable.contents if isinstance(iterable, Sequence) else elements_or_unknown(cx, iterable, kind)
    return Sequence(kind, distinct(cx, raw))


@rule("builtins.set")
def set_(cx: Context, iterable: Value | None = None, /) -> Value:
    """The different elements of an iterable."""
    return make(cx, "set", iterable)


@rule("builtins.frozenset")
def frozenset_(cx: Context, iterable: Value | None = None, /) -> Value:
    """The different elements of an iterable."""
    return make(cx, "frozenset", iterable)


@rule("builtins.set.add")
def add(cx: Context, self: Value, element: Value, /) -> Value:
    """One more member, if it is not there."""
    assert isinstance(self, Sequence)
    refuse_unhashable(element)
    cx.set(self, "contents", distinct(cx, self.contents.with_item(element)))
    return none()


@rule("builtins.set.update")
def update(cx: Context, self: Value, *others: Value) -> Value:
    """More members."""
    assert isinstance(self, Sequence)
    contents = self.contents
    for other in others:
        contents = contents.plus(elements_or_unknown(cx, other, "set.update"))
    cx.set(self, "contents", distinct(cx, contents))
    return none()


@rule("builtins.set.discard")
def discard(cx: Context, self: Value, element: Value, /) -> Value:
    """One member less, if it is there."""
    assert isinstance(self, Sequence)
    _take(cx, self, element)
    return none()


@rule("builtins.set.remove")
def remove(cx: Context, self: Value, element: Value, /) -> Value:
    """One member less. KeyError where it is not there."""
    assert isinstance(self, Sequence)
    if _take(cx, self, element) is False:
        real = known(element)
        raise key_error(real[0] if real else "", (), self, element, recover=none())
    return none()


def _take(cx: Context, self: Sequence, element: Value) -> bool | None:
    real = known(self, element)
    if real is not None:
        if real[1] not in real[0]:
            return False
        items = self.contents.items() or ()
        cx.set(self, "contents", Contents(item for item in items if to_python(item) != real[1]))
        return True
    length = self.contents.length
    low: DimLike = length - 1
    bottom = lower(low, cx.facts)
    least = bottom if bottom is not None and bottom > 0 else 0
    cx.set(self, "contents", Contents((Run(cx.fresh(None, lo=least, hi=length), any_element(cx, self.contents)),)))
    return None


@rule("builtins.set.pop")
def pop(cx: Context, self: Value) -> Value:
    """Remove and return some member. KeyError of an empty set."""
    assert isinstance(self, Sequence)
    length = cx.resolve(self.contents.length)
    if not cx.at_least(length, 1):
        recover = cx.unknown("the set is empty")
        raise key_error("pop from an empty set", (), self, recover=recover)
    ordered = set_order(cx, self.contents)
    items = ordered.items()
    if items is not None:
        cx.set(self, "contents", Contents(items[1:]))
        return items[0]
    cx.set(self, "contents", Contents((Run(length - 1, any_element(cx, self.contents)),)))
    return any_element(cx, ordered)


@rule("builtins.set.clear")
def clear(cx: Context, self: Value) -> Value:
    """No members."""
    assert isinstance(self, Sequence)
    cx.set(self, "contents", Contents())
    return none()


@rule("builtins.set.copy", "builtins.frozenset.copy")
def copy(cx: Context, self: Value) -> Value:
    """A new set of the same members."""
    assert isinstance(self, Sequence)
    return Sequence(self.kind, self.contents)


def combine(cx: Context, name: str, self: Sequence, others: tuple[Value, ...]) -> Value:
    """Union, intersection, difference, symmetric difference."""
    result = self.contents
    for other in others:
        raw = other.contents if isinstance(other, Sequence) else elements_or_unknown(cx, other, name)
        first, second = known(Sequence("set", result)), known(Sequence("list", raw))
        if first is not None and second is not None:
            try:
                chosen = getattr(first[0], name)(second[0])
            except TypeError as error:
                raise type_error(str(error), name, self, other, recover=self) from None
            everything = (*(result.items() or ()), *(raw.items() or ()))
            result = distinct(cx, Contents(item for item in everything if to_python(item) in chosen))
        elif name == "union":
            result = distinct(cx, result.plus(raw))
        else:
            both = result.plus(raw) if name == "symmetric_difference" else result
            result = Contents((Run(cx.fresh(None, lo=0, hi=both.length), any_element(cx, both)),))
    return Sequence(self.kind, result)


@rule("builtins.set.union", "builtins.frozenset.union")
def union(cx: Context, self: Value, *others: Value) -> Value:
    """Members of any."""
    assert isinstance(self, Sequence)
    return combine(cx, "union", self, others)


@rule("builtins.set.intersection", "builtins.frozenset.intersection")
def intersection(cx: Context, self: Value, *others: Value) -> Value:
    """Members of all."""
    assert isinstance(self, Sequence)
    return combine(cx, "intersection", self, others)


@rule("builtins.set.difference", "builtins.frozenset.difference")
def difference(cx: Context, self: Value, *others: Value) -> Value:
    """Members of the first that are in no other."""
    assert isinstance(self, Sequence)
    return combine(cx, "difference", self, others)


@rule("builtins.set.symmetric_difference", "builtins.frozenset.symmetric_difference")
def symmetric_difference(cx: Context, self: Value, other: Value, /) -> Value:
    """Members of one of the two."""
    assert isinstance(self, Sequence)
    return combine(cx, "symmetric_difference", self, (other,))


@rule("builtins.set.difference_update")
def difference_update(cx: Context, self: Value, *others: Value) -> Value:
    """In place."""
    return _in_place(cx, "difference", self, others)


@rule("builtins.set.intersection_update")
def intersection_update(cx: Context, self: Value, *others: Value) -> Value:
    """In place."""
    return _in_place(cx, "intersection", self, others)


@rule("builtins.set.symmetric_difference_update")
def symmetric_difference_update(cx: Context, self: Value, other: Value, /) -> Value:
    """In place."""
    return _in_place(cx, "symmetric_difference", self, (other,))


def _in_place(cx: Context, name: str, self: Value, others: tuple[Value, ...]) -> Value:
    assert isinstance(self, Sequence)
    made = combine(cx, name, self, others)
    assert isinstance(made, Sequence)
    cx.set(self, "contents", made.contents)
    return none()


def _relation(name: str) -> None:
    @rule(f"builtins.set.{name}", f"builtins.frozenset.{name}")
    def relation(cx: Context, self: Value, other: Value, /) -> Value:
        real = known(self, other)
        return Typed("bool") if real is None else const(getattr(set(real[0]), name)(real[1]))


for _name in ("issubset", "issuperset", "isdisjoint"):
    _relation(_name)


@rule("builtins.set.__contains__", "builtins.frozenset.__contains__")
def contains(cx: Context, self: Value, item: Value) -> Value:
    """Whether it is a member."""
    real = known(self, item)
    if real is None:
        return Typed("bool")
    try:
        return const(real[1] in real[0])
    except TypeError as error:
        raise type_error(str(error), "in", item, recover=Typed("bool")) from None


@rule("builtins.set.__iter__", "builtins.frozenset.__iter__")
def iterate(cx: Context, self: Value) -> Value:
    """Its members, in an order that is known only for ints."""
    assert isinstance(self, Sequence)
    return IteratorValue(set_order(cx, self.contents), "set_iterator")


@rule("builtins.set.__binary__", "builtins.frozenset.__binary__")
def binary(cx: Context, self: Value, operator: Value, other: Value, reflected: Value) -> Value | None:
    """``|``, ``&``, ``-``, ``^``, comparison. Other types: TypeError."""
    assert isinstance(self, Sequence)
    assert isinstance(operator, Const)
    text = str(operator.value)
    swapped = isinstance(reflected, Const) and bool(reflected.value)
    in_place = text.endswith("=") and text[:-1] in OPERATIONS
    name = OPERATIONS.get(text[:-1] if in_place else text)
    is_set = isinstance(other, Sequence) and other.kind in ("set", "frozenset", "dict_keys", "dict_items")
    if name is not None and is_set and isinstance(other, Sequence):
        first, second = (Sequence("set", other.contents), self) if swapped else (self, other)
        made = combine(cx, name, first, (second,))
        if in_place and isinstance(made, Sequence) and self.kind == "set":
            cx.set(self, "contents", made.contents)
            return self
        return made
    if text in COMPARISONS:
        real = known(self, other)
        if real is not None and (is_set or text in ("==", "!=")):
            return lift(COMPARISONS[text](*real))
        return Typed("bool")
    shown = (type_name(self), type_name(other))
    if shown[1] is None or isinstance(other, Instance):
        return None
    left, right = reversed(shown) if swapped else shown
    message = f"unsupported operand type(s) for {text}: '{left}' and '{right}'"
    raise type_error(message, text, self, other, types=(left or "", right or ""))
