"""Nested structures of values, flattened in the order of places and of sorted keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from foreshape.domain.contents import Contents
from foreshape.domain.values import Const, DictValue, Sequence, Value


def is_nested(value: Value | None) -> bool:
    """Whether it is a list, tuple or dict whose elements are known one by one."""
    if isinstance(value, Sequence):
        return value.kind in ("list", "tuple") and value.contents.items(limit=2000) is not None
    return isinstance(value, DictValue) and value.rest is None


def children(value: Value) -> tuple[Value, ...]:
    """The elements of a nested value, one level deep."""
    if isinstance(value, Sequence):
        return value.contents.items(limit=2000) or ()
    if isinstance(value, DictValue):
        return tuple(value.entries[key] for key in sorted(value.entries, key=str))
    return ()


def flatten(value: Value | None) -> list[Value]:
    """The leaves. None is a leaf; so is a sequence whose elements are not known one by one."""
    if value is None:
        return []
    if not is_nested(value):
        return [value]
    found: list[Value] = []
    for child in children(value):
        found.extend(flatten(child))
    return found


def mapped(function: Callable[[Value], Value], value: Value) -> Value:
    """The same structure with every leaf replaced. The very same object where nothing changes."""
    if not is_nested(value):
        return function(value)
    if isinstance(value, DictValue):
        old = value.entries
        made = {key: mapped(function, old[key]) for key in sorted(old, key=str)}
        if all(made[key] is old[key] for key in old):
            return value
        result: Value = DictValue({key: made[key] for key in old}, kind=value.kind)
    else:
        items = children(value)
        new = tuple(mapped(function, item) for item in items)
        if all(a is b for a, b in zip(new, items)):
            return value
        assert isinstance(value, Sequence)
        result = Sequence(value.kind, Contents(new))
    result.origin = value.origin
    result.tainted = value.tainted
    return result


def packed(like: Value, leaves: Iterator[Value]) -> Value:
    """The structure of ``like`` with its leaves taken from ``leaves`` in order."""
    return mapped(lambda _: next(leaves), like)


def paths(value: Value, before: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Where each leaf is: indices and keys as text."""
    if not is_nested(value):
        return [before]
    found: list[tuple[str, ...]] = []
    if isinstance(value, DictValue):
        for key in sorted(value.entries, key=str):
            found.extend(paths(value.entries[key], (*before, str(key))))
    else:
        for number, child in enumerate(children(value)):
            found.extend(paths(child, (*before, str(number))))
    return found


def as_tuple(values: tuple[Value, ...] | list[Value], kind: str = "tuple") -> Sequence:
    """A Python tuple (or list) of these values."""
    return Sequence(kind, Contents(values))


def is_shape(value: Value) -> bool:
    """Whether a nested value is itself one shape: a tuple of ints and Nones."""
    if not isinstance(value, Sequence):
        return False
    items = value.contents.items()
    if items is None:
        return True
    return not any(isinstance(item, (Sequence, DictValue)) for item in items) and not any(
        isinstance(item, Const) and isinstance(item.value, str) for item in items
    )
